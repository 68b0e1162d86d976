"""What may depend on when files arrive, and how arrivals are played without Spark.

Every published mart is the same whatever the order in which files arrive and however they are
grouped into captures, but for the columns that ``FACTS`` lists.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lake import Row, record_hash

FACTS = {
    "mart_capture_ledger": {
        "batch_id",
        "captured_at",
        "seconds",
        # Of equal records and equal files the first to arrive is accepted.
        "duplicate_of_file",
        "rows_accepted_count",
        "rows_duplicate_count",
        "rows_quarantined_count",
        "rows_quarantined_rate",
        "reasons",
    },
    "mart_capture_fields": {"first_captured_at"},
}
"""Columns, by mart, that tell of the captures themselves; see docs/adr/0010."""

TOTALS = (
    "select source, sum(rows_read_count), sum(rows_accepted_count), sum(rows_duplicate_count),"
    " sum(rows_quarantined_count) from mart_capture_ledger group by source order by source"
)
"""What of these facts must not depend on it either: the sums over a source."""

Record = tuple[str, Row]
Files = Mapping[str, Sequence[Record]]


def captured(files: Files, deliveries: Sequence[Sequence[str]]) -> dict[str, list[Row]]:
    """The tables of bronze after one capture for each delivery.

    Args:
        files: records of each file, as table and row; a row of ``quarantine`` is a broken one.
        deliveries: names of the files that arrive together.
    """
    lake: dict[str, list[Row]] = {}
    read: dict[tuple[str, str], tuple[str, int]] = {}
    held: set[tuple[str, str, str]] = set()
    for number, delivery in enumerate(deliveries):
        for file in sorted(delivery):
            source = file.split("/")[0]
            content_hash = hashlib.sha256(repr(files[file]).encode()).hexdigest()
            original, count = read.get((source, content_hash), (None, len(files[file])))
            outcomes: Counter[str] = Counter()
            batch: dict[str, Any] = {"source": source, "batch_id": f"batch-{number}", "file": file}
            if original is None:
                read[source, content_hash] = (file, count)
                for position, (table, row) in enumerate(files[file], start=1):
                    place = batch | {"position": position}
                    if table == "quarantine":
                        outcomes["quarantined"] += 1
                        lake.setdefault(table, []).append(place | row)
                        continue
                    version = (source, table, record_hash(table, row))
                    outcomes["duplicate" if version in held else "accepted"] += 1
                    if version in held:
                        repeat = {"table_name": table, "record_hash": version[2]}
                        lake.setdefault("repeats", []).append(place | repeat)
                    else:
                        held.add(version)
                        lake.setdefault(table, []).append({**row, **place})
            else:
                outcomes["duplicate"] = count
            ledger = batch | {
                "content_hash": content_hash,
                "duplicate_of_file": original,
                "rows_read_count": count,
                **{
                    f"rows_{what}_count": outcomes[what]
                    for what in ("accepted", "duplicate", "quarantined")
                },
                "reasons": json.dumps({"not_json": outcomes["quarantined"]}),
                "unmapped_fields": [] if original else [f"field_{count}"],
            }
            lake.setdefault("ledger", []).append(ledger)
    return lake
