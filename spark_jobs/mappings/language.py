"""The mapping language: what a YAML says of how an export becomes canonical records.

Only what may be written is here, and what contradicts itself or the declared tables is refused.
The guide for those who write mappings is ``docs/mappings.md``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from spark_jobs.mappings.fitting import (
    TABLES,
    Scalar,
    check_columns,
    described_type,
    mappable_columns,
)

__all__ = [
    "EPOCH_MILLISECONDS",
    "EPOCH_SECONDS",
    "ISO",
    "WHITESPACE",
    "ColumnMapping",
    "Format",
    "Mapping",
    "TableMapping",
    "described_type",
    "mappable_columns",
]

Format = Literal["csv", "tsv", "jsonl", "parquet"]
WHITESPACE = "whitespace"

ISO = "iso"
EPOCH_SECONDS = "epoch_seconds"
EPOCH_MILLISECONDS = "epoch_milliseconds"

_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_COMPRESSED = re.compile(r"\.(gz|bz2|zst|xz)$")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _column(value: Any) -> Any:
    """``post_id: id`` is short for ``post_id: {from: id}``."""
    return {"from": value} if isinstance(value, str | list) else value


def _names(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _words(value: Any) -> Any:
    """Words as texts, lower case; YAML reads ``1`` as a number and ``true`` as a truth value."""
    if not isinstance(value, list):
        return value
    return [
        str(word).strip().lower() if isinstance(word, str | bool | int) else word for word in value
    ]


def _by_word(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        str(word).strip().lower() if isinstance(word, str | bool | int) else word: stands_for
        for word, stands_for in value.items()
    }


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnMapping(_Part):
    """Where the values of one canonical column come from, and how they are written there."""

    names: Names = Field(
        default=(),
        alias="from",
        description="Column, or path into JSON such as author.name or /author/name. Of several, "
        "the first that has a value.",
    )
    constant: Scalar | None = Field(default=None, description="The same value for every record.")
    template: str | None = Field(
        default=None,
        description="Text with columns in braces, such as {topic}/{number}; null where one has "
        "no value.",
    )
    paragraphs: Names = Field(default=(), description="Columns whose texts are its paragraphs.")
    any_of: Names = Field(default=(), description="Columns of which one at least is true.")
    from_each: str | None = Field(
        default=None, description="Pattern of columns, such as *_handle: a list of their values."
    )
    item: str = Field(
        default="{value}",
        description="What an entry of from_each is; {name} is what its * stands for.",
    )
    required: bool = Field(default=False, description="Whether a record without it is at fault.")
    values: Annotated[dict[str, Scalar | None], BeforeValidator(_by_word)] = Field(
        default={}, description="Values that stand for others, in any case; null for none."
    )
    formats: Names = Field(
        default=(),
        description="How times and days are written, the first that fits: iso, epoch_seconds, "
        "epoch_milliseconds, or as strptime has it, such as %d/%m/%Y %H:%M.",
    )
    true_words: Words = Field(default=(), description="What stands for true; true, 1 if not given.")
    false_words: Words = Field(default=(), description="What stands for false.")
    separator: str | None = Field(default=None, min_length=1, description="What parts a list.")
    without_prefixes: Names = Field(default=(), description="Prefixes to take away, in order.")
    lower: bool = Field(default=False, description="Whether to write it in lower case.")
    upper: bool = Field(default=False, description="Whether to write it in upper case.")
    letters: int | None = Field(default=None, ge=1, description="Letters that a code has.")
    is_whole_number: bool = Field(
        default=False, description="Whether an id is a number, so that anything else is a fault."
    )
    html: bool = Field(default=False, description="Whether it is HTML, of which the text is kept.")
    unescape: bool = Field(default=False, description="Whether it has HTML entities to undo.")
    with_text: bool = Field(
        default=False, description="Whether what is found in the text belongs to it too."
    )

    @property
    def given_keys(self) -> set[str]:
        """The keys that say something other than they do where they are absent."""
        fields = type(self).model_fields
        return {name for name, field in fields.items() if getattr(self, name) != field.default}

    @property
    def template_names(self) -> tuple[str, ...]:
        """The columns that the template names, in order."""
        return tuple(_PLACEHOLDER.findall(self.template or ""))

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column or path that is read, patterns aside."""
        return (*self.names, *self.template_names, *self.paragraphs, *self.any_of)

    @field_validator("formats")
    @classmethod
    def _known_formats(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for each in formats:
            if each in (ISO, EPOCH_SECONDS, EPOCH_MILLISECONDS):
                continue
            try:
                if "%" not in each:
                    raise ValueError("no % in it")
                written = datetime(2024, 5, 17, tzinfo=UTC).strftime(each)
                datetime.strptime(written, each)  # noqa: DTZ007 - tried, not kept
            except (ValueError, re.error) as error:
                raise ValueError(
                    f"{each!r} is not iso, epoch_seconds, epoch_milliseconds or a pattern of "
                    f"strptime such as %d/%m/%Y ({error})"
                ) from error
        return formats

    @field_validator("template", "item")
    @classmethod
    def _sound_braces(cls, template: str | None) -> str | None:
        if template is not None:
            if not all(_PLACEHOLDER.findall(template) or [""]):
                raise ValueError(f"{template!r} names no column in braces, such as {{id}}")
            if set("{}") & set(_PLACEHOLDER.sub("", template)):
                raise ValueError(f"{template!r} has a brace without its other one")
        return template

    @model_validator(mode="after")
    def _consistent(self) -> ColumnMapping:
        origins = {
            "from": bool(self.names),
            "constant": self.constant is not None,
            "template": self.template is not None,
            "paragraphs": bool(self.paragraphs),
            "any_of": bool(self.any_of),
            "from_each": self.from_each is not None,
        }
        given = [name for name, is_given in origins.items() if is_given]
        if len(given) != 1:
            raise ValueError(
                f"found {' and '.join(given) or 'none'} of {', '.join(origins)}: give exactly one"
            )
        if self.from_each is not None and self.from_each.count("*") != 1:
            raise ValueError(f"from_each: {self.from_each!r} must have exactly one *")
        if "item" in self.model_fields_set and not set(_PLACEHOLDER.findall(self.item)) <= {
            "name",
            "value",
        }:
            raise ValueError(f"item: {self.item!r} may name {{name}} and {{value}} only")
        if self.lower and self.upper:
            raise ValueError("lower and upper: give one of them")
        if bool(self.true_words) != bool(self.false_words):
            raise ValueError("true_words and false_words: give both")
        return self


ColumnMappingOrName = Annotated[ColumnMapping, BeforeValidator(_column)]


class TableMapping(_Part):
    """The records of one table."""

    only_if: str | None = Field(
        default=None, description="Column without whose value a row makes no record here."
    )
    columns: dict[str, ColumnMappingOrName] = Field(
        min_length=1, description="Canonical columns, each with what it is made of."
    )


class Mapping(_Part):
    """How an export becomes records of one or more tables."""

    description: str | None = Field(default=None, description="What the export is, and its source.")
    format: Format | None = Field(default=None, description="Told by the glob's suffix if absent.")
    delimiter: str | None = Field(
        default=None,
        description="One character, or 'whitespace' for runs of blanks. Default: comma, "
        "semicolon or tab, whichever gives most known columns; a tab for tsv.",
    )
    header: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Names of the columns of files without a header."
    )
    decimal_comma: bool | None = Field(
        default=None, description="Whether numbers may have one. Default: where ; parts fields."
    )
    tables: dict[str, TableMapping] = Field(min_length=1, description="Records by bronze table.")

    @field_validator("delimiter")
    @classmethod
    def _known_delimiter(cls, value: str | None) -> str | None:
        if value is None or value == WHITESPACE:
            return value
        if len(value) == 1 and value not in '"\r\n':
            return value
        raise ValueError(f"{value!r} is neither one character nor 'whitespace'")

    @field_validator("header")
    @classmethod
    def _distinct_names(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        repeated = sorted({name for name in names or () if (names or ()).count(name) > 1})
        if repeated:
            raise ValueError(f"columns named twice: {', '.join(repeated)}")
        return names

    @model_validator(mode="after")
    def _fits_the_tables(self) -> Mapping:
        for name, table in self.tables.items():
            if name not in TABLES:
                raise ValueError(
                    f"tables.{name}: no such table; there are {', '.join(sorted(TABLES))}"
                )
            given = {
                column: (how.given_keys, how.constant) for column, how in table.columns.items()
            }
            check_columns(f"tables.{name}.columns", TABLES[name], given)
        if all(table.only_if for table in self.tables.values()):
            raise ValueError(
                "tables: each has only_if; one table must take every row, or rows would be lost"
            )
        self._check_header()
        return self

    def _check_header(self) -> None:
        if self.header is None:
            return
        known = {name.strip().lower() for name in self.header}
        for name, table in self.tables.items():
            reads = {read: column for column, how in table.columns.items() for read in how.reads}
            for read, column in reads.items():
                if read.strip().lower() not in known:
                    raise ValueError(f"tables.{name}.columns.{column}: {read!r} is not in header")

    def format_of(self, glob: str) -> Format:
        """The format of the files of a glob.

        Raises ValueError where it is not declared and the glob's suffix does not tell, and where
        the mapping says what files of that format do not have.
        """
        told = self.format or next(
            (name for suffix, name in _SUFFIXES.items() if _ends_with(glob, suffix)), None
        )
        if told is None:
            raise ValueError(
                f"mapping.format: {glob!r} does not tell the format; declare csv, tsv, jsonl or "
                "parquet"
            )
        for key in ("delimiter", "header", "decimal_comma"):
            if told not in ("csv", "tsv") and getattr(self, key) is not None:
                raise ValueError(f"mapping.{key}: files of format {told} have none")
        return told


def _ends_with(glob: str, suffix: str) -> bool:
    return _COMPRESSED.sub("", glob.lower().rstrip("*")).endswith(suffix)
