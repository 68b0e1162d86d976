"""The files of rules in ``rules``: their content, and a digest that changes with it.

A model's name carries the digest, so that texts are annotated again once a rule has changed.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Any

import yaml


def read(name: str) -> Any:
    """What a file of rules says."""
    return yaml.safe_load(_content(name))


def digest(name: str) -> str:
    """Eight hexadecimal digits of a file's bytes."""
    return hashlib.blake2b(_content(name), digest_size=4).hexdigest()


def _content(name: str) -> bytes:
    return files(__package__).joinpath("rules", f"{name}.yaml").read_bytes()
