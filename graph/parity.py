"""The gate between warehouse and graph: both must hold the same.

For every label and relationship type it compares how many there are, a checksum over the
contents as written, and the totals of declared measures such as weights. Nothing is changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from neo4j import Driver, Record, RoutingControl

from graph import querybuilder
from graph.model import ELEMENTS
from graph.schema import Element
from graph.warehouse import Totals, Warehouse, measured

RELATIVE_TOLERANCE = 1e-9
"""Sums of the same numbers in another order differ by about this much."""


class ParityError(RuntimeError):
    """Warehouse and graph differ; the message names every difference."""


@dataclass(frozen=True)
class Difference:
    """One figure of one element that is not the same on both sides."""

    element: str
    figure: str
    in_warehouse: float
    in_graph: float

    def __str__(self) -> str:
        return (
            f"{self.element} {self.figure}: "
            f"{_shown(self.in_warehouse)} in the warehouse, {_shown(self.in_graph)} in the graph"
        )


@dataclass(frozen=True)
class ParityReport:
    """What was compared: the graph's count by element, and all differences."""

    counts: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same."""
        return not self.differences

    def require_equal(self) -> None:
        """Raise ParityError that names every difference, if there is one."""
        if self.differences:
            raise ParityError(
                f"warehouse and graph differ in {len(self.differences)} figures: "
                + "; ".join(str(difference) for difference in self.differences)
            )


def compare(
    warehouse: Warehouse, driver: Driver, database: str, elements: Iterable[Element] = ELEMENTS
) -> ParityReport:
    """Compare every element of the model."""
    counts: dict[str, int] = {}
    differences: list[Difference] = []
    for element in elements:
        record = driver.execute_query(
            querybuilder.totals(element), database_=database, routing_=RoutingControl.READ
        ).records[0]
        in_graph = _totals(element, record)
        counts[element.name] = in_graph.count
        differences += _differences(element, warehouse.totals(element), in_graph)
    return ParityReport(counts=counts, differences=tuple(differences))


def _totals(element: Element, record: Record) -> Totals:
    count, checksum, *measures = record.values()
    names = (item.name for item in measured(element))
    return Totals(count, checksum, dict(zip(names, map(float, measures), strict=True)))


def _differences(element: Element, in_warehouse: Totals, in_graph: Totals) -> list[Difference]:
    figures = [
        ("count", in_warehouse.count, in_graph.count),
        ("content checksum", in_warehouse.checksum, in_graph.checksum),
        *(
            (name, expected, in_graph.measures[name])
            for name, expected in in_warehouse.measures.items()
        ),
    ]
    return [
        Difference(element.name, figure, expected, found)
        for figure, expected, found in figures
        if not math.isclose(expected, found, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-9)
    ]


def _shown(figure: float) -> str:
    return f"{figure:,.10g}" if isinstance(figure, float) else f"{figure:,}"
