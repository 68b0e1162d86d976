"""Finds an adapter by the name that the sources file gives it."""

from __future__ import annotations

from importlib import import_module
from typing import cast, get_args

from spark_jobs.adapters.outcomes import AdapterModule
from spark_jobs.sources import Adapter, Source

NAMES: tuple[str, ...] = get_args(Adapter)
"""Every adapter that a source may name."""


def adapter_named(name: str) -> AdapterModule:
    """The adapter of that name; KeyError, listing those that exist, where there is none."""
    if name not in NAMES:
        raise KeyError(f"no adapter is named {name!r}; there are {', '.join(NAMES)}")
    return cast(AdapterModule, import_module(f"spark_jobs.adapters.{name}"))


def tables_of(source: Source) -> tuple[str, ...]:
    """The bronze tables that a source's records belong to."""
    adapter = adapter_named(source.adapter)
    of_source = getattr(adapter, "tables_of", None)
    return tuple(of_source(source)) if of_source else adapter.TABLES


def is_splittable(source: Source) -> bool:
    """Whether a source's files may be cut at line ends and their pieces read apart."""
    adapter = adapter_named(source.adapter)
    of_source = getattr(adapter, "is_splittable", None)
    return bool(of_source(source)) if of_source else adapter.SPLITTABLE


def has_header(source: Source) -> bool:
    """Whether a source's files are records of CSV under a header: see ``Passage.header``."""
    adapter = adapter_named(source.adapter)
    of_source = getattr(adapter, "has_header", None)
    return bool(of_source(source)) if of_source else hasattr(adapter, "LAYOUT")


def is_binary(source: Source) -> bool:
    """Whether a source's files are no text; its adapter then has ``is_binary(source)`` to say so.

    Such files are read with random access and never cut or taken from one encoding to another.
    """
    of_source = getattr(adapter_named(source.adapter), "is_binary", None)
    return of_source is not None and bool(of_source(source))
