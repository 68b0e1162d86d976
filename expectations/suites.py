"""Expectations that follow from a table's declaration: shape, nulls, ranges, labels, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from spark_jobs.tables.declaration import Table

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation


def declared_expectations(table: Table, without: frozenset[str] = frozenset()) -> list[Expectation]:
    """The expectations of a table.

    Args:
        table: its declaration.
        without: columns that are not in its files, such as those in the names of folders.
    """
    from great_expectations import expectations as gxe

    columns = [column for column in table.columns if column.name not in without]
    expected: list[Expectation] = [
        gxe.ExpectTableColumnsToMatchSet(
            column_set=[column.name for column in columns], exact_match=True
        )
    ]
    key = [name for name in table.key if name not in without]
    if len(key) > 1:
        expected.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=key))
    elif key:
        expected.append(gxe.ExpectColumnValuesToBeUnique(column=key[0]))
    for column in columns:
        if column.required:
            expected.append(gxe.ExpectColumnValuesToNotBeNull(column=column.name))
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
