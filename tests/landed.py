"""How tests read a file as a capture would: landed, cut into pieces, opened."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backports import zstd

from spark_jobs.landing import LandedFile
from spark_jobs.opening import opened
from spark_jobs.pieces import Piece, pieces_of
from spark_jobs.sources import Source


def long_window(data: bytes) -> bytes:
    """A .zst with the long window of the public Reddit dumps."""
    options = {
        zstd.CompressionParameter.window_log: 31,
        zstd.CompressionParameter.compression_level: 1,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    packer = zstd.ZstdCompressor(options=options)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 6, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": long_window,
}


def declared(adapter: str = "reddit", glob: str = "*.ndjson", **more: Any) -> Source:
    values = {"name": "tested", "adapter": adapter, "glob": glob, "channel": "medium", **more}
    return Source.model_validate(values)


def landed(path: Path, content: bytes) -> LandedFile:
    path.write_bytes(content)
    status = path.stat()
    moment = datetime.fromtimestamp(status.st_mtime, UTC)
    return LandedFile("tested", path.name, path, status.st_size, moment)


def pieces(path: Path, content: bytes, source: Source) -> list[Piece]:
    return list(pieces_of(landed(path, content), source, "batch"))


def read(piece: Piece, source: Source) -> bytes:
    with opened(piece, source) as stream:
        return stream.read()


def delivered(path: Path, content: bytes, source: Source) -> dict[str, bytes]:
    """What the pieces of a file give, by name."""
    found: dict[str, bytes] = {}
    for piece in pieces(path, content, source):
        found[piece.file] = found.get(piece.file, b"") + read(piece, source)
    return found
