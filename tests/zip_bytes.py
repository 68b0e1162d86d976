"""Zip archives built byte by byte, so that a test can make one that lies."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

STORED, DEFLATE = 0, 8


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@dataclass(frozen=True)
class Entry:
    """One member; what is None is as it should be."""

    name: bytes
    data: bytes = b""
    method: int = STORED
    packed: bytes | None = None
    flags: int = 0x800
    attributes: int = 0
    extra: bytes = b""
    said_bytes: int | None = None
    said_packed_bytes: int | None = None
    checksum: int | None = None
    local_name: bytes | None = None
    offset: int | None = None

    @property
    def content(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.data) if self.method == DEFLATE else self.data

    @property
    def sums(self) -> tuple[int, int, int]:
        checksum = zlib.crc32(self.data) if self.checksum is None else self.checksum
        size = len(self.data) if self.said_bytes is None else self.said_bytes
        packed = len(self.content) if self.said_packed_bytes is None else self.said_packed_bytes
        return checksum, packed, size


def zip_bytes(entries: Sequence[Entry], prefix: bytes = b"") -> bytes:
    """An archive of some members; one with an ``offset`` has no bytes of its own."""
    body, directory = bytearray(prefix), bytearray()
    for entry in entries:
        offset = len(body) if entry.offset is None else entry.offset
        if entry.offset is None:
            name = entry.name if entry.local_name is None else entry.local_name
            body += struct.pack(
                "<4s5H3I2H",
                b"PK\3\4",
                20,
                entry.flags,
                entry.method,
                0,
                0,
                *entry.sums,
                len(name),
                0,
            )
            body += name + entry.content
        directory += struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\1\2", 20, 20, entry.flags, entry.method, 0, 0, *entry.sums),
            *(len(entry.name), len(entry.extra), 0, 0, 0, entry.attributes, offset),
        )
        directory += entry.name + entry.extra
    count = min(len(entries), 0xFFFF)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
