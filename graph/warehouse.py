"""The published warehouse as the loader and the parity gate read it.

One read-only connection: rows of an element, those that the graph lacks or holds differently,
what the graph holds too much, and totals. The SQL is derived from the declarations of
``graph.model`` and ``graph.nodes``. Nothing here speaks to Neo4j.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from graph.schema import Element, Kind, Measure, Node, Property, Relationship

HASH = "content_hash"
START_KEY, END_KEY = "start_key", "end_key"
CHECKSUM_MODULUS = 2_147_483_647
"""Hashes are summed modulo this prime, so that 2**32 of them fit 64 bits."""

Row: TypeAlias = dict[str, Any]


class WarehouseError(ValueError):
    """The published warehouse does not hold what the graph's model says; the message lists it."""


@dataclass(frozen=True)
class Totals:
    """What an element amounts to: how many, a checksum over contents, and its measures by name."""

    count: int
    checksum: int
    measures: dict[str, float]


def key_columns(element: Element) -> tuple[str, ...]:
    """The columns that identify one node or relationship in rows and states."""
    return (element.key.name,) if isinstance(element, Node) else (START_KEY, END_KEY)


def measured(element: Element) -> tuple[Property, ...]:
    """The properties that the parity gate compares."""
    return tuple(item for item in element.properties if item.measure is not Measure.NOTHING)


