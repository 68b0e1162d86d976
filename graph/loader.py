"""Loads a published warehouse into the graph, so that both hold the same.

A load compares first: it asks the graph for the keys and content hashes it holds, writes what is
new or changed in bounded batches, and only then, when everything is written, removes what has
gone. So a load with little new costs little, an interrupted one removes nothing and is completed
by the next, and repeating one changes nothing. It ends with the parity gate; where that finds
differences, the next load writes everything.

One load at a time: the caller sees to that.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neo4j import READ_ACCESS, Driver, ManagedTransaction
from neo4j.exceptions import DriverError, Neo4jError

from graph import journal, parity, querybuilder
from graph.connection import GraphConnection, open_driver
from graph.journal import LoadState
from graph.model import ELEMENTS
from graph.nodes import NODES
from graph.schema import Element, Relationship
from graph.warehouse import Row, Warehouse, open_warehouse

BATCH_SIZE = 2_000
"""Rows a transaction: with more, the server spends its time collecting garbage."""
STATE_PASS_SIZE = 200_000
"""Keys and hashes that the server gathers at a time, for the comparison."""

logger = logging.getLogger(__name__)


class LoadError(RuntimeError):
    """A load stopped half way; the message says where. Nothing was removed."""


@dataclass(frozen=True)
class ElementReport:
    """What happened to one label or relationship type; ``left_out`` counts rows by reason."""

    element: str
    written_count: int
    removed_count: int
    left_out: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class LoadReport:
    """What a load did. ``is_unchanged``: the graph held the publication already."""

    run_id: str
    publication_id: str
    is_unchanged: bool
    elements: tuple[ElementReport, ...]
    parity: parity.ParityReport
    seconds: float


def load(
    published: Path, connection: GraphConnection, *, run_id: str, publication_id: str
) -> LoadReport:
    """Make the graph hold what the published warehouse at ``published`` holds.

    ``publication_id`` names the publication: one that is completely loaded is only compared
    again. The report's parity is for the caller to judge. Raises WarehouseError before anything
    is written where the warehouse does not fit the model, GraphUnavailableError where no server
    answers, LoadError where the load stops half way.
    """
    began = time.monotonic()
    with open_warehouse(published) as warehouse, open_driver(connection) as driver:
        warehouse.check(ELEMENTS)
        loading = _Loading(warehouse, driver, connection.database, run_id)
        compared: parity.ParityReport | None = None
        elements: tuple[ElementReport, ...] = ()
        try:
            before = journal.latest(driver, connection.database)
            is_rewrite = before is not None and before.state is LoadState.DIFFERENT
            if before is not None and before.is_complete(publication_id):
                compared = parity.compare(warehouse, driver, connection.database)
                is_rewrite = not compared.is_equal
            if compared is None or is_rewrite:
                elements, compared = loading.run(publication_id, is_rewrite=is_rewrite)
        except (DriverError, Neo4jError) as error:
            raise LoadError(
                f"load {run_id} stopped at {loading.stage}: {error}. What was written stays, "
                "nothing was removed before all was written; run the load again to complete it"
            ) from error
        return LoadReport(
            run_id=run_id,
            publication_id=publication_id,
            is_unchanged=not elements,
            elements=elements,
            parity=compared,
            seconds=time.monotonic() - began,
        )


class _Loading:
    """One load under way; ``stage`` says what it is at, for the message where it fails."""

    def __init__(self, warehouse: Warehouse, driver: Driver, database: str, run_id: str) -> None:
        self._warehouse = warehouse
        self._driver = driver
        self._database = database
        self._run_id = run_id
        self.stage = "the journal"

    def run(
        self, publication_id: str, *, is_rewrite: bool
    ) -> tuple[tuple[ElementReport, ...], parity.ParityReport]:
        """Write, then remove, then compare, and enter the outcome into the journal."""
        left_out = {
            element.name: self._warehouse.left_out(element)
            for element in ELEMENTS
            if isinstance(element, Relationship)
        }
        self.stage = "the constraints"
        for statement in (journal.CONSTRAINT, *querybuilder.constraints(NODES)):
            self._driver.execute_query(statement, database_=self._database)
        self._driver.execute_query("CALL db.awaitIndexes(300)", database_=self._database)
        journal.begin(self._driver, self._database, self._run_id, publication_id)
        seconds, written = {}, {}
        for element in ELEMENTS:
            began = time.monotonic()
            written[element.name] = self._write(element, is_rewrite=is_rewrite)
            seconds[element.name] = time.monotonic() - began
        removed = {element.name: self._remove(element) for element in reversed(ELEMENTS)}
        self.stage = "the parity gate"
        compared = parity.compare(self._warehouse, self._driver, self._database)
        state = LoadState.COMPLETE if compared.is_equal else LoadState.DIFFERENT
        journal.finish(self._driver, self._database, self._run_id, state, compared.counts)
        return tuple(
            ElementReport(
                element=element.name,
                written_count=written[element.name],
                removed_count=removed[element.name],
                left_out=left_out.get(element.name, {}),
                seconds=seconds[element.name],
            )
            for element in ELEMENTS
        ), compared

    def _write(self, element: Element, *, is_rewrite: bool) -> int:
        self.stage = f"writing {element.name}"
        self._warehouse.hold_state(element, self._state(element))
        batches = self._warehouse.lacking(element, BATCH_SIZE, regardless_of_content=is_rewrite)
        count = self._send(querybuilder.write(element), batches, is_each_found=True)
        logger.info("%s: %d written", element.name, count)
        return count

    def _remove(self, element: Element) -> int:
        self.stage = f"removing {element.name}"
        count = self._send(
            querybuilder.remove(element), self._warehouse.surplus(element, BATCH_SIZE)
        )
        if isinstance(element, Relationship):
            count += self._send(
                querybuilder.remove_repeated(element),
                self._warehouse.held_twice(element, BATCH_SIZE),
            )
        if count:
            logger.info("%s: %d removed", element.name, count)
        return count

    def _state(self, element: Element) -> Iterator[list[list[Any]]]:
        with self._driver.session(
            database=self._database, default_access_mode=READ_ACCESS
        ) as session:
            count = session.run(querybuilder.count(element)).single(strict=True).value()
            passes = math.ceil(count / STATE_PASS_SIZE)
            parts = math.ceil(min(count, STATE_PASS_SIZE) / BATCH_SIZE)
            for number in range(passes):
                share = {"pass": number, "passes": passes, "parts": parts}
                for record in session.run(querybuilder.state(element), share):
                    yield record.value()

    def _send(
        self, statement: str, batches: Iterator[list[Row]], *, is_each_found: bool = False
    ) -> int:
        total = 0
        with self._driver.session(database=self._database) as session:
            for rows in batches:
                count = session.execute_write(_execute, statement, rows, self._run_id)
                if is_each_found and count < len(rows):
                    raise LoadError(
                        f"load {self._run_id} stopped at {self.stage}: {len(rows) - count} of "
                        f"{len(rows)} rows found no node; does another load run on this database?"
                    )
                total += count
        return total


def _execute(transaction: ManagedTransaction, statement: str, rows: list[Row], run_id: str) -> int:
    record = transaction.run(statement, rows=rows, run_id=run_id).single(strict=True)
    return int(record["affected"])
