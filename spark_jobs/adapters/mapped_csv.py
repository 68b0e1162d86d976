"""Rows of CSV, TSV and blank-separated files for a mapping.

Columns are found by their names, in any case, in the header or in what the mapping gives instead
of one. How lines become records is in ``csv_records``; runs of blanks part fields without quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO

from spark_jobs.adapters.column_readers import Getter
from spark_jobs.adapters.csv_blocks import in_blocks, read_blocks
from spark_jobs.adapters.csv_records import WRONG_FIELD_COUNT, Record, raw_text
from spark_jobs.adapters.csv_rows import (
    DELIMITERS,
    Layout,
    OpenTable,
    open_table,
    star_of,
)
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.mapped_tables import MappedRows, RowsReader, fields_read
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.text_lines import TextLines
from spark_jobs.adapters.unmapped import note_unmapped
from spark_jobs.mappings.language import WHITESPACE, Mapping
from spark_jobs.sources import Source


@dataclass(frozen=True, slots=True)
class _Columns:
    """The fields of rows that are lists, by the names in a header."""

    names: list[str]

    def one(self, name: str) -> Getter | None:
        """See ``Fields``."""
        number = self.column(name)
        return None if number is None else itemgetter(number)

    def column(self, name: str) -> int | None:
        """See ``Fields``."""
        wanted = _header_name(name)
        return self.names.index(wanted) if wanted in self.names else None

    def each(self, pattern: str) -> Getter | None:
        """See ``Fields``."""
        wanted = _header_name(pattern)
        stars = [
            (star, index)
            for index, name in enumerate(self.names)
            if (star := star_of(wanted, name)) is not None
        ]

        def pairs(row: Sequence[str]) -> list[tuple[str, Any]]:
            return [(star, row[index]) for star, index in stars]

        return pairs if stars else None


def read_mapped_csv(
    stream: BinaryIO, source: Source, passage: Passage, mapping: Mapping, delimiter: str | None
) -> Iterator[Outcome]:
    """The outcomes of every row; ``delimiter`` is the format's own where none is declared."""
    opened = _opened(stream, passage, mapping, mapping.delimiter or delimiter)
    if not isinstance(opened, OpenTable):
        yield from opened
        return
    has_decimal_comma = mapping.decimal_comma
    if has_decimal_comma is None:
        has_decimal_comma = opened.delimiter == ";"
    fields = _Columns(opened.names)
    reader = RowsReader(mapping, source, fields, has_decimal_comma=has_decimal_comma)
    delimiter, width = opened.delimiter, len(opened.names)
    blocks = (
        in_blocks(_blank_separated(opened.lines, width), ",", width)
        if delimiter == WHITESPACE
        else read_blocks(opened.lines, delimiter, width)
    )
    for block in blocks:
        yield from reader.outcomes(MappedRows(block, block.positions, block.raws), block.faults)


def _opened(
    stream: BinaryIO, passage: Passage, mapping: Mapping, delimiter: str | None
) -> OpenTable | Iterator[Outcome]:
    layout = Layout(*(tuple(map(_header_name, names)) for names in fields_read(mapping)))
    if mapping.header is None:
        return open_table(stream, passage, layout, [delimiter] if delimiter else DELIMITERS)
    names = [_header_name(name) for name in mapping.header]
    note_unmapped(passage, (name for name in names if not layout.knows(name)))
    return OpenTable(TextLines(stream, passage.first_line), delimiter or ",", names)


def _blank_separated(lines: TextLines, width: int) -> Iterator[Record]:
    """Each line that is not blank, parted at runs of blanks."""
    while (line := lines.skip_blank()) is not None:
        fields = line.text.split()
        fault = line.fault
        if fault is None and len(fields) != width:
            fault = Fault(WRONG_FIELD_COUNT, f"found {len(fields)} fields, expected {width}")
        lines.pass_over(1)
        yield Record(line.number, raw_text([line]), fields, fault)


def _header_name(name: str) -> str:
    return name.strip().lower()