class Warehouse:
    """A published warehouse, open for reading. Made by ``open_warehouse``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def check(self, elements: Iterable[Element]) -> None:
        """Compare tables and columns with the declarations, and keys with their grain.

        Raises WarehouseError that lists every fault at once.
        """
        elements = tuple(elements)
        faults = [fault for element in elements for fault in self._missing_columns(element)]
        if not faults:
            faults = [fault for element in elements for fault in self._faulty_keys(element)]
        if faults:
            raise WarehouseError(f"{self._path}: " + "; ".join(dict.fromkeys(faults)))

    def totals(self, element: Element) -> Totals:
        """What the graph must hold of the element."""
        aggregates = [f"count(*), coalesce(sum({HASH} % {CHECKSUM_MODULUS}), 0)"]
        for item in measured(element):
            function = "sum" if item.measure is Measure.TOTAL else "count"
            aggregates.append(f"coalesce({function}({_quoted(item.name)}), 0)")
        found = self._one(f"select {', '.join(aggregates)} from ({_rows(element)})")
        return Totals(
            count=found[0],
            checksum=int(found[1]),
            measures={
                item.name: float(value)
                for item, value in zip(measured(element), found[2:], strict=True)
            },
        )

    def left_out(self, relationship: Relationship) -> dict[str, int]:
        """Rows that can have no relationship, by reason.

        Raises WarehouseError where the declaration knows no reason.
        """
        start, end = (
            f"r.{_quoted(relationship.start_column)}",
            f"r.{_quoted(relationship.end_column)}",
        )
        unknown, absent = self._one(f"""
            select
                count(*) filter (where {start} is null or {end} is null),
                count(*) filter (
                    where {start} is not null and {end} is not null
                    and (s.found is null or e.found is null)
                )
            from published.{_quoted(relationship.table)} as r
            left join ({_identities(relationship, "start")}) as s on s.found = {start}
            left join ({_identities(relationship, "end")}) as e on e.found = {end}
        """)
        if absent and not relationship.absent_reason:
            raise WarehouseError(
                f"{self._path}: {absent} rows of {relationship.table} lead to no "
                f"{relationship.start.label} or {relationship.end.label}, so that "
                f"{relationship.name} cannot be drawn: mend the model of that table"
            )
        counted = ((relationship.unknown_reason, unknown), (relationship.absent_reason, absent))
        return {reason: count for reason, count in counted if reason and count}

    def hold_state(self, element: Element, batches: Iterable[list[list[Any]]]) -> None:
        """Keep what the graph holds of the element: key columns and content hash in each row."""
        columns = key_columns(element)
        declared = ", ".join(f"{_quoted(column)} varchar" for column in columns)
        table = _held(element)
        self._connection.execute(f"create or replace table {table} ({declared}, {HASH} bigint)")
        schema = pa.schema([*((column, pa.string()) for column in columns), (HASH, pa.int64())])
        for batch in batches:
            arrived = pa.table([list(values) for values in zip(*batch, strict=True)], schema=schema)
            self._connection.register("arrived", arrived)
            self._connection.execute(f"insert into {table} select * from arrived")
            self._connection.unregister("arrived")

    def lacking(
        self, element: Element, batch_size: int, *, regardless_of_content: bool = False
    ) -> Iterator[list[Row]]:
        """Rows that the held state lacks, has with another content or has twice.

        All rows, with ``regardless_of_content``. In batches of at most ``batch_size``.
        """
        keys, hashed = _listed(key_columns(element)), _listed((*key_columns(element), HASH))
        held_once = f"""
            select {keys}, any_value({HASH}) as {HASH}
            from {_held(element)} group by {keys} having count(*) = 1
        """
        query = f"select * from ({_rows(element)})"
        if not regardless_of_content:
            query += f" anti join ({held_once}) using ({hashed})"
        yield from self._batches(query, batch_size)

    def surplus(self, element: Element, batch_size: int) -> Iterator[list[Row]]:
        """Keys that the held state has and the warehouse does not."""
        keys = _listed(key_columns(element))
        yield from self._batches(
            f"select distinct {keys} from {_held(element)} anti join ({_rows(element)}) "
            f"using ({keys})",
            batch_size,
        )

    def held_twice(self, element: Element, batch_size: int) -> Iterator[list[Row]]:
        """Keys that the held state has more than once and the warehouse has."""
        keys = _listed(key_columns(element))
        yield from self._batches(
            f"select {keys} from {_held(element)} semi join ({_rows(element)}) using ({keys}) "
            f"group by {keys} having count(*) > 1",
            batch_size,
        )

    def _one(self, query: str) -> tuple[Any, ...]:
        found = self._connection.execute(query).fetchone()
        assert found is not None
        return found

    def _batches(self, query: str, batch_size: int) -> Iterator[list[Row]]:
        reader = self._connection.execute(query).to_arrow_reader(batch_size)
        for batch in reader:
            if batch.num_rows:
                yield batch.to_pylist()

    def _missing_columns(self, element: Element) -> list[str]:
        found = {
            row[0]
            for row in self._connection.execute(
                "select column_name from duckdb_columns() "
                "where database_name = 'published' and schema_name = 'main' and table_name = ?",
                [element.table],
            ).fetchall()
        }
        if not found:
            return [f"no table {element.table}"]
        wanted = [item.source_column for item in element.properties]
        if isinstance(element, Node):
            wanted.append(element.key.source_column)
        else:
            wanted += [element.start_column, element.end_column]
        return [f"no column {element.table}.{name}" for name in wanted if name not in found]

    def _faulty_keys(self, element: Element) -> list[str]:
        keys = _listed(key_columns(element))
        rows, distinct = self._one(
            f"select count(*), count(distinct ({keys})) from ({_rows(element)})"
        )
        if rows == distinct:
            return []
        return [
            f"{rows - distinct} rows of {element.table} repeat or lack the key of {element.name}"
        ]


@contextmanager
def open_warehouse(path: Path, memory_limit: str = "1GB") -> Iterator[Warehouse]:
    """The published warehouse at ``path``, read-only; beyond the limit DuckDB uses the disk.

    Raises WarehouseError where there is none.
    """
    if not path.is_file():
        raise WarehouseError(f"{path}: no published warehouse; publish one first")
    with duckdb.connect(":memory:", config={"memory_limit": memory_limit}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        try:
            connection.execute(f"attach {_literal(str(path))} as published (read_only)")
        except duckdb.Error as error:
            raise WarehouseError(f"{path}: not readable as a DuckDB file: {error}") from error
        yield Warehouse(connection, path)


def _held(element: Element) -> str:
    name = element.label if isinstance(element, Node) else element.type
    return _quoted(f"held {name}")


def _rows(element: Element) -> str:
    """The element's rows: key columns, properties in their kinds, and a hash over all of them."""
    if isinstance(element, Node):
        keys = [_cast(element.key, "r")]
        origin = f"published.{_quoted(element.table)} as r"
    else:
        end = _quoted(element.end.key.source_column)
        keys = [
            f"r.{_quoted(element.start_column)}::varchar as {START_KEY}",
            f"e.{end}::varchar as {END_KEY}",
        ]
        origin = f"""published.{_quoted(element.table)} as r
            semi join ({_identities(element, "start")}) as s
                on s.found = r.{_quoted(element.start_column)}
            inner join (
                select {end}, {_quoted(_end_identity(element))} as found
                from published.{_quoted(element.end.table)}
            ) as e on e.found = r.{_quoted(element.end_column)}"""
    properties = [_cast(item, "r") for item in element.properties]
    names = [*key_columns(element), *(item.name for item in element.properties)]
    packed = ", ".join(f"{_quoted(name)} := {_quoted(name)}" for name in names)
    # Half of the hash's range: Neo4j's integers are signed.
    hashed = f"(md5_number_lower(struct_pack({packed})::varchar) >> 1)::bigint as {HASH}"
    return f"select *, {hashed} from (select {', '.join((*keys, *properties))} from {origin})"


def _identities(relationship: Relationship, side: str) -> str:
    node = relationship.start if side == "start" else relationship.end
    column = node.key.source_column if side == "start" else _end_identity(relationship)
    return f"select {_quoted(column)} as found from published.{_quoted(node.table)}"


def _end_identity(relationship: Relationship) -> str:
    return relationship.end_identity or relationship.end.key.source_column


def _cast(item: Property, origin: str) -> str:
    value = f"{origin}.{_quoted(item.source_column)}::{item.kind.value}"
    if item.kind is Kind.INSTANT:
        value = f"strftime({value} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"{value} as {_quoted(item.name)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
