"""Physical lines of a delivery, with their numbers. What a line means is the formats' business.

A line ends with LF or CR LF. Lines are read one at a time, or a block of them, and none is kept
longer than ``LONGEST_LINE``, so that a file without line ends cannot exhaust a worker's memory.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of the longest line that is read; pages of collectors have a few million at most."""

BLOCK_BYTES = 2 * 1024 * 1024
"""Bytes of lines that are read at once."""


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


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines that follow one another, the last without its LF; the first is line ``number``.

    ``is_sound`` where all are UTF-8 without a NUL. One that ``is_cut`` is alone.
    """

    number: int
    content: bytes
    is_sound: bool
    is_cut: bool = False

    @property
    def contents(self) -> list[bytes]:
        """Each of the lines without its LF."""
        return self.content.split(b"\n")


def line_blocks(
    stream: BinaryIO,
    first_line: int = 1,
    longest: int = LONGEST_LINE,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[LineBlock]:
    """The same lines in blocks. ``longest`` is more than three times ``block_bytes``."""
    number, rest = first_line, b""
    while content := rest + stream.read(block_bytes):
        end, is_cut = content.rfind(b"\n") + 1, False
        rest = content[end:] if end else b""
        if end:
            content = content[:end]
        else:  # the last line, or one that is longer than a block
            content += stream.readline(longest - len(content))
            is_cut = (
                len(content) == longest and not content.endswith(b"\n") and _skip(stream, longest)
            )
        if number == 1:
            content = content.removeprefix(codecs.BOM_UTF8)
        content = content.removesuffix(b"\n")
        yield LineBlock(number, content, is_sound(content), is_cut)
        number += content.count(b"\n") + 1


def is_sound(content: bytes) -> bool:
    """Whether bytes are UTF-8 without a NUL."""
    offsets = pa.array([0, len(content)], pa.int32())
    try:  # what Python decodes, it also copies, four bytes a letter where there is an emoji
        pa.StringArray.from_buffers(1, offsets.buffers()[1], pa.py_buffer(content)).validate(
            full=True
        )
    except pa.ArrowInvalid:
        return False
    return b"\x00" not in content


def _skip(stream: BinaryIO, longest: int) -> bool:
    """Pass over the rest of a line; whether there was any of it, its LF aside."""
    is_cut = False
    while rest := stream.readline(longest):
        is_cut = is_cut or bool(rest.strip(b"\r\n"))
        if rest.endswith(b"\n"):
            break
    return is_cut
