"""Why a landed file is not taken, or a member of it, and the codes that counts group by.

Whoever opens or reads a file raises these. For a refusal the capture writes one quarantine record
and goes on with the next file. What says nothing of a file's bytes, such as that it is gone, is no
refusal: the ledger must not know the file, so that it is read once it is there again.
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
UNMARKED_ENCODING = "unmarked_encoding"


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


class UnsettledError(Exception):
    """A file cannot be read now, or changes while it is; the message says what was seen."""


class MemberLeftError(FileRefusedError):
    """A member of an archive is no record of its source; the other members are taken."""
