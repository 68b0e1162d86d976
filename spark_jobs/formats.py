"""What a delivered file is packed in: told by its first bytes, or promised by its name.

Nothing is unpacked here. What is read is named in ``COMPRESSIONS``, and zip archives; the other
formats are known so that a refusal can say what was found.
"""

from __future__ import annotations

HEAD_BYTES = 512
"""How many first bytes tell what a file is."""

COMPRESSIONS = {".gz": "gzip", ".bz2": "bzip2", ".zst": "zstd", ".xz": "xz"}
"""Suffixes of single files that are read."""

ZIP = "zip"
TAR = "tar"
_UNREAD_COMPRESSIONS = {".lz4": "lz4", ".lzma": "lzma"}
_ARCHIVES = {
    ".zip": ZIP,
    ".7z": "7z",
    ".rar": "rar",
    ".tar": TAR,
    ".tgz": TAR,
    ".tbz2": TAR,
    ".txz": TAR,
    **{f".tar{suffix}": TAR for suffix in COMPRESSIONS},
}
_SUFFIXES = {**_ARCHIVES, **COMPRESSIONS, **_UNREAD_COMPRESSIONS}
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
    b"PK\x07\x08": ZIP,
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x1f\x9d": "compress",
}
_TEXT_CONTROLS = frozenset(b"\t\n\x0b\f\r\x1b")


def sniffed(head: bytes) -> str | None:
    """The format that first bytes show; None where they are those of none known."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"):
        return "bzip2"
    if len(head) > 3 and head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5:
        return "zstd"  # a skippable frame, with which pzstd begins
    if head[257:262] == b"ustar" and b"\0" in head[:257]:
        return TAR
    return None


def promised(name: str) -> str | None:
    """The format that a name's suffix promises, in any case."""
    suffix = _suffix(name)
    return _SUFFIXES[suffix] if suffix else None


def is_archive_name(name: str) -> bool:
    """Whether a name promises many members."""
    return _suffix(name) in _ARCHIVES


def without_compression(name: str) -> str:
    """A name without the suffix of a compression: ``a.csv`` of ``a.csv.gz``."""
    suffix = _suffix(name)
    is_single = suffix in COMPRESSIONS or suffix in _UNREAD_COMPRESSIONS
    return name[: -len(suffix)] if is_single else name


def looks_like_text(head: bytes) -> bool:
    """Whether bytes could be the start of a text in some encoding."""
    from_mark = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
    return from_mark or all(byte >= 0x20 or byte in _TEXT_CONTROLS for byte in head)


def _suffix(name: str) -> str:
    """The longest known suffix of a name, in lower case; empty where it has none."""
    lower = name.lower()
    return max((suffix for suffix in _SUFFIXES if lower.endswith(suffix)), key=len, default="")
