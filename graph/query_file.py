"""One file of the query library: a header that says what the query is for, then its Cypher.

The header is a block comment in YAML, so that the whole file can also be pasted into Neo4j
Browser. It is checked when the file is read: an unknown key, or a parameter that the query does
not use or the header does not declare, is an error. Running queries is ``graph.query_library``'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Value: TypeAlias = str | int | float | bool | None

_HEADER = re.compile(r"\A/\*\n(?P<header>.*?)\n\*/\n(?P<body>.+)\Z", re.DOTALL)
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_TYPES = {"text": str, "integer": int, "number": float, "boolean": bool}


class QueryError(ValueError):
    """A query file, a query's name or a parameter is wrong; the message says which and how."""


class Parameter(BaseModel):
    """One parameter of a query. Without a default it must be given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["text", "integer", "number", "boolean"]
    description: str = Field(min_length=1)
    default: Value = None
    minimum: float | None = None

    @property
    def is_required(self) -> bool:
        """Whether a value must be given; a default of null says it need not."""
        return "default" not in self.model_fields_set

    def accept(self, name: str, value: Value) -> Value:
        """The value, a text read as the parameter's type. Raises QueryError."""
        if value is None:
            if self.is_required or self.default is not None:
                raise QueryError(f"parameter {name}: {self.type} expected, nothing given")
            return None
        if isinstance(value, str) and self.type != "text":
            value = _read(value)
        if self.type == "number" and type(value) is int:
            value = float(value)
        if not self._holds(value):
            raise QueryError(f"parameter {name}: {self.type} expected, found {value!r}")
        if self.minimum is not None and isinstance(value, int | float) and value < self.minimum:
            raise QueryError(f"parameter {name}: {value} is below {self.minimum:g}")
        return value

    def _holds(self, value: Value) -> bool:
        # A boolean is an integer to Python, but not to whoever reads the header.
        return type(value) is _TYPES[self.type]


class Header(BaseModel):
    """What a query's header says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    question: str = Field(min_length=1, description="What it answers, in an analyst's words.")
    serves: str = Field(min_length=1, description="Principle or objective it is there for.")
    notes: str = Field(default="", description="What a reader must know to read it right.")
    parameters: dict[str, Parameter] = Field(default={})
    columns: dict[str, str] = Field(min_length=1, description="Meaning of each column, in order.")


@dataclass(frozen=True)
class Query:
    """One query: its name is its file's."""

    name: str
    header: Header
    cypher: str

    def values(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """All parameters, from what is given and the defaults.

        Raises QueryError for an unknown, missing or unfit one.
        """
        declared = self.header.parameters
        if unknown := sorted(set(given) - set(declared)):
            raise QueryError(
                f"query {self.name} takes no {', '.join(unknown)}; "
                f"it takes {', '.join(declared) or 'nothing'}"
            )
        missing = [name for name in declared if declared[name].is_required and name not in given]
        if missing:
            raise QueryError(f"query {self.name} needs {', '.join(missing)}")
        return {
            name: parameter.accept(name, given[name]) if name in given else parameter.default
            for name, parameter in declared.items()
        }


def read_query(path: Path) -> Query:
    """One query file, checked. Raises QueryError."""
    found = _HEADER.match(path.read_text(encoding="utf-8"))
    if found is None:
        raise QueryError(f"{path}: must begin with a header between /* and */, then the query")
    try:
        header = Header.model_validate(yaml.safe_load(found["header"]))
        for name, parameter in header.parameters.items():
            if parameter.default is not None:
                parameter.accept(name, parameter.default)
    except yaml.YAMLError as error:
        raise QueryError(f"{path}: the header is not YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        )
        raise QueryError(f"{path}: {faults}") from error
    except QueryError as error:
        raise QueryError(f"{path}: {error}") from error
    query = Query(name=path.stem, header=header, cypher=found["body"].strip())
    used = set(_PARAMETER.findall(query.cypher))
    if differing := sorted(used ^ set(header.parameters)):
        raise QueryError(f"{path}: used or declared, but not both: {', '.join(differing)}")
    return query


def _read(text: str) -> Value:
    """A number or boolean as JSON writes it; the text itself where it is neither."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text
