"""One big file for each of several formats, made of a small generated delivery repeated.

Records are as wide as those of public dumps: objects of Reddit have some forty fields, of which
few are mapped, pages of X hold posts with their profiles, and one text in 25 of the customer-care
file has a line break. Each repetition gives every record an id of its own. Items of Hacker News,
which a mapping reads, say in HTML what the objects of Reddit do: one text in 2 has a further
paragraph and one in 8 a link.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

from spark_jobs.demo_dumps.generate import generate
from spark_jobs.sources import SHIPPED_SOURCES, Sources, read_sources

_REDDIT_REST = {
    **dict.fromkeys(
        (
            *("approved_at_utc", "approved_by", "author_flair_css_class", "banned_at_utc"),
            *("banned_by", "likes", "mod_note", "mod_reason_by", "mod_reason_title"),
            *("num_reports", "removal_reason", "report_reasons", "top_awarded_type"),
        )
    ),
    **dict.fromkeys(("all_awardings", "author_flair_richtext", "mod_reports", "user_reports"), ()),
    **dict.fromkeys(("can_gild", "no_follow", "send_replies"), True),
    **dict.fromkeys(("collapsed", "locked", "saved", "score_hidden"), False),
    "author_flair_type": "text",
    "subreddit_type": "public",
    "total_awards_received": 0,
}
"""Fields that Reddit delivers beside those of the demo, as most objects have them."""
_X_ID = re.compile(r'(?<=")[0-9]{4}(?=[0-9]{11,15}")')
_LINE_BREAK_EVERY = 25
_PARAGRAPH_EVERY = 2
_LINK_EVERY = 8

_Found = TypeVar("_Found")


def _reddit_line(line: str, number: int) -> str:
    found = json.loads(line)
    written = found.get("body") or found.get("selftext") or ""
    html = f'<div class="md"><p>{written}</p>\n</div>'
    ids = {name: f"{found[name]}{number:07}" for name in ("id", "name")}
    return json.dumps({**found, **ids, "body_html": html, **_REDDIT_REST}, ensure_ascii=False)


def _item_line(line: str, number: int) -> str:
    found = json.loads(line)
    written = html.escape(found.get("body") or found.get("selftext") or "")
    written = written.replace("\n\n", "<p>")
    if number % _PARAGRAPH_EVERY == 0:
        written = written.replace(" ", "<p>", 1)
    if number % _LINK_EVERY == 0:
        link = f"https:&#x2F;&#x2F;exemple.fr&#x2F;{number}"
        written += f' <a href="{link}" rel="nofollow">{link}</a>'
    return json.dumps(
        {
            "by": found["author"],
            "id": 40_000_000 + number,
            "kids": [50_000_000 + number],
            "parent": 30_000_000 + number,
            "text": written,
            "time": int(found["created_utc"]),
            "type": "comment",
        }
    )


def _x_line(line: str, number: int) -> str:
    """A page whose ids begin with digits of its own, in the place of those that all share."""
    return _X_ID.sub(str(1_000 + number % 9_000), line)


def _care_row(fields: list[str], number: int) -> list[str]:
    _, post_id, author, inbound, created_at, text, *others = fields
    if number % _LINE_BREAK_EVERY == 0:
        text = text.replace(" ", "\n", 1)
    return [str(number), f"{post_id}{number:07}", author, inbound, created_at, text, *others]


def _order_row(fields: list[str], number: int) -> list[str]:
    return [f"{fields[0]}{number:07}", *fields[1:]]


@dataclass(frozen=True)
class Format:
    """Where the big file of a source lies, and how records of the small ones are written there.

    The small ones are those of ``sample``, where that is another source.
    """

    file: str
    write: Callable[[Iterable[Path], Path, int], None]
    sample: str | None = None


def make_deliveries(folder: Path, records: int) -> Sources:
    """Write the big files below ``folder/landing``; the sources that read them."""
    generate(folder / "sample", folder / "truth", posts=4_000)
    sources = read_sources(folder / "sample" / "sources.yaml")
    shipped = read_sources(SHIPPED_SOURCES)
    others = (shipped.named(name) for name, format_ in FORMATS.items() if format_.sample)
    sources = sources.model_copy(update={"sources": (*sources.sources, *others)})
    for name, format_ in FORMATS.items():
        target = folder / "landing" / format_.file
        target.parent.mkdir(parents=True)
        glob = sources.named(format_.sample or name).glob
        sample = sorted((folder / "sample").glob(glob))
        format_.write(sample, target, records)
    return sources


def _write_rows(
    renumber: Callable[[list[str], int], list[str]],
    sample: Iterable[Path],
    target: Path,
    records: int,
) -> None:
    """Write rows of CSV files; those that are broken are left out."""
    rows: list[list[str]] = []
    for path in sample:
        text = path.read_text(encoding="utf-8", errors="replace")
        header, *found = csv.reader(line for line in text.splitlines() if line.count('"') % 2 == 0)
        rows += [row for row in found if len(row) == len(header)]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for number, row in zip(range(records), _endless(rows), strict=False):
            writer.writerow(renumber(row, number))


def _write_lines(
    renumber: Callable[[str, int], str],
    sign_of_a_record: str,
    sample: Iterable[Path],
    target: Path,
    records: int,
) -> None:
    """Write lines of JSON until they hold as many records; those that are cut are left out."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in sample)
    found = [line for text in texts for line in text.splitlines() if _is_whole(line)]
    lines = _endless([line for line in found if sign_of_a_record in line])
    written = 0
    with target.open("w", encoding="utf-8") as stream:
        for number in count():
            if written >= records:
                break
            line = next(lines)
            stream.write(renumber(line, number) + "\n")
            written += line.count(sign_of_a_record)


def _is_whole(line: str) -> bool:
    return line.startswith("{") and line.endswith("}")


def _endless(found: list[_Found]) -> Iterator[_Found]:
    return (found[number % len(found)] for number in count())


FORMATS = {
    "x": Format("x/big.jsonl", partial(_write_lines, _x_line, '"created_at":')),
    "reddit": Format("reddit/big.ndjson", partial(_write_lines, _reddit_line, '"subreddit_id":')),
    "hacker_news": Format(
        "hacker_news/big.jsonl",
        partial(_write_lines, _item_line, '"subreddit_id":'),
        sample="reddit",
    ),
    "customer_care": Format("customer_care/big.csv", partial(_write_rows, _care_row)),
    "crm_orders": Format("crm/orders/big.csv", partial(_write_rows, _order_row)),
}
"""Sources that are measured."""
