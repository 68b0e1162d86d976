"""One big file for each of several formats, made of a small generated delivery repeated.

Each repetition gives every record an id of its own, so that no record is a duplicate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from spark_jobs.demo_dumps.generate import generate
from spark_jobs.sources import Sources, read_sources

Renumber = Callable[[str, int], str]
"""A record and a number; the record with an id made of both."""


def _json_id(*names: str) -> Renumber:
    def renumber(record: str, number: int) -> str:
        found = json.loads(record)
        for name in names:
            found[name] = f"{found[name]}{number:07}"
        return json.dumps(found, ensure_ascii=False)

    return renumber


def _field(index: int) -> Renumber:
    """For an id in that column of a CSV file, no column before which is quoted."""

    def renumber(record: str, number: int) -> str:
        fields = record.split(",", index + 1)
        fields[index] += f"{number:07}"
        return ",".join(fields)

    return renumber


FORMATS: dict[str, tuple[str, Renumber]] = {
    "reddit": ("reddit/big.ndjson", _json_id("id", "name")),
    "customer_care": ("customer_care/big.csv", _field(1)),
    "crm_orders": ("crm/orders/big.csv", _field(0)),
}
"""Sources that are measured: where their big file lies, and how its records get new ids."""


def make_deliveries(folder: Path, records: int) -> Sources:
    """Write the big files below ``folder/landing``; the sources that read them."""
    generate(folder / "sample", folder / "truth", posts=4_000)
    sources = read_sources(folder / "sample" / "sources.yaml")
    for name, (file, renumber) in FORMATS.items():
        target = folder / "landing" / file
        target.parent.mkdir(parents=True)
        sample = sorted((folder / "sample").glob(sources.named(name).glob))
        _multiply(sample, target, records, renumber)
    return sources


def _multiply(sample: list[Path], target: Path, records: int, renumber: Renumber) -> None:
    """Write as many records; those over several lines, and what is not sound, are left out."""
    header, lines = "", []
    for path in sample:
        found = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if target.suffix == ".csv":
            header, *found = found
        lines += [line for line in found if _is_sound(line, header)]
    with target.open("w", encoding="utf-8") as stream:
        stream.write(f"{header}\n" if header else "")
        for number, line in zip(range(records), _endless(lines), strict=False):
            stream.write(renumber(line, number) + "\n")


def _is_sound(line: str, header: str) -> bool:
    if header:
        return line.count(",") >= header.count(",") and line.count('"') % 2 == 0
    return line.startswith("{") and line.endswith("}")


def _endless(lines: list[str]) -> Iterator[str]:
    return (lines[number % len(lines)] for number in count())
