"""Which files a source's glob claims, packed or not, and which members of an archive.

Names only; nothing is looked up on any disk.

A file belongs to a source where its name, or its name without the suffix of a compression,
matches the glob: ``reddit/**/*.ndjson`` claims ``reddit/2024/a.ndjson.zst``. An archive belongs
to the source whose files may lie in its folder, and its members are those whose own name, in
whatever folder of the archive, matches the last part of the glob. A glob that ends with the
suffix of archives itself claims all their members.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from spark_jobs.formats import is_archive_name, without_compression
from spark_jobs.sources import Source


def claims_file(source: Source, name: str) -> bool:
    """Whether a file, by its name relative to the landing folder, is the source's."""
    pattern = source.glob.split("/")
    *folders, own = name.split("/")
    if any(_matches([*folders, each], pattern) for each in (own, without_compression(own))):
        return True
    return is_archive_name(own) and _matches([*folders, own], [*pattern[:-1], "*"])


def claims_member(source: Source, member: str) -> bool:
    """Whether a member of an archive that is the source's holds records of it."""
    pattern = source.glob.rsplit("/", 1)[-1]
    own = member.rsplit("/", 1)[-1]
    return is_archive_name(pattern) or any(
        fnmatchcase(name, pattern) for name in (own, without_compression(own))
    )


def fixed_parts(glob: str) -> tuple[str, ...]:
    """The folders of a glob before its first wildcard: ('crm', 'orders') of crm/orders/**/*.csv."""
    parts: list[str] = []
    for part in glob.split("/")[:-1]:
        if any(character in part for character in "*?["):
            break
        parts.append(part)
    return tuple(parts)


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Whether a path matches a glob in which ``**`` stands for any folders, or none."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[start:], pattern[1:]) for start in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
