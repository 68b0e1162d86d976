"""The lines of a CSV file as text, with as much looking ahead as its reader asks for.

Lines are read many at a time and kept as bytes, of which a line is decoded when it is asked for; a
block in which a line cannot be trusted as text is gone through line by line. What lines mean is the
business of ``csv_records``.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from spark_jobs.adapters.faults import EXPECTED_TEXT, NOT_UTF8, Fault
from spark_jobs.adapters.lines import LONGEST_LINE, Line, is_sound, physical_lines
from spark_jobs.adapters.outcomes import printable

NUL_CHARACTER = "nul_character"
LINE_TOO_LONG = "line_too_long"

BLOCK_BYTES = 1024 * 1024

_LF = ord("\n")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A physical line as text; ``fault`` where it cannot be trusted as text."""

    number: int
    text: str
    fault: Fault | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is on it."""
        return not self.text or self.text.isspace()


@dataclass(frozen=True, slots=True)
class LinesAhead:
    """Lines that have been read ahead, from line ``number`` on, as UTF-8.

    ``bounds`` are the places in ``content`` where lines begin, and where the last one ends;
    ``faulty`` are the numbers of those that cannot be trusted as text.
    """

    number: int
    content: bytes
    bounds: np.ndarray[Any, Any]
    faulty: list[int]


class TextLines:
    """The lines of a file; ``number`` is that of the next one."""

    def __init__(self, stream: BinaryIO, first_line: int) -> None:
        self.number = first_line
        self._stream = stream
        self._is_start = first_line == 1
        self._rest = b""
        self._content = b""
        self._bounds = np.zeros(1, np.int64)
        self._places = [0]
        self._faults: dict[int, Fault] = {}
        self._next = 0

    def at(self, index: int) -> TextLine | None:
        """The line ``index`` lines ahead; None after the last one."""
        text = self.text_at(index)
        number = self.number + index
        return None if text is None else TextLine(number, text, self._faults.get(number))

    def text_at(self, index: int) -> str | None:
        """The text of that line."""
        while self._count() <= index:
            if not self._read_block():
                return None
        start, end = self._places[self._next + index : self._next + index + 2]
        return self._content[start:end].removesuffix(b"\n").decode()

    def ahead(self) -> LinesAhead:
        """All lines that have been read ahead."""
        return LinesAhead(
            self.number, self._content, self._bounds[self._next :], sorted(self._faults)
        )

    def take(self, count: int) -> list[TextLine]:
        """Take lines away that have been looked at."""
        taken = [line for index in range(count) if (line := self.at(index)) is not None]
        self.pass_over(count)
        return taken

    def pass_over(self, count: int) -> None:
        """Take lines away that have been read ahead."""
        for number in range(self.number, self.number + count) if self._faults else ():
            self._faults.pop(number, None)
        self.number += count
        self._next += count

    def skip_blank(self) -> TextLine | None:
        """Take blank lines away; the line that is next, None after the last one."""
        while (line := self.at(0)) is not None and line.is_blank:
            self.pass_over(1)
        return line

    def _count(self) -> int:
        """How many lines have been read ahead."""
        return len(self._places) - 1 - self._next

    def _read_block(self) -> bool:
        """Read some more lines ahead; False where there are none."""
        content = self._rest + self._stream.read(BLOCK_BYTES)
        self._rest = b""
        if not content:
            return False
        if self._is_start:
            content = content.removeprefix(codecs.BOM_UTF8)
            self._is_start = False
        end = content.rfind(b"\n") + 1
        if end:
            content, self._rest = content[:end], content[end:]
        else:  # the last line, or one that is longer than a block
            content += self._stream.readline(LONGEST_LINE)
        if len(content) > LONGEST_LINE or not is_sound(content):
            content = self._line_by_line(content)
        self._content = self._content[self._places[self._next] :] + content
        self._next = 0
        ends = np.flatnonzero(np.frombuffer(self._content, np.uint8) == _LF) + 1
        unended = [] if self._content.endswith(b"\n") else [len(self._content)]
        self._bounds = np.concatenate([[0], ends, unended]).astype(np.int64)
        self._places = self._bounds.tolist()  # to get a number out of an array takes long
        return True

    def _line_by_line(self, content: bytes) -> bytes:
        """The same lines as UTF-8, those at fault noted; the last may be too long and go on."""
        texts = []
        for line in physical_lines(io.BytesIO(content), self.number + self._count()):
            text, fault = _text_of(line)
            if fault:
                self._faults[line.number] = fault
            texts.append(text + "\n")
        while not content.endswith(b"\n") and content:
            content = self._stream.readline(LONGEST_LINE)
        return "".join(texts).encode()


def _text_of(line: Line) -> tuple[str, Fault | None]:
    fault = None
    try:
        text = line.content.decode()
    except UnicodeDecodeError as error:
        text = printable(line.content)
        byte = line.content[error.start]
        detail = f"byte 0x{byte:02x} at offset {error.start} of line {line.number}: {error.reason}"
        fault = Fault(NOT_UTF8, f"{detail}; {EXPECTED_TEXT}")
    if "\x00" in text or b"\x00" in line.content:
        fault = fault or Fault(NUL_CHARACTER, f"found a NUL character on line {line.number}")
    if line.is_cut:
        fault = Fault(LINE_TOO_LONG, f"line {line.number} is longer than {LONGEST_LINE} bytes")
    return text, fault
