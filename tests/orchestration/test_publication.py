"""Publishing: whole or not at all, and readers keep what they had."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration import publication
from orchestration.publication import PublicationError, publish, published_id


def build(folder: Path, *values: int) -> Path:
    path = folder / f"build-{len(values)}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.fct_posts (value integer not null)")
        connection.execute("comment on table marts.fct_posts is 'It''s one row a post.'")
        connection.execute("comment on column marts.fct_posts.value is 'What it says.'")
        for value in values:
            connection.execute("insert into marts.fct_posts values (?)", [value])
        connection.execute("create table marts.unlisted as select 1 as one")
    return path


def test_a_publication_holds_the_named_tables_with_their_descriptions(tmp_path: Path) -> None:
    target = tmp_path / "published" / "warehouse.duckdb"
    published = publish(build(tmp_path, 1, 2), ["fct_posts"], target, "first")
    assert published.rows == {"fct_posts": 2}
    assert published_id(target) == "first"
    assert [path.name for path in target.parent.iterdir()] == ["warehouse.duckdb"]
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("select value from fct_posts order by 1").fetchall() == [
            (1,),
            (2,),
        ]
        tables = dict(
            connection.execute("select table_name, comment from duckdb_tables()").fetchall()
        )
        assert set(tables) == {"fct_posts", "publication"}
        assert tables["fct_posts"] == "It's one row a post."
        columns = dict(
            connection.execute(
                "select column_name, comment from duckdb_columns() where not internal"
            ).fetchall()
        )
        assert set(columns) == {"value", "publication_id", "published_at"}
        assert columns["value"] == "What it says."
        assert all(columns.values())


def test_a_reader_keeps_the_file_it_has_open(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(build(tmp_path, 1), ["fct_posts"], target, "first")
    with duckdb.connect(str(target), read_only=True) as reader:
        publish(build(tmp_path, 1, 2, 3), ["fct_posts"], target, "second")
        assert reader.execute("select count(*) from fct_posts").fetchall() == [(1,)]
    assert published_id(target) == "second"
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("select count(*) from fct_posts").fetchall() == [(3,)]


@pytest.mark.parametrize("fault", ["a table that is not there", "rows that are lost"])
def test_a_failure_leaves_the_last_good_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(build(tmp_path, 1), ["fct_posts"], target, "first")
    before = target.read_bytes()
    tables = ["fct_posts"]
    if fault == "a table that is not there":
        tables.append("fct_absent")
    else:
        copied = publication._copy

        def lossy(connection: duckdb.DuckDBPyConnection, table: str) -> None:
            copied(connection, table)
            connection.execute("delete from fct_posts where value = 2")

        monkeypatch.setattr(publication, "_copy", lossy)
    with pytest.raises((PublicationError, duckdb.CatalogException)):
        publish(build(tmp_path, 1, 2), tables, target, "second")
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*warehouse*")) == ["warehouse.duckdb"]


def test_nothing_is_published_before_the_first_publication(tmp_path: Path) -> None:
    assert published_id(tmp_path / "warehouse.duckdb") is None
