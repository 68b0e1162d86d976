"""The journal of loads: one ``(:Load)`` node for each, so that an interrupted one is visible.

What is loaded, and how, is ``graph.loader``'s.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from neo4j import Driver, RoutingControl

CONSTRAINT = "CREATE CONSTRAINT load_key IF NOT EXISTS FOR (n:Load) REQUIRE n.run_id IS UNIQUE"


class LoadState(Enum):
    """How far a load came."""

    RUNNING = "running"
    """It writes now, or was interrupted."""
    COMPLETE = "complete"
    """All is written, what has gone is removed, and the parity gate passed."""
    DIFFERENT = "different"
    """All is written, and the parity gate found differences: the next load writes everything."""


@dataclass(frozen=True)
class Load:
    """One entry: which publication a run loaded, and how far it came."""

    run_id: str
    publication_id: str
    state: LoadState

    def is_complete(self, publication_id: str) -> bool:
        """Whether it completely loaded that publication."""
        return self.publication_id == publication_id and self.state is LoadState.COMPLETE


def latest(driver: Driver, database: str) -> Load | None:
    """The load that began last, or None where there was none."""
    records = driver.execute_query(
        "MATCH (load:Load) RETURN load.run_id AS run_id, load.publication_id AS publication_id, "
        "load.state AS state ORDER BY load.started_at DESC LIMIT 1",
        database_=database,
        routing_=RoutingControl.READ,
    ).records
    if not records:
        return None
    return Load(records[0]["run_id"], records[0]["publication_id"], LoadState(records[0]["state"]))


def begin(driver: Driver, database: str, run_id: str, publication_id: str) -> None:
    """Enter a load as running; one entered before under the same id begins again."""
    driver.execute_query(
        "MERGE (load:Load {run_id: $run_id}) "
        "SET load.publication_id = $publication_id, load.state = $state, "
        "load.started_at = $now, load.completed_at = null, load.counts = null",
        run_id=run_id,
        publication_id=publication_id,
        state=LoadState.RUNNING.value,
        now=datetime.now(UTC),
        database_=database,
    )


def finish(
    driver: Driver, database: str, run_id: str, state: LoadState, counts: dict[str, int]
) -> None:
    """Enter how a load ended, with the count of each element, as a JSON object."""
    driver.execute_query(
        "MATCH (load:Load {run_id: $run_id}) "
        "SET load.state = $state, load.completed_at = $now, load.counts = $counts",
        run_id=run_id,
        state=state.value,
        now=datetime.now(UTC),
        counts=json.dumps(counts),
        database_=database,
    )
