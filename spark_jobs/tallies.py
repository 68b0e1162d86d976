"""What a worker counts while it reads a piece: all that the ledger says of it.

Only what repeats records of other pieces is found later. Tallies of the pieces of a file add up
to that of the file.
"""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AwareDatetime, BaseModel, Field


class Span(BaseModel):
    """Times of the records of one table: first, last, and how many have none."""

    earliest: AwareDatetime | None = None
    latest: AwareDatetime | None = None
    untimed_count: int = 0

    def add(self, other: Span) -> None:
        """Take in another one."""
        firsts = [each for each in (self.earliest, other.earliest) if each is not None]
        lasts = [each for each in (self.latest, other.latest) if each is not None]
        self.earliest, self.latest = min(firsts, default=None), max(lasts, default=None)
        self.untimed_count += other.untimed_count


class Tally(BaseModel):
    """Counts of one piece, of one file, or of several.

    ``rows`` counts records by table, ``duplicates`` those of them that the same piece had before,
    ``reasons`` those of the quarantine by reason. ``refusals`` counts the reasons for which a file
    was refused: where there is one, nothing else counts. ``errors`` are those of the program.
    """

    rows: Counter[str] = Field(default_factory=Counter)
    duplicates: int = 0
    spans: dict[str, Span] = Field(default_factory=dict)
    reasons: Counter[str] = Field(default_factory=Counter)
    refusals: Counter[str] = Field(default_factory=Counter)
    errors: list[str] = Field(default_factory=list)
    unmapped_fields: set[str] = Field(default_factory=set)
    seconds: float = 0.0

    def count(self, table: str, row_count: int) -> None:
        """Count records of one table."""
        self.rows[table] += row_count

    def time(self, table: str, times: pa.Array) -> None:
        """Take in the times of records of a table that has a clock."""
        ends = pc.min_max(times).as_py()
        span = Span(earliest=ends["min"], latest=ends["max"], untimed_count=times.null_count)
        self.spans.setdefault(table, Span()).add(span)

    def add(self, other: Tally) -> None:
        """Take in another one."""
        self.rows += other.rows
        self.duplicates += other.duplicates
        self.reasons += other.reasons
        self.refusals += other.refusals
        self.errors += other.errors
        self.unmapped_fields |= other.unmapped_fields
        self.seconds += other.seconds
        for table, span in other.spans.items():
            self.spans.setdefault(table, Span()).add(span)
