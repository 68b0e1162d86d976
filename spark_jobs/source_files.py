"""Which YAML files declare the sources of a landing folder.

In force is one sources file, and with it every ``<landing>/sources.d/*.yaml``, each of which
declares one source. What they may say is in ``sources`` and ``mappings.language``.
"""

from __future__ import annotations

from pathlib import Path

from spark_jobs.declared import YAML_SUFFIXES, checked, read_yaml, with_mapping
from spark_jobs.sources import (
    FILE_NAME,
    SHIPPED_SOURCES,
    Source,
    Sources,
    SourcesError,
    read_sources,
)

ADDED_FOLDER = "sources.d"
"""Folder of the landing folder in which a file each adds a source, or replaces one."""


def sources_file(landing: Path, configured: Path | None) -> Path:
    """The sources file in force: the configured one, the landing folder's, else the shipped."""
    if configured is not None:
        return configured
    delivered = landing / FILE_NAME
    return delivered if delivered.is_file() else SHIPPED_SOURCES


def is_declaration(name: str) -> bool:
    """Whether a name, relative to the landing folder, is that of a file that declares sources."""
    return name == FILE_NAME or name.startswith(f"{ADDED_FOLDER}/")


def sources_in_force(landing: Path, configured: Path | None) -> Sources:
    """What the sources file in force declares, and what files of the landing folder add.

    A source that is added under the name of another one takes its place. Raises SourcesError
    naming the file, the key and the fault.
    """
    added: dict[str, Source] = {}
    files = _added_files(landing)
    for file in files:
        source = _read_source(file)
        if source.name in added:
            raise SourcesError(f"{file}: name: another file of {ADDED_FOLDER} has {source.name}")
        added[source.name] = source
    try:
        return read_sources(sources_file(landing, configured), tuple(added.values()))
    except SourcesError as error:
        if not files:
            raise
        raise SourcesError(f"{error}; added were {', '.join(map(str, files))}") from error


def _added_files(landing: Path) -> list[Path]:
    folder = landing / ADDED_FOLDER
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in YAML_SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


def _read_source(path: Path) -> Source:
    """The source that one file declares; its adapter is the mapping where it does not say."""
    content = read_yaml(path, "source")
    if isinstance(content, dict):
        content = {"adapter": "mapping", **content}
    return checked(Source, with_mapping(content, path), path)
