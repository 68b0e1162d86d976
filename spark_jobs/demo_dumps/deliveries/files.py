"""Files of a delivery, line by line, with the count of what a reader should make of them.

A record is what the adapters count: for X every object of a response page, elsewhere a line or
a CSV record. Formats belong in their own modules.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken record: the physical line on which it starts, and what is wrong with it."""

    source: str
    file: str
    position: int
    kind: str


@dataclass(slots=True)
class Counts:
    """Records of one file, as a reader should count them."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0

    @property
    def records(self) -> int:
        """All records: each is accepted, a duplicate or quarantined."""
        return self.accepted + self.duplicates + self.quarantined


@dataclass
class Delivery:
    """The landing folder while it is written."""

    landing: Path
    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _handles: dict[str, BinaryIO] = field(default_factory=dict)
    _lines: Counter[str] = field(default_factory=Counter)

    def write(self, source: str, file: str, record: bytes) -> int:
        """Append a record and its line end; return the physical line on which it starts."""
        handle = self._handles.get(file)
        if handle is None:
            path = self.landing / file
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("wb")
            self._handles[file] = handle
            self.counts.setdefault((source, file), Counts())
        position = self._lines[file] + 1
        handle.write(record)
        handle.write(b"\n")
        self._lines[file] += record.count(b"\n") + 1
        return position

    def accepted(
        self, source: str, file: str, record: bytes, *, records: int = 1, duplicates: int = 0
    ) -> int:
        """Append a line that holds that many good records, some of them duplicates."""
        position = self.write(source, file, record)
        counts = self.counts[source, file]
        counts.accepted += records - duplicates
        counts.duplicates += duplicates
        return position

    def repeated(self, source: str, file: str, record: bytes, *, records: int = 1) -> int:
        """Append a line all of whose records were delivered before."""
        return self.accepted(source, file, record, records=records, duplicates=records)

    def broken(self, source: str, file: str, record: bytes, kind: str, *, beside: int = 0) -> int:
        """Append a line with one broken record and ``beside`` good ones."""
        position = self.accepted(source, file, record, records=beside)
        self.fault(source, file, position, kind)
        return position

    def fault(self, source: str, file: str, position: int, kind: str) -> None:
        """Note a broken record on a line already written."""
        self.counts[source, file].quarantined += 1
        self.faults.append(Fault(source, file, position, kind))

    def is_new(self, file: str) -> bool:
        """Whether nothing was written to the file yet."""
        return file not in self._handles

    def close(self) -> None:
        """Finish all files."""
        for handle in self._handles.values():
            handle.close()
        self._handles.clear()

    def deliver_again(self, source: str, file: str, name: str) -> None:
        """Copy a finished file under another name: all its records are duplicates.

        Raises ValueError for a file with broken records, which would not be duplicates.
        """
        counts = self.counts[source, file]
        if counts.quarantined:
            raise ValueError(f"{file}: has {counts.quarantined} broken records, choose another")
        shutil.copyfile(self.landing / file, self.landing / name)
        self.counts[source, name] = Counts(duplicates=counts.records)


def csv_record(values: Sequence[object]) -> bytes:
    """A CSV record without its line end: comma, minimal quotes, UTF-8."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="").writerow(values)
    return buffer.getvalue().encode("utf-8")


class Faults:
    """Which fault is due: one in so many records, each kind in turn."""

    def __init__(self, kinds: Sequence[str], rate: float) -> None:
        self._kinds = kinds
        self._rate = rate
        self._owed = 0.9
        self._next = 0

    def due(self, records: int) -> list[str]:
        """The kinds of fault to write after that many more records."""
        self._owed += records * self._rate
        kinds = []
        while self._owed >= 1:
            self._owed -= 1
            kinds.append(self._kinds[self._next % len(self._kinds)])
            self._next += 1
        return kinds
