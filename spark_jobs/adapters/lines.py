"""Physical lines of a delivery, with their numbers. What a line means is the formats' business.

A line ends with LF or CR LF. Lines are read one at a time and none is kept longer than
``LONGEST_LINE``, so that a file without line ends cannot exhaust a worker's memory.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of the longest line that is read; pages of collectors have a few million at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its LF. ``is_cut`` where only its first ``LONGEST_LINE`` bytes were kept."""

    number: int
    content: bytes
    is_cut: bool = False


def physical_lines(
    stream: BinaryIO, first_line: int = 1, longest: int = LONGEST_LINE
) -> Iterator[Line]:
    """Every line, numbered from ``first_line``.

    The byte order mark of UTF-8 is taken away where the stream starts a file.
    """
    number = first_line
    while content := stream.readline(longest):
        is_cut = len(content) == longest and not content.endswith(b"\n") and _skip(stream, longest)
        if number == 1:
            content = content.removeprefix(codecs.BOM_UTF8)
        yield Line(number, content.removesuffix(b"\n"), is_cut)
        number += 1


def _skip(stream: BinaryIO, longest: int) -> bool:
    """Pass over the rest of a line; whether there was any of it, its LF aside."""
    is_cut = False
    while rest := stream.readline(longest):
        is_cut = is_cut or bool(rest.strip(b"\r\n"))
        if rest.endswith(b"\n"):
            break
    return is_cut
