"""Streams of compressed bytes, expanded as they are read, within limits and bounded memory.

A stream that is cut, damaged or followed by something else is refused: nobody can know what is
missing. Which format a file has is told by ``formats``; archives of many members are the
business of ``archives``.

A ``.zst`` frame may ask for a window of up to 2 GiB, as the public Reddit dumps do; that is then
the memory that reading it takes.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from backports import zstd

from spark_jobs.refusals import ARCHIVE_LIMIT, CORRUPT_ARCHIVE, FileRefusedError
from spark_jobs.sources import ArchiveLimits

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 256 * 1024
LONGEST_WINDOW_LOG = 31
MOST_XZ_MEMORY = 1 << 30


class Decoder(Protocol):
    """One compressed stream, as the standard library's decompressors are."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more bytes."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the stream."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take bytes in; give at most so many out."""
        ...


class Deflated:
    """zlib's decompressor, in the form of the others."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)
        self._is_full = False

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more bytes."""
        return not (self._is_full or self._inner.unconsumed_tail)

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the stream."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take bytes in; give at most so many out."""
        expanded = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._is_full = len(expanded) == max_length  # zlib may hold more of what it has taken in
        return expanded


DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: Deflated(16 + zlib.MAX_WBITS),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_XZ_MEMORY),
    "zstd": lambda: zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: LONGEST_WINDOW_LOG}
    ),
    "deflate": lambda: Deflated(-zlib.MAX_WBITS),
}
"""A new decoder, by the name of the compression."""

_ERRORS = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far something that takes ``packed_bytes`` may expand."""

    what: str
    packed_bytes: int
    limits: ArchiveLimits

    def check(self, expanded_bytes: int) -> None:
        """Raise FileRefusedError where so many bytes are more than a limit allows."""
        limits = self.limits
        if expanded_bytes > limits.expanded_bytes:
            self._refuse("expanded_bytes", limits.expanded_bytes, f"{expanded_bytes} bytes")
        if expanded_bytes > max(limits.ratio_from_bytes, limits.ratio * self.packed_bytes):
            ratio = expanded_bytes / max(1, self.packed_bytes)
            found = f"{ratio:.0f} times its {self.packed_bytes} bytes"
            self._refuse("ratio", limits.ratio, found)

    def _refuse(self, name: str, limit: int, found: str) -> None:
        detail = f"{self.what} expands to {found} or more, above archive_limits.{name} = {limit}"
        raise FileRefusedError(ARCHIVE_LIMIT, detail)


class Expanded(io.RawIOBase):
    """The bytes of one compressed stream, or of several one after the other.

    Reading fills what it is given, until the end.
    """

    def __init__(self, packed: BinaryIO, compression: str, gauge: Gauge) -> None:
        super().__init__()
        self._packed = packed
        self._compression = compression
        self._gauge = gauge
        self._decoder = DECODERS[compression]()
        self._pending = b""
        self._is_done = False
        self._count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with what comes next; FileRefusedError where that cannot be known."""
        view = memoryview(buffer)
        filled = 0
        while filled < len(view) and not self._is_done:
            expanded = self._next(len(view) - filled)
            view[filled : filled + len(expanded)] = expanded
            filled += len(expanded)
            self._count += len(expanded)
            self._gauge.check(self._count)
        return filled

    def _next(self, most: int) -> bytes:
        decoder = self._decoder
        if decoder.eof:
            self._start_next(decoder.unused_data)
            return b""
        data = self._pending
        self._pending = b""
        if not data and decoder.needs_input:
            data = self._packed.read(CHUNK_BYTES)
            if not data:
                raise self._corrupt("the end is missing: the file was cut or not sent whole")
        try:
            return decoder.decompress(data, most)
        except _ERRORS as error:
            raise self._corrupt(str(error)) from error

    def _start_next(self, rest: bytes) -> None:
        """Go on after the end of a stream: with another one, or nowhere."""
        rest = rest or self._packed.read(CHUNK_BYTES)
        if self._compression in ("gzip", "xz"):  # both may be padded with zeros
            while rest and not (rest := rest.lstrip(b"\0")):
                rest = self._packed.read(CHUNK_BYTES)
        if not rest:
            self._is_done = True
        elif self._compression == "deflate":
            raise self._corrupt("bytes follow the end of the compressed data")
        else:
            self._pending = rest
            self._decoder = DECODERS[self._compression]()

    def _corrupt(self, found: str) -> FileRefusedError:
        place = f"after {self._count} expanded bytes"
        detail = f"{self._gauge.what}: {self._compression} data, {place}: {found}"
        return FileRefusedError(CORRUPT_ARCHIVE, detail)


def buffered(raw: io.RawIOBase) -> io.BufferedReader[Any]:
    """A stream with lines over a raw one."""
    return io.BufferedReader(raw, CHUNK_BYTES)
