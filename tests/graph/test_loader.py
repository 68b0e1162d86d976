"""Loading: again, changed, removed, interrupted; and what the parity gate sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver
from published import write_published
from published_sample import Rows, post, sample_rows, tie

from graph import loader
from graph.connection import GraphConnection, GraphUnavailableError
from graph.loader import LoadError, LoadReport, load
from graph.local_server import RunningServer
from graph.model import ELEMENTS
from graph.nodes import NODES
from graph.parity import ParityError
from graph.query_library import read_library, run_query
from graph.warehouse import WarehouseError

EVERYTHING = "MATCH (n) WHERE NOT n:Load OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m"
Publish = Callable[..., LoadReport]


@pytest.fixture
def publish(
    neo4j_server: RunningServer,
    neo4j_driver: Driver,  # noqa: ARG001 - empties the database
    tmp_path: Path,
) -> Publish:
    """Writes rows as a publication and loads it."""

    def publish_and_load(rows: Rows, run_id: str, publication_id: str | None = None) -> LoadReport:
        published = write_published(tmp_path / "warehouse.duckdb", rows)
        return load(
            published,
            neo4j_server.connection,
            run_id=run_id,
            publication_id=publication_id or run_id,
        )

    return publish_and_load


def written(report: LoadReport) -> dict[str, int]:
    return {entry.element: entry.written_count for entry in report.elements if entry.written_count}


def removed(report: LoadReport) -> dict[str, int]:
    return {entry.element: entry.removed_count for entry in report.elements if entry.removed_count}


def one(driver: Driver, query: str, **parameters: Any) -> Any:
    return driver.execute_query(query, parameters).records[0][0]


def last_state(driver: Driver) -> str:
    return one(driver, "MATCH (l:Load) RETURN l.state ORDER BY l.started_at DESC LIMIT 1")


def test_everything_is_loaded_and_equal(publish: Publish, neo4j_driver: Driver) -> None:
    report = publish(sample_rows(), "r1")
    report.parity.require_equal()
    rows = sample_rows()
    assert report.parity.counts == written(report) | {
        element.name: 0 for element in ELEMENTS if element.name not in written(report)
    }
    for node in NODES:
        assert report.parity.counts[node.name] == len(rows[node.table])
    assert report.parity.counts["(:Account)-[:INFLUENCES]->(:Account)"] == 3
    assert last_state(neo4j_driver) == "complete"
    assert one(neo4j_driver, "MATCH ()-[r:HELPED]->() RETURN sum(r.weight)") == 3.0
    assert (
        one(neo4j_driver, "MATCH (p:Post {post_id: 'q1'}) RETURN p.created_at").to_native()
        == (rows["fct_posts"][0]["created_at"])
    )
    assert one(neo4j_driver, "MATCH (p:Post {post_id: 'q1'}) RETURN p.intents") == ["question"]


def test_rows_without_a_relationship_are_counted_by_reason(publish: Publish) -> None:
    left_out = {entry.element: entry.left_out for entry in publish(sample_rows(), "r1").elements}
    assert {name: reasons for name, reasons in left_out.items() if reasons} == {
        "(:Account)-[:WROTE]->(:Post)": {"the source does not say who wrote the post": 1},
        "(:Post)-[:REPLY_TO]->(:Post)": {"the other post was never delivered": 1},
    }


def test_same_publication_again_changes_nothing(publish: Publish, neo4j_driver: Driver) -> None:
    publish(sample_rows(), "r1", "p1")
    before = sorted(map(str, neo4j_driver.execute_query(EVERYTHING).records))
    report = publish(sample_rows(), "r2", "p1")
    assert report.is_unchanged
    assert report.parity.is_equal
    assert sorted(map(str, neo4j_driver.execute_query(EVERYTHING).records)) == before
    assert one(neo4j_driver, "MATCH (l:Load) RETURN count(l)") == 1


def test_next_publication_writes_only_what_changed(publish: Publish, neo4j_driver: Driver) -> None:
    publish(sample_rows(), "r1")
    rows = sample_rows()
    rows["fct_posts"][0] |= {"text": "edited", "versions_count": 2}
    rows["fct_posts"].append(post("new", "ana", rows["fct_posts"][0]["created_at"]))
    rows["edge_accounts__helped"][0]["weight"] = 5.0
    rows["dim_accounts"][0]["display_name"] = None
    report = publish(rows, "r2")
    assert written(report) == {
        "Account": 1,
        "Post": 2,
        "(:Account)-[:WROTE]->(:Post)": 1,
        "(:Account)-[:HELPED]->(:Account)": 1,
    }
    assert removed(report) == {}
    assert report.parity.is_equal
    assert one(neo4j_driver, "MATCH (p:Post {post_id: 'q1'}) RETURN p.text") == "edited"
    assert one(neo4j_driver, "MATCH (a:Account {handle: 'ana'}) RETURN a.display_name") is None
    runs = "MATCH (p:Post) RETURN p.run_id AS run, count(p) AS count ORDER BY run"
    assert [tuple(record) for record in neo4j_driver.execute_query(runs).records] == [
        ("r1", 18),
        ("r2", 2),
    ]


def test_what_has_gone_is_removed(publish: Publish, neo4j_driver: Driver) -> None:
    publish(sample_rows(), "r1")
    rows = sample_rows()
    rows["fct_posts"] = [row for row in rows["fct_posts"] if row["post_id"] != "c3"]
    rows["edge_accounts__mentioned"] = []
    rows["fct_posts"][4]["in_reply_to_post_key"] = "p-r2"
    report = publish(rows, "r2")
    assert removed(report) == {
        "(:Account)-[:MENTIONED]->(:Account)": 1,
        "(:Account)-[:WROTE]->(:Post)": 1,
        "(:Post)-[:REPOST_OF]->(:Post)": 1,
        "(:Post)-[:REPLY_TO]->(:Post)": 1,
        "Post": 1,
    }
    assert report.parity.is_equal
    answered = "MATCH (:Post {post_id: 'r3'})-[:REPLY_TO]->(p) RETURN p.post_id"
    assert one(neo4j_driver, answered) == "r2"


def test_nodes_of_others_stay(publish: Publish, neo4j_driver: Driver) -> None:
    neo4j_driver.execute_query("CREATE (:Post {note: 'mine'})-[:ABOUT]->(:Note)")
    assert publish(sample_rows(), "r1").parity.is_equal
    assert publish(sample_rows() | {"bridge_post_topics": []}, "r2").parity.is_equal
    assert one(neo4j_driver, "MATCH (:Post {note: 'mine'})-[:ABOUT]->(:Note) RETURN count(*)") == 1


def test_interrupted_load_removes_nothing_and_the_next_completes(
    publish: Publish, neo4j_driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sample_rows(), "r1")
    rows = sample_rows()
    rows["edge_accounts__mentioned"] = []
    rows["fct_posts"] = [row for row in rows["fct_posts"] if row["post_id"] != "u1"]
    rows["dim_topics"][0]["label"] = "deliveries"
    rows["edge_accounts__influences"][0]["weight"] = 9.0
    faulty = [{"from_account_key": "a-ana", "to_account_key": "a-ben", "weight": 1.0}]
    with monkeypatch.context() as patched:
        # The server refuses the statement of one type: everything before it has been written.
        patched.setattr(loader.querybuilder, "write", _refused_at("HELPED"))
        with pytest.raises(LoadError, match=r"r2 stopped at writing .*HELPED.*run the load again"):
            publish(rows | {"edge_accounts__helped": faulty}, "r2")
    assert last_state(neo4j_driver) == "running"
    assert one(neo4j_driver, "MATCH (t:Topic {topic_id: 'hashtag:delivery'}) RETURN t.label") == (
        "deliveries"
    )
    assert one(neo4j_driver, "MATCH (p:Post {post_id: 'u1'}) RETURN count(p)") == 1
    assert one(neo4j_driver, "MATCH ()-[r:MENTIONED]->() RETURN count(r)") == 1

    report = publish(rows, "r3")
    assert report.parity.is_equal
    assert "Topic" not in written(report)
    assert removed(report) == {"(:Account)-[:MENTIONED]->(:Account)": 1, "Post": 1}
    assert last_state(neo4j_driver) == "complete"


def _refused_at(relationship_type: str) -> Callable[[Any], str]:
    original = loader.querybuilder.write

    def write(element: Any) -> str:
        statement = original(element)
        if element.name.find(f":{relationship_type}]") > 0:
            return statement.replace("RETURN", "WITH x, 1 / 0 AS fault RETURN")
        return statement

    return write


def test_unfinished_load_is_not_taken_for_a_complete_one(
    publish: Publish, neo4j_driver: Driver
) -> None:
    publish(sample_rows(), "r1", "p1")
    neo4j_driver.execute_query("MATCH (l:Load) SET l.state = 'running'")
    assert not publish(sample_rows(), "r2", "p1").is_unchanged
    assert last_state(neo4j_driver) == "complete"
    history = run_query(read_library()["load_history"], neo4j_driver, "neo4j").records()
    assert [(load["run_id"], load["state"]) for load in history] == [
        ("r2", "complete"),
        ("r1", "interrupted"),
    ]


@pytest.mark.parametrize(
    ("tampering", "differences"),
    [
        (
            "MATCH ()-[r:MENTIONED]->() DELETE r",
            ["(:Account)-[:MENTIONED]->(:Account) count: 1 in the warehouse, 0 in the graph"],
        ),
        (
            "MATCH ({handle: 'ben'})-[r:HELPED]->({handle: 'cleo'}) SET r.weight = 9.5",
            ["(:Account)-[:HELPED]->(:Account) weight: 3 in the warehouse, 10.5 in the graph"],
        ),
        (
            "MATCH (p:Post {post_id: 'd1'}) SET p.text = 'what was deleted'",
            ["Post text: 18 in the warehouse, 19 in the graph"],
        ),
        (
            "MATCH (a)-[r:HELPED]->(b) CREATE (a)-[s:HELPED]->(b) SET s = properties(r)",
            ["(:Account)-[:HELPED]->(:Account) count: 2 in the warehouse, 4 in the graph"],
        ),
    ],
)
def test_parity_names_differences_and_the_load_mends_them(
    publish: Publish, neo4j_driver: Driver, tampering: str, differences: list[str]
) -> None:
    publish(sample_rows(), "r1", "p1")
    neo4j_driver.execute_query(tampering)
    with pytest.MonkeyPatch.context() as patched:
        # Without what a load would do: only the comparison.
        patched.setattr(loader._Loading, "run", _only_compared)
        report = publish(sample_rows(), "r2", "p1")
    found = [str(difference) for difference in report.parity.differences]
    assert found[: len(differences)] == differences
    with pytest.raises(ParityError, match=r"differ in \d+ figures") as raised:
        report.parity.require_equal()
    assert differences[0] in str(raised.value)

    mended = publish(sample_rows(), "r3", "p1")
    assert not mended.is_unchanged
    assert mended.parity.is_equal


def _only_compared(self: Any, _: str, *, is_rewrite: bool) -> Any:
    assert is_rewrite
    return (), loader.parity.compare(self._warehouse, self._driver, self._database)


def test_load_that_ends_different_makes_the_next_write_everything(
    publish: Publish, neo4j_driver: Driver
) -> None:
    publish(sample_rows(), "r1")
    neo4j_driver.execute_query("MATCH ({handle: 'ben'})-[r:INFLUENCES]->() SET r.weight = 9.5")
    report = publish(sample_rows(), "r2")
    assert [difference.figure for difference in report.parity.differences] == ["weight"]
    assert last_state(neo4j_driver) == "different"
    assert publish(sample_rows(), "r3").parity.is_equal
    assert last_state(neo4j_driver) == "complete"


def test_many_batches_amount_to_the_same(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "BATCH_SIZE", 3)
    monkeypatch.setattr(loader, "STATE_PASS_SIZE", 5)
    assert publish(sample_rows(), "r1").parity.is_equal
    assert removed(publish({}, "r2"))["Post"] == 19


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            lambda rows: rows["edge_accounts__helped"].append(
                tie("ben", "nobody", 1.0, rows["fct_posts"][0]["created_at"])
            ),
            "1 rows of edge_accounts__helped lead to no Account",
        ),
        (
            lambda rows: rows["fct_posts"].append(rows["fct_posts"][0]),
            "1 rows of fct_posts repeat or lack the key of Post",
        ),
        (
            lambda rows: rows["dim_topics"].append({"topic_key": None}),
            "1 rows of dim_topics repeat or lack the key of Topic",
        ),
    ],
)
def test_faulty_warehouse_stops_before_anything_is_written(
    publish: Publish, neo4j_driver: Driver, spoil: Callable[[Rows], None], fault: str
) -> None:
    rows = sample_rows()
    spoil(rows)
    with pytest.raises(WarehouseError, match=fault):
        publish(rows, "r1")
    assert one(neo4j_driver, "MATCH (n) RETURN count(n)") == 0


def test_missing_warehouse_and_server_are_named(
    tmp_path: Path, neo4j_server: RunningServer
) -> None:
    with pytest.raises(WarehouseError, match=r"absent\.duckdb: no published warehouse"):
        load(tmp_path / "absent.duckdb", neo4j_server.connection, run_id="r", publication_id="p")
    published = write_published(tmp_path / "warehouse.duckdb", {})
    nowhere = GraphConnection(uri="bolt://127.0.0.1:9", password="x")
    with pytest.raises(GraphUnavailableError, match=r"bolt://127\.0\.0\.1:9: no Neo4j server"):
        load(published, nowhere, run_id="r", publication_id="p")
    refused = neo4j_server.connection.model_copy(update={"user": "nobody"})
    with pytest.raises(GraphUnavailableError, match="user 'nobody' is refused"):
        load(published, refused, run_id="r", publication_id="p")
