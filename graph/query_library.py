"""The query library: questions that analysts ask of the graph, ready to run.

Each file of ``graph/queries`` is one query; how it looks is ``graph.query_file``'s. Queries only
read, and the server sees to that.

::

    python -m graph.query_library list
    python -m graph.query_library show influencers
    python -m graph.query_library run influencers --limit 10
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neo4j import READ_ACCESS, Driver, ManagedTransaction, unit_of_work
from neo4j.exceptions import Neo4jError
from neo4j.time import DateTime

from graph.connection import GraphUnavailableError, open_driver
from graph.local_server import LocalServerError, status
from graph.query_file import Query, QueryError, Value, read_query

QUERIES = Path(__file__).with_name("queries")
TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True)
class Answer:
    """What a query returned; each row holds one value a column, times as aware datetimes."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def read_library(folder: Path = QUERIES) -> dict[str, Query]:
    """All queries of a folder by name, checked. Raises QueryError naming the file and the fault."""
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.cypher"))}


def run_query(
    query: Query, driver: Driver, database: str, given: Mapping[str, Value] | None = None
) -> Answer:
    """Run a query with the parameters given; the server refuses a query that would write.

    Raises QueryError where parameters are wrong, where it runs longer than TIMEOUT_SECONDS, or
    where its columns are not those of its header.
    """
    values = query.values(given or {})

    @unit_of_work(timeout=TIMEOUT_SECONDS)
    def answer(transaction: ManagedTransaction) -> Answer:
        result = transaction.run(query.cypher, values)
        rows = [tuple(_plain(value) for value in record.values()) for record in result]
        return Answer(tuple(result.keys()), rows)

    try:
        with driver.session(database=database, default_access_mode=READ_ACCESS) as session:
            answered = session.execute_read(answer)
    except Neo4jError as error:
        raise QueryError(f"query {query.name}: {error}") from error
    if answered.columns != tuple(query.header.columns):
        raise QueryError(
            f"query {query.name} returns {', '.join(answered.columns)}; "
            f"its header says {', '.join(query.header.columns)}"
        )
    return answered


def _plain(value: Any) -> Any:
    """The value with the driver's times as Python's, also inside lists and maps."""
    if isinstance(value, DateTime):
        return value.to_native()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: list the library, show a query or run one as JSON lines; the exit code.

    A query's parameters are options: ``--limit 10``.
    """
    parser = argparse.ArgumentParser(prog="python -m graph.query_library", description=__doc__)
    parser.add_argument("action", choices=("list", "show", "run"))
    parser.add_argument("query", nargs="?", default="", help="name of a query, as list shows it")
    parser.add_argument(
        "--home", type=Path, default=Path(".causerie/neo4j"), help="folder of the local server"
    )
    chosen, options = parser.parse_known_args(arguments)
    try:
        library = read_library()
        if chosen.action == "list":
            lines = [f"{query.name:32} {query.header.question}" for query in library.values()]
        elif chosen.query not in library:
            raise QueryError(f"no query {chosen.query!r}; there are {', '.join(library)}")
        elif chosen.action == "show":
            query = library[chosen.query]
            lines = [query.header.model_dump_json(indent=2, exclude_unset=True), query.cypher]
        else:
            answer = _run_locally(library[chosen.query], chosen.home, _given(options))
            lines = [
                json.dumps(record, default=str, ensure_ascii=False) for record in answer.records()
            ]
    except (QueryError, GraphUnavailableError, LocalServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _run_locally(query: Query, home: Path, given: Mapping[str, Value]) -> Answer:
    server = status(home)
    if server is None:
        raise LocalServerError(f"no server of {home} is running: start it, or name another --home")
    with open_driver(server.connection) as driver:
        return run_query(query, driver, server.connection.database, given)


def _given(options: Sequence[str]) -> dict[str, Value]:
    """Parameters from options such as ``--limit 10`` or ``--limit=10``."""
    words = [
        word
        for option in options
        for word in (option.split("=", 1) if option.startswith("--") else [option])
    ]
    names, values = words[::2], words[1::2]
    if len(names) != len(values) or not all(name.startswith("--") for name in names):
        raise QueryError(f"parameters are given as --name value; found {' '.join(options)!r}")
    return {
        name.removeprefix("--").replace("-", "_"): value
        for name, value in zip(names, values, strict=True)
    }


if __name__ == "__main__":
    sys.exit(main())
