"""What capture itself tells: each file, what could not be read, what was there already."""

from __future__ import annotations

from spark_jobs.tables.bronze_record import PROVENANCE
from spark_jobs.tables.declaration import INSTANT, INTEGER, NUMBER, STRING, STRINGS, Column, Table

LEDGER = Table(
    "ledger",
    "one version of one file",
    ("source", "file", "content_hash"),
    (
        Column("source", STRING, "Source that the file belongs to.", required=True),
        Column("batch_id", STRING, "Capture batch that read it.", required=True),
        Column("file", STRING, "File, relative to the landing folder.", required=True),
        Column("content_hash", STRING, "SHA-256 of the file's bytes.", required=True),
        Column("byte_count", INTEGER, "Size of the file.", required=True, minimum=0),
        Column("modified_at", INSTANT, "When the file was last written.", required=True),
        Column("adapter", STRING, "Adapter that read it.", required=True),
        Column("duplicate_of_file", STRING, "Earlier file with the same bytes, if any."),
        Column("rows_read_count", INTEGER, "Records found.", required=True, minimum=0),
        Column("rows_accepted_count", INTEGER, "Records in bronze.", required=True, minimum=0),
        Column(
            "rows_duplicate_count",
            INTEGER,
            "Records that bronze already held in the same version.",
            required=True,
            minimum=0,
        ),
        Column("rows_quarantined_count", INTEGER, "Records set aside.", required=True, minimum=0),
        Column("reasons", STRING, "JSON object: quarantined records by reason.", required=True),
        Column("first_at", INSTANT, "Earliest time of a record."),
        Column("last_at", INSTANT, "Latest time of a record."),
        Column("captured_at", INSTANT, "When the batch was read.", required=True),
        Column("seconds", NUMBER, "Time a worker took to read it.", required=True, minimum=0),
        Column(
            "unmapped_fields",
            STRINGS,
            "Names of fields that are only in the raw records, in order.",
            required=True,
        ),
    ),
)

REPEATS = Table(
    "repeats",
    "one more place of a version of a record that bronze holds from elsewhere",
    ("source", "file", "position", "item", "table_name"),
    (
        *PROVENANCE,
        Column("table_name", STRING, "Bronze table of the record.", required=True),
        Column("record_hash", STRING, "Hash of its canonical values.", required=True),
    ),
)

QUARANTINE = Table(
    "quarantine",
    "one record that could not be read",
    ("source", "file", "position", "item", "reason"),
    (
        *PROVENANCE,
        Column("reason", STRING, "What kind of fault.", required=True),
        Column("detail", STRING, "What was found, in which field.", required=True),
        Column("raw", STRING, "The record as delivered; undecodable bytes escaped.", required=True),
        Column(
            "raw_excerpt",
            STRING,
            "Its first characters without personal data: what is shown outside bronze.",
            required=True,
        ),
    ),
)
