"""JSON values of which each stands on a line of its own or, indented, on several.

APIs are saved either way. A line that is only an opening bracket, or assigns one as X's archives do
(``window.YTD.tweets.part0 = [``), begins a value over lines, which ends with the first line that is
not indented and closes it. A line that is not indented and opens another value ends a broken one
before it, so that a broken value does not cost the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from spark_jobs.adapters.faults import NOT_JSON, Fault
from spark_jobs.adapters.json_lines import check_utf8
from spark_jobs.adapters.lines import LONGEST_LINE, Line, physical_lines
from spark_jobs.adapters.outcomes import Outcome, Quarantined, printable

_ASSIGNMENT = re.compile(rb"window\.[\w.]{1,80} = (?=[\[{])")
_OPENING = (b"{", b"[")


def read_json_documents(
    stream: BinaryIO, first_line: int, outcomes_of: Callable[[int, bytes], Iterable[Outcome]]
) -> Iterator[Outcome]:
    """The outcomes of every value; ``outcomes_of`` gets its first line's number and its bytes.

    A value that is not UTF-8 or too long is quarantined here. A ``Fault`` that ``outcomes_of``
    raises before its first outcome quarantines the whole value.
    """
    for lines in _documents(stream, first_line):
        number = lines[0].number
        content = b"\n".join(line.content for line in lines).strip()
        try:
            if any(line.is_cut for line in lines) or len(content) > LONGEST_LINE:
                raise Fault(NOT_JSON, f"the value is longer than {LONGEST_LINE} bytes")
            check_utf8(content)
            yield from outcomes_of(number, _unassigned(content))
        except Fault as fault:
            yield Quarantined(fault.reason, fault.detail, number, printable(content))


def _documents(stream: BinaryIO, first_line: int) -> Iterator[list[Line]]:
    """The lines of each value; a value that grows too long is cut there."""
    lines: list[Line] = []
    byte_count = 0
    for line in physical_lines(stream, first_line):
        if not line.content.strip():
            continue
        if lines and line.content.startswith((b"{", b"[")):
            yield lines
            lines = []
        is_inside = bool(lines)
        byte_count = (byte_count if is_inside else 0) + len(line.content)
        lines.append(line)
        opens = _unassigned(line.content).rstrip() in _OPENING
        closes = line.content.startswith((b"}", b"]"))
        if not (opens or is_inside) or closes or byte_count > LONGEST_LINE:
            yield lines
            lines = []
    if lines:
        yield lines


def _unassigned(content: bytes) -> bytes:
    """What is assigned, where that is what the beginning of a value says."""
    found = _ASSIGNMENT.match(content)
    return content[found.end() :] if found else content
