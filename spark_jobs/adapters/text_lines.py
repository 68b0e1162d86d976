"""The lines of a CSV file as text, with as much looking ahead as its reader asks for.

Lines are read and decoded many at a time; a block in which a line cannot be trusted as text is
gone through line by line. What lines mean is the business of ``csv_records``.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import BinaryIO

from spark_jobs.adapters.faults import EXPECTED_TEXT, NOT_UTF8, Fault
from spark_jobs.adapters.lines import LONGEST_LINE, Line, physical_lines
from spark_jobs.adapters.outcomes import printable

NUL_CHARACTER = "nul_character"
LINE_TOO_LONG = "line_too_long"

BLOCK_BYTES = 1024 * 1024


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


class TextLines:
    """The lines of a file; ``number`` is that of the next one.

    ``has_carriage_returns`` tells whether any was seen so far.
    """

    def __init__(self, stream: BinaryIO, first_line: int) -> None:
        self.number = first_line
        self.has_carriage_returns = False
        self._stream = stream
        self._is_start = first_line == 1
        self._rest = b""
        self._texts: list[str] = []
        self._faults: dict[int, Fault] = {}
        self._next = 0

    def at(self, index: int) -> TextLine | None:
        """The line ``index`` lines ahead; None after the last one."""
        text = self.text_at(index)
        number = self.number + index
        return None if text is None else TextLine(number, text, self._faults.get(number))

    def text_at(self, index: int) -> str | None:
        """The text of that line."""
        while len(self._texts) - self._next <= index:
            if not self._read_block():
                return None
        return self._texts[self._next + index]

    def sound_texts(self, most: int | None = None) -> list[str]:
        """Texts of the lines that have been read ahead, up to the first one with a fault."""
        count = len(self._texts) - self._next if most is None else most
        if self._faults:
            faulty = min((number for number in self._faults if number >= self.number), default=None)
            count = count if faulty is None else min(count, faulty - self.number)
        return self._texts[self._next : self._next + count]

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
        if self._next == len(self._texts):
            self._texts, self._next = [], 0

    def skip_blank(self) -> TextLine | None:
        """Take blank lines away; the line that is next, None after the last one."""
        while (text := self.text_at(0)) is not None and (not text or text.isspace()):
            self.pass_over(1)
        return self.at(0)

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
        self.has_carriage_returns = self.has_carriage_returns or b"\r" in content
        if self._next:
            del self._texts[: self._next]
            self._next = 0
        if len(content) <= LONGEST_LINE and b"\x00" not in content:
            try:
                self._texts += content.removesuffix(b"\n").decode().split("\n")
                return True
            except UnicodeDecodeError:
                pass  # line by line, to find which it is
        self._add_line_by_line(content)
        return True

    def _add_line_by_line(self, content: bytes) -> None:
        """Add lines that may have faults; the last of them may be too long and go on."""
        first = self.number + len(self._texts)
        for line in physical_lines(io.BytesIO(content), first):
            text, fault = _text_of(line)
            if fault:
                self._faults[line.number] = fault
            self._texts.append(text)
        while not content.endswith(b"\n") and content:
            content = self._stream.readline(LONGEST_LINE)


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
