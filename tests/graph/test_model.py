"""Declarations, the SQL and the Cypher derived from them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from published import table_columns, write_published
from published_sample import sample_rows

from graph import querybuilder
from graph.model import ELEMENTS, RELATIONSHIPS
from graph.nodes import ACCOUNT, NODES, POST, TOPIC
from graph.schema import Kind, Node, Property, Relationship
from graph.warehouse import HASH, WarehouseError, open_warehouse


def test_names_are_unique() -> None:
    labels = [node.label for node in NODES]
    types = [relationship.type for relationship in RELATIONSHIPS]
    assert len(set(labels)) == len(labels)
    assert len(set(types)) == len(types)


def test_ties_between_accounts_carry_a_weight() -> None:
    ties = [item for item in RELATIONSHIPS if item.start is ACCOUNT and item.end is ACCOUNT]
    assert {tie.type for tie in ties} == {
        "REPLIED_TO",
        "MENTIONED",
        "AMPLIFIED",
        "HELPED",
        "INFLUENCES",
    }
    for tie in ties:
        names = {item.name for item in tie.properties}
        assert {"weight", "interactions_count", "first_at", "last_at"} <= names


def test_no_contact_data_is_declared() -> None:
    names = {item.name for element in ELEMENTS for item in element.properties}
    assert not {name for name in names if any(word in name for word in ("mail", "phone", "street"))}


def test_property_declared_twice_is_refused() -> None:
    name = Property("name", Kind.TEXT, "Name.")
    with pytest.raises(ValueError, match="Thing: properties declared twice: name"):
        Node("Thing", "A thing.", "things", name, (name,))


def test_node_statement() -> None:
    node = Node(
        "Thing",
        "A thing.",
        "things",
        Property("thing_key", Kind.TEXT, "Key."),
        (Property("size", Kind.INTEGER, "Size."), Property("made_at", Kind.INSTANT, "When.")),
    )
    assert querybuilder.write(node) == (
        "UNWIND $rows AS row\n"
        "MERGE (x:Thing {thing_key: row.thing_key})\n"
        "SET x += row {.size, made_at: datetime(row.made_at), .content_hash, run_id: $run_id}\n"
        "RETURN count(x) AS affected"
    )


def test_relationship_statement() -> None:
    relationship = Relationship("NEAR", "Near.", "nears", POST, "a", TOPIC, "b")
    assert querybuilder.write(relationship) == (
        "UNWIND $rows AS row\n"
        "MATCH (s:Post {post_key: row.start_key})\n"
        "MATCH (e:Topic {topic_key: row.end_key})\n"
        "MERGE (s)-[x:NEAR]->(e)\n"
        "SET x += row {.content_hash, run_id: $run_id}\n"
        "RETURN count(x) AS affected"
    )


def test_missing_tables_and_columns_are_listed_together(tmp_path: Path) -> None:
    path = write_published(tmp_path / "warehouse.duckdb", {})
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table dim_topics")
        connection.execute("alter table fct_posts drop column is_question")
        connection.execute("alter table edge_accounts__helped drop column to_account_key")
    with open_warehouse(path) as warehouse, pytest.raises(WarehouseError) as raised:
        warehouse.check(ELEMENTS)
    assert str(raised.value).endswith(
        ": no table dim_topics; no column fct_posts.is_question; "
        "no column edge_accounts__helped.to_account_key"
    )


def test_file_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("something else")
    with (
        pytest.raises(WarehouseError, match="not readable as a DuckDB file"),
        open_warehouse(path),
    ):
        pass


def test_naive_times_are_read_as_utc(tmp_path: Path) -> None:
    rows = {"fct_posts": [{"post_key": "p", "created_at": datetime(2026, 7, 1, 12, tzinfo=UTC)}]}
    path = write_published(tmp_path / "warehouse.duckdb", rows)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("alter table fct_posts alter created_at type timestamp")
    assert _all_rows(path, POST)[0]["created_at"] == "2026-07-01T12:00:00.000000Z"


def test_batches_are_bounded(tmp_path: Path) -> None:
    path = write_published(tmp_path / "warehouse.duckdb", sample_rows())
    with open_warehouse(path) as warehouse:
        warehouse.hold_state(POST, iter([]))
        sizes = [len(batch) for batch in warehouse.lacking(POST, 5)]
    assert sum(sizes) == 19
    assert max(sizes) == 5


VALUES: dict[Kind, some.SearchStrategy[Any]] = {
    Kind.TEXT: some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    Kind.INTEGER: some.integers(-(2**63), 2**63 - 1),
    Kind.NUMBER: some.floats(allow_nan=False, allow_infinity=False),
    Kind.BOOLEAN: some.booleans(),
    Kind.TEXTS: some.lists(some.sampled_from(["question", "NULL", "a, b", ""])),
}
CONTENT = some.fixed_dictionaries(
    {
        item.source_column: some.none() | VALUES[item.kind]
        for item in POST.properties
        if item.name in ("text", "language", "intents", "is_question", "sentiment_score", "item")
    }
)


@settings(max_examples=15, deadline=None)
@given(one=CONTENT, other=CONTENT)
def test_content_hash_tells_contents_apart(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("hash") / "warehouse.duckdb"
    keyed = [{"post_key": "p"} | content for content in (one, other)]
    hashes = []
    for row in keyed:
        write_published(path, {"fct_posts": [row]})
        hashes.append(_all_rows(path, POST)[0][HASH])
    assert (hashes[0] == hashes[1]) == (one == other)
    assert all(0 <= value < 2**63 for value in hashes)


def test_null_and_the_word_null_differ(tmp_path: Path) -> None:
    hashes = set()
    for number, text in enumerate((None, "NULL", "", "'NULL'")):
        path = tmp_path / f"{number}.duckdb"
        write_published(path, {"fct_posts": [{"post_key": "p", "text": text}]})
        hashes.add(_all_rows(path, POST)[0][HASH])
    assert len(hashes) == 4


def test_sample_tables_are_those_of_the_model() -> None:
    assert {element.table for element in ELEMENTS} == set(table_columns())


def _all_rows(path: Path, node: Node) -> list[dict[str, Any]]:
    with open_warehouse(path) as warehouse:
        warehouse.hold_state(node, iter([]))
        return [row for batch in warehouse.lacking(node, 100) for row in batch]
