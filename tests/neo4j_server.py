"""A real Neo4j server for tests, started once a session; a pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from neo4j import Driver

from graph.connection import open_driver
from graph.local_server import RunningServer, ServerSettings, start, stop


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of its own home, on free ports of loopback, ended with the session."""
    settings = ServerSettings(home=tmp_path_factory.mktemp("neo4j") / "home")
    server = start(settings)
    try:
        yield server
    finally:
        stop(settings)


@pytest.fixture
def neo4j_driver(neo4j_server: RunningServer) -> Iterator[Driver]:
    """A driver to the session's server, whose database is emptied first."""
    with open_driver(neo4j_server.connection) as driver:
        empty(driver)
        yield driver


def empty(driver: Driver) -> None:
    """Remove every node and relationship; constraints and indexes stay."""
    with driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
