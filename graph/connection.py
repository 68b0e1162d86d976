"""Where a Neo4j server is, and how a driver to it is opened.

Settings are passed in; whoever runs the graph decides where they come from. Starting a server
(``graph.local_server``) and what is sent to it (``graph.loader``, ``graph.query_library``) live
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError
from pydantic import BaseModel, ConfigDict, Field, SecretStr

RETRY_SECONDS = 30.0
"""How long a transaction is tried again after a passing fault, such as a deadlock."""


class GraphUnavailableError(ConnectionError):
    """No server answers, or it refuses the credentials; the message says which and where."""


class GraphConnection(BaseModel):
    """One database of one Neo4j server, and who connects."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uri: str = Field(
        pattern=r"^(bolt|neo4j)(\+s|\+ssc)?://.+", description="Address, such as bolt://host:7687."
    )
    user: str = Field(default="neo4j", min_length=1, description="User of the server.")
    password: SecretStr = Field(description="Password of the user; never shown.")
    database: str = Field(default="neo4j", min_length=1, description="Database of the server.")


@contextmanager
def open_driver(connection: GraphConnection) -> Iterator[Driver]:
    """A driver whose server has answered; closed on leaving.

    Server notifications are off: hints about queries belong in tests, not in the log of a run.
    Raises GraphUnavailableError where the server does not answer or refuses the credentials.
    """
    with _driver(connection) as driver:
        try:
            with driver.session(database=connection.database) as session:
                session.run("RETURN 1").consume()
        except AuthError as error:
            raise GraphUnavailableError(
                f"{connection.uri}: user {connection.user!r} is refused ({error.code}); "
                "check the password"
            ) from error
        except (DriverError, Neo4jError) as error:
            raise GraphUnavailableError(
                f"{connection.uri}: no Neo4j server answers for database "
                f"{connection.database!r} ({error}); start it, or check the address"
            ) from error
        yield driver


def _driver(connection: GraphConnection) -> Driver:
    try:
        return GraphDatabase.driver(
            connection.uri,
            auth=(connection.user, connection.password.get_secret_value()),
            connection_timeout=10.0,
            connection_acquisition_timeout=30.0,
            max_connection_pool_size=8,
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            telemetry_disabled=True,
            user_agent="causerie",
        )
    except (ConfigurationError, ValueError) as error:
        raise GraphUnavailableError(f"{connection.uri}: not a usable address: {error}") from error
