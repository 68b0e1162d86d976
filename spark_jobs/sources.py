"""What is declared: which dumps there are, who reads them, and who speaks for a brand.

The sources file declares everything that depends on the company: brands and competitors, the
sources of the landing zone, the accounts that speak for a brand. An unknown key is an error. How
the files are read is in ``declared``, which of them are in force in ``source_files``.
"""

from __future__ import annotations

import codecs
import datetime
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from spark_jobs.declared import SourcesError as SourcesError
from spark_jobs.declared import checked, read_yaml, with_mapping
from spark_jobs.mappings.language import Mapping

SHIPPED_SOURCES = Path(__file__).with_name("sources.yaml")
FILE_NAME = "sources.yaml"
UTF_8 = "utf-8"
CRM = "crm"
"""What stands for the source of CRM customers, whichever source delivered them."""
_NO_ENCODINGS_OF_FILES = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)

Adapter = Literal[
    "x_api_v2",
    "x_v1",
    "customer_care",
    "reddit",
    "mastodon",
    "youtube",
    "discourse",
    "stackexchange",
    "mapping",
]


class _Declaration(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Brand(_Declaration):
    """A company's brand, or a competitor's."""

    name: str = Field(min_length=1, description="Name as people write it.")
    aliases: tuple[str, ...] = Field(default=(), description="Other ways people write it.")
    products: tuple[str, ...] = Field(default=(), description="Products to recognise in texts.")
    is_competitor: bool = Field(default=False, description="Whether it is somebody else's.")


class BrandAccount(_Declaration):
    """An account that speaks for a brand on one source."""

    account: str = Field(min_length=1, description="Account id or handle, without @.")
    brand: str = Field(description="Name of a declared brand.")
    department: str | None = Field(default=None, description="Department that answers from it.")
    is_automated: bool = Field(default=False, description="Whether a program writes there.")


class CurrencyRate(_Declaration):
    """What one unit of a currency is worth in another, from a day on until the next rate."""

    currency: str = Field(pattern="^[A-Z]{3}$", description="Currency, ISO 4217.")
    in_currency: str = Field(pattern="^[A-Z]{3}$", description="Currency it is changed into.")
    valid_from: datetime.date = Field(description="First day, in UTC, on which it holds.")
    rate: Decimal = Field(
        gt=0, max_digits=18, decimal_places=8, description="Units of the other for one unit."
    )
    origin: str = Field(min_length=1, description="Who states it, such as the accounts.")

    @model_validator(mode="after")
    def _of_two_currencies(self) -> CurrencyRate:
        if self.currency == self.in_currency:
            raise ValueError(f"{self.currency} needs no rate in itself")
        return self


class Employee(_Declaration):
    """An account or CRM customer whose owner works for a brand and speaks in their own name."""

    source: str = Field(description="Name of a declared source, or crm for a CRM customer.")
    account: str = Field(min_length=1, description="Account id or handle, without @; customer id.")
    brand: str = Field(description="Name of a declared brand.")


class QuarantineLimit(_Declaration):
    """How much of a batch may be unreadable before its gate fails."""

    share: float = Field(default=0.25, ge=0, le=1, description="Share of the rows read.")
    at_least_rows: int = Field(
        default=100, ge=1, description="Batches with fewer rows are not judged by their share."
    )


class ArchiveLimits(_Declaration):
    """How much a compressed file or an archive of a source may hold before it is refused.

    The defaults let the largest public monthly dumps through, which compress about twentyfold and
    expand to some hundred gigabytes, and folders of one API response a file; text of the kind
    that sources deliver does not compress two-hundredfold, what is made to fill a disk does.
    """

    members: int = Field(default=10_000, ge=1, description="Files in one archive.")
    expanded_bytes: int = Field(default=1 << 40, ge=1, description="Bytes of it once expanded.")
    ratio: int = Field(default=200, ge=1, description="Expanded bytes for each byte delivered.")
    ratio_from_bytes: int = Field(
        default=100 * 1024 * 1024,
        ge=0,
        description="What expands to no more than this is not judged by its ratio.",
    )


class Source(_Declaration):
    """One kind of dump in the landing zone."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name, also of its bronze folder.")
    adapter: Adapter = Field(description="Module of spark_jobs.adapters that reads it.")
    glob: str = Field(min_length=1, description="Files, relative to the landing folder.")
    channel: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Medium, such as x or reddit.")
    time_zone: str = Field(default="UTC", description="Zone of times written without one.")
    country: str | None = Field(
        default=None,
        pattern="^[A-Z]{2}$",
        description="Country, ISO 3166 alpha-2, of phone numbers written without one.",
    )
    encoding: str = Field(
        default=UTF_8,
        description="Encoding of texts without a byte order mark, as Python names it.",
    )
    archive_limits: ArchiveLimits = Field(default=ArchiveLimits())
    mapping: Mapping | None = Field(
        default=None,
        description="How the adapter 'mapping' reads it: the name of a mapping that ships, a YAML "
        "file relative to the one that says so, or the mapping itself.",
    )
    brand_accounts: tuple[BrandAccount, ...] = Field(default=())
    quarantine_limit: QuarantineLimit = Field(default=QuarantineLimit())

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Paris")
        return value

    @field_validator("encoding")
    @classmethod
    def _text_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
            name = codecs.lookup(value).name
        except (LookupError, UnicodeError, ValueError) as error:
            raise ValueError(
                f"{value!r} is not a text encoding that Python knows, such as windows-1252"
            ) from error
        if name in _NO_ENCODINGS_OF_FILES:
            raise ValueError(f"{value!r} is not an encoding that files are written in")
        return UTF_8 if name == "utf-8-sig" else name

    @field_validator("glob")
    @classmethod
    def _below_landing(cls, value: str) -> str:
        if value.startswith("/") or ".." in Path(value).parts:
            raise ValueError(f"{value!r} must stay below the landing folder")
        return value

    @model_validator(mode="after")
    def _mapped(self) -> Source:
        if (self.adapter == "mapping") != (self.mapping is not None):
            raise ValueError("adapter 'mapping' and the key 'mapping' go together")
        if self.mapping is not None:
            self.mapping.format_of(self.glob)
        return self

    @property
    def mapping_version(self) -> str | None:
        """Hash of the mapping, which is another one where it reads anything in another way."""
        if self.mapping is None:
            return None
        canonical = self.mapping.model_dump_json(exclude={"description"})
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of times written without one."""
        return ZoneInfo(self.time_zone)


class Sources(_Declaration):
    """Everything the sources file declares."""

    brands: tuple[Brand, ...] = Field(default=())
    currency_rates: tuple[CurrencyRate, ...] = Field(default=())
    sources: tuple[Source, ...] = Field(min_length=1)
    employees: tuple[Employee, ...] = Field(default=())

    @model_validator(mode="after")
    def _consistent(self) -> Sources:
        for kind, names in (
            ("source", [source.name for source in self.sources]),
            ("brand", [brand.name for brand in self.brands]),
            (
                "currency rate",
                [
                    f"{rate.currency} in {rate.in_currency} from {rate.valid_from}"
                    for rate in self.currency_rates
                ],
            ),
        ):
            repeated = sorted({name for name in names if names.count(name) > 1})
            if repeated:
                raise ValueError(f"{kind} declared twice: {', '.join(repeated)}")
        brands = {brand.name for brand in self.brands}
        for source in self.sources:
            unknown = sorted({entry.brand for entry in source.brand_accounts} - brands)
            if unknown:
                raise ValueError(
                    f"source {source.name}: brand accounts of undeclared brands "
                    f"{', '.join(unknown)}; declare them under 'brands'"
                )
        for entry in self.employees:
            if entry.brand not in brands:
                raise ValueError(
                    f"employee {entry.account}: undeclared brand {entry.brand}; declare it under "
                    "'brands'"
                )
            if entry.source not in {CRM, *(source.name for source in self.sources)}:
                raise ValueError(
                    f"employee {entry.account}: undeclared source {entry.source}; name one under "
                    f"'sources', or {CRM} for a CRM customer"
                )
        return self

    def named(self, name: str) -> Source:
        """The source of that name; KeyError where there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        raise KeyError(name)


def read_sources(path: Path, added: Sequence[Source] = ()) -> Sources:
    """Read and check a sources file, with sources that other files add.

    An added source takes the place of the file's own of that name. Raises SourcesError naming the
    file, the key and the fault.
    """
    content = read_yaml(path, "sources file")
    if isinstance(content, dict) and isinstance(content.get("sources"), list):
        replaced = {source.name for source in added}
        declared = [
            with_mapping(source, path)
            for source in content["sources"]
            if not (isinstance(source, dict) and source.get("name") in replaced)
        ]
        content = {**content, "sources": [*declared, *added]}
    return checked(Sources, content, path)
