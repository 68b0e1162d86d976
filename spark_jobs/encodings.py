"""Texts in other encodings, turned into UTF-8 as they are read.

A byte order mark tells the encoding; without one it is the source's. Bytes that the encoding does
not have never become a character: they are kept as bytes that UTF-8 does not have either, so
that whoever reads the line sets it aside.
"""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO

from spark_jobs.refusals import UNKNOWN_BYTE_ORDER, UNMARKED_ENCODING, FileRefusedError
from spark_jobs.sources import UTF_8

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NULS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
"""Which of the first four bytes are NUL."""
_KEEP_BYTES = "causerie.keep_bytes"
_FIRST_KEPT = 0xDC00


def marked_encoding(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark tells, and the mark's length; None without a mark."""
    return next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), None)


def unmarked_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: files begin with ASCII, the other bytes of which are NUL."""
    nuls = tuple(byte == 0 for byte in head[:4])
    return _NULS.get(nuls)


def in_utf8(stream: io.BufferedReader, declared: str, what: str) -> BinaryIO:
    """The text of a stream as UTF-8, whatever it is written in.

    Args:
        stream: at its start; the mark of UTF-8 stays on it.
        declared: encoding where there is no byte order mark.
        what: name of the stream, for the refusal.
    """
    mark = marked_encoding(stream.peek(4)[:4])
    encoding, mark_bytes = mark or (declared, 0)
    if encoding == UTF_8:
        if likely := unmarked_encoding(stream.peek(4)[:4]):
            raise FileRefusedError(
                UNMARKED_ENCODING,
                f"{what}: found NULs as in {likely} and no byte order mark, expected {UTF_8}; "
                f"declare `encoding: {likely}`, or deliver it with a mark",
            )
        return stream
    if encoding in ("utf-16", "utf-32") and stream.peek(1):
        raise FileRefusedError(
            UNKNOWN_BYTE_ORDER,
            f"{what}: declared as {encoding}, found no byte order mark; declare {encoding}-le or "
            f"{encoding}-be",
        )
    stream.read(mark_bytes)
    return io.BufferedReader(_Transcoded(stream, encoding), CHUNK_BYTES * 4)


class _Transcoded(io.RawIOBase):
    """A stream in some encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(_KEEP_BYTES)
        self._ready = memoryview(b"")
        self._is_done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        while not self._ready and not self._is_done:
            chunk = self._stream.read(CHUNK_BYTES)
            self._is_done = not chunk
            text = self._decoder.decode(chunk, final=self._is_done)
            self._ready = memoryview(text.encode(UTF_8, _KEEP_BYTES))
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count


def _keep_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    """Keep what has no character: first as half surrogates, then as bytes that are no UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        bad = error.object[error.start : error.end]
        return "".join(chr(_FIRST_KEPT + byte) for byte in bad), error.end
    if isinstance(error, UnicodeEncodeError):
        halves = error.object[error.start : error.end]
        return b"".join(_never_utf8(ord(half) - _FIRST_KEPT) for half in halves), error.end
    raise error


def _never_utf8(code: int) -> bytes:
    """A byte in a form that is UTF-8 beside no other, and that ends no line."""
    if 0x80 <= code <= 0xFF:
        return bytes((code, 0xFF))
    return b"\xff" + (rf"\x{code:02x}".encode() if code >= 0 else b"")


codecs.register_error(_KEEP_BYTES, _keep_bytes)
