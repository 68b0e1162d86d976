"""Query files are checked when read; parameters when run; the library never writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from neo4j import Driver

from graph.local_server import RunningServer
from graph.query_file import Parameter, Query, QueryError, read_query
from graph.query_library import main, read_library, run_query

HEADER = """/*
title: Title
question: Question?
serves: A test
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: Rows.}
columns:
  number: A number.
*/
"""
BODY = "UNWIND range(1, 3) AS number RETURN number LIMIT $limit"


def written(folder: Path, text: str) -> Path:
    path = folder / "some_query.cypher"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def query(tmp_path: Path) -> Query:
    return read_query(written(tmp_path, HEADER + BODY))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (BODY, "must begin with a header"),
        (HEADER.replace("title: Title\n", "") + BODY, "title: Field required"),
        (HEADER.replace("serves:", "server:") + BODY, "server: Extra inputs"),
        (HEADER.replace("question: Q", "question: [") + BODY, "not YAML"),
        (HEADER.replace("default: 10", "default: 0") + BODY, "limit: 0 is below 1"),
        (HEADER.replace("default: 10", "default: ten") + BODY, "integer expected, found 'ten'"),
        (HEADER + BODY.replace("$limit", "5"), "used or declared, but not both: limit"),
        (HEADER + BODY + " + $more", "used or declared, but not both: more"),
    ],
)
def test_faulty_file_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(QueryError, match=r"some_query\.cypher") as raised:
        read_query(written(tmp_path, text))
    assert fault in str(raised.value)


@pytest.mark.parametrize(
    ("given_values", "fault"),
    [
        ({"limit": 0}, "limit: 0 is below 1"),
        ({"limit": "many"}, "integer expected, found 'many'"),
        ({"limit": 2.5}, "integer expected, found 2.5"),
        ({"limit": True}, "integer expected, found True"),
        ({"limit": None}, "nothing given"),
        ({"size": 1}, "takes no size; it takes limit"),
    ],
)
def test_unfit_parameters_are_refused(
    query: Query, given_values: dict[str, str | int | float | bool | None], fault: str
) -> None:
    with pytest.raises(QueryError) as raised:
        query.values(given_values)
    assert fault in str(raised.value)


def test_parameter_without_default_must_be_given() -> None:
    query = read_library()["path_between_accounts"]
    with pytest.raises(QueryError, match="needs to_handle"):
        query.values({"from_handle": "ana"})


@given(some.integers())
def test_integers_survive_the_command_line(value: int) -> None:
    parameter = Parameter(type="integer", description="Any.")
    assert parameter.accept("any", str(value)) == value


@given(some.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_the_command_line(value: float) -> None:
    parameter = Parameter(type="number", description="Any.")
    assert parameter.accept("any", json.dumps(value)) == value


@given(some.text())
def test_texts_are_taken_as_they_are(value: str) -> None:
    assert Parameter(type="text", description="Any.").accept("any", value) == value


def test_run_returns_the_declared_columns(query: Query, neo4j_driver: Driver) -> None:
    answer = run_query(query, neo4j_driver, "neo4j", {"limit": 2})
    assert answer.records() == [{"number": 1}, {"number": 2}]


def test_other_columns_than_declared_are_an_error(tmp_path: Path, neo4j_driver: Driver) -> None:
    query = read_query(
        written(
            tmp_path,
            HEADER + BODY.replace("AS number R", "AS n R").replace("RETURN number", "RETURN n"),
        )
    )
    with pytest.raises(QueryError, match="returns n; its header says number"):
        run_query(query, neo4j_driver, "neo4j")


def test_server_refuses_a_query_that_writes(tmp_path: Path, neo4j_driver: Driver) -> None:
    text = HEADER + "CREATE (x:Intruder) WITH 1 AS number RETURN number LIMIT $limit"
    with pytest.raises(QueryError, match=r"(?i)writ"):
        run_query(read_query(written(tmp_path, text)), neo4j_driver, "neo4j")
    assert neo4j_driver.execute_query("MATCH (x:Intruder) RETURN x").records == []


def test_queries_on_an_empty_graph_give_no_rows(neo4j_driver: Driver) -> None:
    for query in read_library().values():
        needed = {name: "x" for name, item in query.header.parameters.items() if item.is_required}
        assert run_query(query, neo4j_driver, "neo4j", needed).rows == [], query.name


def test_command_line_runs_a_query(
    neo4j_server: RunningServer,
    neo4j_driver: Driver,
    capsys: pytest.CaptureFixture[str],
) -> None:
    neo4j_driver.execute_query(
        "UNWIND range(1, 3) AS i CREATE (:Account {handle: 'h' + i, page_rank_score: i / 10.0})"
    )
    home = str(neo4j_server.password_file.parent)
    assert main(["run", "influencers", "--home", home, "--limit", "2"]) == 0
    handles = [json.loads(line)["handle"] for line in capsys.readouterr().out.splitlines()]
    assert handles == ["h3", "h2"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["run", "influencers"], "no server of"),
        (["run", "influence"], "no query 'influence'; there are accounts_of_a_person"),
        (["run", "influencers", "--limit"], "given as --name value"),
    ],
)
def test_command_line_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], fault: str
) -> None:
    assert main([*arguments[:2], "--home", str(tmp_path), *arguments[2:]]) == 1
    assert fault in capsys.readouterr().err


def test_command_line_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(read_library())
    assert main(["show", "cascades"]) == 0
    assert "structural_virality" in capsys.readouterr().out
