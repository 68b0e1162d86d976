"""The generic mapping: any CSV, TSV, JSON lines or Parquet export, read as a YAML says.

Format: whatever the source's ``mapping`` declares, see ``docs/mappings.md``; the mappings that
ship, each naming its format's own documentation, are in ``spark_jobs/mappings``. Fields that a
mapping does not name stay in ``raw``, and their names are told.

A row that feeds several tables is taken whole or not at all: a fault in one of its records sets
the row aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from spark_jobs.adapters.mapped_csv import read_mapped_csv
from spark_jobs.adapters.mapped_json import read_mapped_json
from spark_jobs.adapters.mapped_parquet import read_mapped_parquet
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.mappings.language import Format, Mapping
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ENTITIES

SPLITTABLE = False
TABLES = tuple(table.name for table in ENTITIES)


def tables_of(source: Source) -> tuple[str, ...]:
    """The tables that records of a source belong to."""
    return tuple(_mapping(source).tables)


def is_splittable(source: Source) -> bool:
    """Whether files of a source may be cut at line ends: JSON lines may, others have a header."""
    return _format(source) == "jsonl"


def has_header(source: Source) -> bool:
    """Whether files of a source are records under a header, one field beside the other."""
    mapping = _mapping(source)
    is_table = _format(source) in ("csv", "tsv")
    return is_table and mapping.header is None and mapping.delimiter in (None, ",", ";", "\t")


def is_binary(source: Source) -> bool:
    """Whether files of a source are no text, and must come as they are."""
    return _format(source) == "parquet"


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield the outcomes of each row."""
    mapping, form = _mapping(source), _format(source)
    if form == "jsonl":
        return read_mapped_json(stream, source, passage, mapping)
    if form == "parquet":
        return read_mapped_parquet(stream, source, passage, mapping)
    delimiter = "\t" if form == "tsv" else None
    return read_mapped_csv(stream, source, passage, mapping, delimiter)


def _mapping(source: Source) -> Mapping:
    if not isinstance(source.mapping, Mapping):
        raise TypeError(f"source {source.name} has no mapping")  # sources are checked when read
    return source.mapping


def _format(source: Source) -> Format:
    return _mapping(source).format_of(source.glob)
