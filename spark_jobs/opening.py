"""From a piece of a delivered file to the stream of UTF-8 bytes that its adapter reads."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from spark_jobs.pieces import Piece


class FileRefusedError(Exception):
    """A file cannot be taken at all; nothing of it is, however far it was read.

    ``reason`` is the code that counts group by, ``detail`` says what was found and which limit
    or rule it broke.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@contextmanager
def opened(piece: Piece) -> Iterator[BinaryIO]:
    """The bytes of a piece; FileRefusedError here or while they are read."""
    with piece.path.open("rb") as stream:
        if piece.is_cut:
            stream.seek(piece.start)
            yield io.BytesIO(stream.read(piece.end - piece.start))
        else:
            yield stream
