"""Finds an adapter by the name that the sources file gives it."""

from __future__ import annotations

from importlib import import_module
from typing import cast, get_args

from spark_jobs.adapters.outcomes import AdapterModule
from spark_jobs.sources import Adapter

NAMES: tuple[str, ...] = get_args(Adapter)
"""Every adapter that a source may name."""


def adapter_named(name: str) -> AdapterModule:
    """The adapter of that name; KeyError, listing those that exist, where there is none."""
    if name not in NAMES:
        raise KeyError(f"no adapter is named {name!r}; there are {', '.join(NAMES)}")
    return cast(AdapterModule, import_module(f"spark_jobs.adapters.{name}"))
