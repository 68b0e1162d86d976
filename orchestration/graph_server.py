"""Which Neo4j a home uses: the one that settings name, else a server of its own."""

from __future__ import annotations

from graph.connection import GraphConnection
from graph.local_server import status
from orchestration.home import Home, HomeError
from orchestration.settings import Settings, SettingsError


def configured_connection(settings: Settings) -> GraphConnection | None:
    """The server that the environment names; None where it names none.

    Raises SettingsError where the address is set without a password.
    """
    if settings.neo4j_uri is None:
        return None
    if settings.neo4j_password is None:
        raise SettingsError("NEO4J_URI is set but NEO4J_PASSWORD is not; set both")
    return GraphConnection(
        uri=settings.neo4j_uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password,
        database=settings.neo4j_database,
    )


def running_connection(home: Home, settings: Settings) -> GraphConnection:
    """The server that holds the home's graph.

    Raises HomeError where the home's own server does not run.
    """
    configured = configured_connection(settings)
    if configured is not None:
        return configured
    server = status(home.neo4j)
    if server is None:
        raise HomeError(f"the Neo4j of {home.root} does not run: make demo, or causerie run")
    return server.connection
