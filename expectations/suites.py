"""Expectations that follow from a table's declaration: shape, nulls, ranges, labels, keys.

How they are evaluated over files of any size is here too; how files are read, in ``files``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from expectations.files import TableFiles
from expectations.gate import GateReport, Judgement
from spark_jobs.lake import PARTITIONS
from spark_jobs.tables.declaration import Column, Table

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation


def judge_files(
    gate: str,
    table: Table,
    files: TableFiles,
    place: Sequence[str],
    broken: Collection[str] = (),
) -> GateReport:
    """Judge the rows of a table in Parquet files by its declaration, in bounded memory.

    Args:
        gate: name of the gate, for the report.
        table: the declaration.
        files: where the rows are.
        place: columns that tell a person which row is meant.
        broken: columns that the files lack or have in another type: ``shape_of`` names them.

    Raises:
        UnreadableError: a file is damaged.
    """
    judgement = Judgement(gate, table.name, place)
    present = [name for name in in_files(table) if name not in broken]
    places = [name for name in place if name in present]
    looked_into: dict[str, list[Expectation]] = {}
    for column in table.columns:
        if column.name not in present:
            continue
        if column.required and _is_only_counted(column):
            count, frame = files.nulls(column.name, places)
            judgement.look(frame, [_not_null(column)], rows=files.row_count, at_fault=count)
        else:
            looked_into[column.name] = _of_values(column)
    wanted = [name for name, expected in looked_into.items() if expected]
    expectations = [entry for expected in looked_into.values() for entry in expected]
    columns = list(dict.fromkeys([*places, *wanted]))
    judgement.look(frame_of(_empty(table, columns)), expectations)
    for chunk in files.chunks(columns) if wanted else ():
        judgement.look(frame_of(chunk), expectations)
    key = [name for name in table.key if name in in_files(table)]
    if key and not set(key) - set(present):
        count, frame = files.repeated(key, places)
        judgement.look(frame, [_unique(key)], rows=files.row_count, at_fault=count)
    return judgement.report()


_SHAPE = ["table", "part", "file", "column", "declared_type", "found_type"]
_ABSENT = "absent"


def shape_of(table: Table, files: TableFiles) -> pd.DataFrame:
    """Declared and found type of each column of each file of a table, a row each.

    A column that is missing, or that nobody declared, has the type ``absent`` on that side.
    ``file`` is the first delivered file in a part that differs.
    """
    declared = pa.schema(table.arrow_schema.field(name) for name in in_files(table))
    rows = []
    for path, found in files.schemas.items():
        for name in dict.fromkeys([*declared.names, *found.names]):
            types = [
                schema.field(name).type if name in schema.names else None
                for schema in (declared, found)
            ]
            shown = [_ABSENT if type_ is None else str(type_) for type_ in types]
            file = None
            if types[0] == types[1]:
                shown[1] = shown[0]  # lists name their items in one way or another
            else:
                file = files.first_value(path, "file")
            rows.append((table.name, path.name, file, name, *shown))
    return pd.DataFrame(rows, columns=_SHAPE)


def foreign_shape(folder: str) -> pd.DataFrame:
    """The shape of a folder that no table of the batch is declared for."""
    return pd.DataFrame([(folder, None, None, None, _ABSENT, "table")], columns=_SHAPE)


def look_at_shapes(batch: Judgement, shapes: Sequence[pd.DataFrame]) -> defaultdict[str, set[str]]:
    """Judge shapes, see ``shape_of``; the columns that differ, by table."""
    from great_expectations import expectations as gxe

    shape = pd.concat(shapes)
    batch.look(
        shape,
        [gxe.ExpectColumnPairValuesToBeEqual(column_A="declared_type", column_B="found_type")],
    )
    broken: defaultdict[str, set[str]] = defaultdict(set)
    differs = shape[shape["declared_type"] != shape["found_type"]]
    for table, column in zip(differs["table"], differs["column"], strict=True):
        broken[table].add(column)
    return broken


def in_files(table: Table) -> list[str]:
    """The columns that are in a table's files, and not in the names of their folders."""
    return [name for name in table.column_names if name not in PARTITIONS]


def _is_only_counted(column: Column) -> bool:
    """Whether no expectation looks at a value of the column, but whether there is one."""
    return not _of_values(column, with_nulls=False)


def _of_values(column: Column, with_nulls: bool = True) -> list[Expectation]:
    from great_expectations import expectations as gxe

    expected: list[Expectation] = [_not_null(column)] if with_nulls and column.required else []
    if column.minimum is not None or column.maximum is not None:
        expected.append(
            gxe.ExpectColumnValuesToBeBetween(
                column=column.name, min_value=column.minimum, max_value=column.maximum
            )
        )
    if column.allowed and not pa.types.is_list(column.type):
        expected.append(
            gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.allowed))
        )
    return expected


def _not_null(column: Column) -> Expectation:
    from great_expectations import expectations as gxe

    return gxe.ExpectColumnValuesToNotBeNull(column=column.name)


def _unique(key: list[str]) -> Expectation:
    from great_expectations import expectations as gxe

    if len(key) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=key)
    return gxe.ExpectColumnValuesToBeUnique(column=key[0])


def _empty(table: Table, columns: Sequence[str]) -> pa.Table:
    return pa.schema(table.arrow_schema.field(name) for name in columns).empty_table()


def frame_of(rows: pa.Table) -> pd.DataFrame:
    """Arrow rows as the frame that gates look at, with key columns that can be compared."""
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False, timestamp_as_object=False)
    return frame


def reconciliation(lines: list[tuple[str, int, int]]) -> tuple[pd.DataFrame, list[Expectation]]:
    """Totals that must agree.

    Args:
        lines: what is counted, the count it should have, the count it has.
    """
    from great_expectations import expectations as gxe

    frame = pd.DataFrame(lines, columns=["total", "expected_count", "found_count"])
    return frame, [
        gxe.ExpectColumnPairValuesToBeEqual(column_A="expected_count", column_B="found_count")
    ]
