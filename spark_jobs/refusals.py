"""Why a landed file is not taken, or a member of it, and the codes that counts group by.

Whoever opens or reads a file raises these; the capture writes one quarantine record for each and
goes on with the next file.
"""

from __future__ import annotations

CORRUPT_ARCHIVE = "corrupt_archive"
UNSAFE_ARCHIVE = "unsafe_archive"
ENCRYPTED_ARCHIVE = "encrypted_archive"
NESTED_ARCHIVE = "nested_archive"
UNSUPPORTED_ARCHIVE = "unsupported_archive"
ARCHIVE_LIMIT = "archive_limit"
UNCLAIMED_MEMBER = "unclaimed_member"
UNKNOWN_BYTE_ORDER = "unknown_byte_order"
VANISHED = "vanished"
CHANGED_WHILE_READ = "changed_while_read"
UNREADABLE = "unreadable"

PASSING = frozenset({VANISHED, CHANGED_WHILE_READ, UNREADABLE})
"""Reasons that say nothing of the file's bytes: the same file may well be read another time."""


class FileRefusedError(Exception):
    """A file cannot be taken at all; nothing of it is, however far it was read.

    ``reason`` is the code that counts group by, ``detail`` says what was found and which limit
    or rule it broke.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)  # both, so that it can be pickled
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class MemberLeftError(FileRefusedError):
    """A member of an archive is no record of its source; the other members are taken."""
