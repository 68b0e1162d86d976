"""What all records in bronze have: where they came from, and their version.

What a record says is declared beside its kind: `social`, `crm`.
"""

from __future__ import annotations

from spark_jobs.tables.declaration import INTEGER, STRING, Column, Rule, Table

PROVENANCE = (
    Column("source", STRING, "Name of the source, as declared in the sources file.", required=True),
    Column("batch_id", STRING, "Capture batch that read the record.", required=True),
    Column(
        "file",
        STRING,
        "File, relative to the landing folder; a member of an archive follows after '!'.",
        required=True,
    ),
    Column(
        "position",
        INTEGER,
        "Line of the file on which the record starts, counted from 1.",
        required=True,
        minimum=1,
    ),
    Column("item", STRING, "JSON pointer of the record in its line; null for a whole line."),
)
RECORD = (
    Column(
        "record_hash",
        STRING,
        "Hash of the canonical values: equal hashes are the same version of the same record.",
        required=True,
    ),
    Column("raw", STRING, "The record as delivered.", required=True),
)


def record_table(
    name: str,
    grain: str,
    identity: tuple[str, ...],
    columns: tuple[Column, ...],
    time: str | None = None,
    clock: str | None = None,
    rules: tuple[Rule, ...] = (),
) -> Table:
    """A bronze table whose grain is one delivered version of ``identity``."""
    return Table(
        name=name,
        grain=grain,
        key=("source", *identity, "record_hash"),
        columns=(*PROVENANCE, *columns, *RECORD),
        hashed=tuple(column.name for column in columns),
        time=time,
        clock=clock or time,
        rules=rules,
    )
