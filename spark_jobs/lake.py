"""Where the lake's files lie, and how a batch becomes part of it.

A job writes a *candidate*; a gate checks it; promoting it moves its folders into place, the
ledger last. What has no ledger entry was never promoted, so a run that died half way leaves
nothing that a reader counts: the next one removes it first. A *part* is a batch, or what several
batches were merged into. No Spark here.

    bronze/<table>/source=<source>/part=<part>/*.parquet
    silver/text_annotations/annotation_version=<version>/batch_id=<batch>/*.parquet
    candidates/{bronze,silver}/...
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from spark_jobs.paths import for_duckdb
from spark_jobs.sources import Sources
from spark_jobs.tables.bronze import TABLES as BRONZE_TABLES
from spark_jobs.tables.configuration import SOURCES
from spark_jobs.tables.configuration import TABLES as CONFIGURATION_TABLES
from spark_jobs.tables.declaration import Table
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

NOTHING = "_none"
"""Partition value of the empty file that gives a table its columns before anything arrived."""

REPLACED = "_replaced.json"
"""File beside the ledger of a part that names the parts it replaces, until they are gone."""

PARTITIONS = frozenset({"source", "annotation_version"})
"""Columns that are in the names of folders and not in the files."""


@dataclass(frozen=True)
class Lake:
    """The lake of one home."""

    root: Path

    @property
    def bronze(self) -> Path:
        """Records as delivered."""
        return self.root / "bronze"

    @property
    def silver(self) -> Path:
        """Annotations of texts."""
        return self.root / "silver"

    @property
    def candidates(self) -> Path:
        """Batches that no gate has passed yet."""
        return self.root / "candidates"

    def bronze_candidate(self, source: str, batch_id: str) -> Path:
        """Folder of a batch before its gate; holds one folder a table."""
        return self.candidates / "bronze" / source / batch_id

    def bronze_batch(self, table: str, source: str, batch_id: str) -> Path:
        """Folder of one table of one promoted batch."""
        return self.bronze / table / f"source={source}" / f"part={batch_id}"

    def silver_candidate(self, batch_id: str) -> Path:
        """Folder of a batch of annotations before its gate."""
        return self.candidates / "silver" / batch_id

    def silver_batch(self, annotation_version: str, batch_id: str) -> Path:
        """Folder of a promoted batch of annotations."""
        return (
            self.silver
            / TEXT_ANNOTATIONS.name
            / f"annotation_version={annotation_version}"
            / f"batch_id={batch_id}"
        )

    def promote_bronze(
        self, source: str, batch_id: str, replaced: Collection[str] = frozenset()
    ) -> None:
        """Move a candidate into bronze; the ledger's move, the last, is the commit.

        Args:
            source: whose it is.
            batch_id: its name.
            replaced: parts that have no say any more once the candidate has one.
        """
        candidate = self.bronze_candidate(source, batch_id)
        ledger = candidate / "ledger"
        if replaced:
            (ledger / REPLACED).write_text(json.dumps(sorted(replaced)), encoding="utf-8")
        tables = sorted(folder.name for folder in candidate.iterdir() if folder.is_dir())
        for table in [*(name for name in tables if name != ledger.name), ledger.name]:
            target = self.bronze_batch(table, source, batch_id)
            target.parent.mkdir(parents=True, exist_ok=True)
            (candidate / table).rename(target)
        shutil.rmtree(candidate)
        self._remove_replaced()

    def _remove_replaced(self) -> None:
        """Remove the parts that another has replaced; begun again where it was interrupted."""
        for note in self.bronze.glob(f"ledger/source=*/part=*/{REPLACED}"):
            source = note.parent.parent.name
            for part in json.loads(note.read_text(encoding="utf-8")):
                for folder in sorted(self.bronze.glob(f"*/{source}/part={part}")):
                    shutil.rmtree(folder)
            note.unlink()

    def parts(self, source: str) -> dict[str, int]:
        """The promoted parts of a source, each with the bytes of its files in all tables."""
        names = [
            folder.name.removeprefix("part=")
            for folder in sorted((self.bronze / "ledger" / f"source={source}").glob("part=*"))
        ]
        return {
            name: sum(
                file.stat().st_size
                for file in self.bronze.glob(f"*/source={source}/part={name}/*.parquet")
            )
            for name in names
        }

    def promote_silver(self, annotation_version: str, batch_id: str) -> None:
        """Move a candidate into silver, in one rename."""
        target = self.silver_batch(annotation_version, batch_id)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.silver_candidate(batch_id).rename(target)

    def annotations_before(self, annotation_version: str) -> Path | None:
        """Folder of the other version of annotations that was added to last, if there is one."""
        versions = (self.silver / TEXT_ANNOTATIONS.name).glob("annotation_version=*")
        others = [
            folder
            for folder in versions
            if folder != self.silver_batch(annotation_version, NOTHING).parent
            and any(batch.name != f"batch_id={NOTHING}" for batch in folder.glob("batch_id=*"))
        ]
        return max(
            others, key=lambda folder: (folder.stat().st_mtime_ns, folder.name), default=None
        )

    def recover(self) -> list[Path]:
        """Remove what an interrupted run left: candidates and batches without a ledger entry.

        Returns:
            the folders removed.
        """
        self._remove_replaced()
        left = any(path.is_file() for path in self.candidates.rglob("*"))
        removed = [self.candidates] if left else []
        for folder in self.bronze.glob("*/source=*/part=*"):
            table, source, batch = folder.relative_to(self.bronze).parts
            if batch != f"part={NOTHING}" and table != "ledger":
                committed = self.bronze / "ledger" / source / batch
                if not committed.exists():
                    removed.append(folder)
        for folder in removed:
            shutil.rmtree(folder)
        return removed

    def ensure_tables(self) -> None:
        """Give every table an empty file with its columns, so that readers find each of them."""
        for table in BRONZE_TABLES.values():
            self._write_empty(table, self.bronze_batch(table.name, NOTHING, NOTHING))

    def ensure_annotations(self, annotation_version: str) -> None:
        """Give a version of the models an empty file, so that readers find it without any text."""
        self._write_empty(TEXT_ANNOTATIONS, self.silver_batch(annotation_version, NOTHING))

    def write_configuration(self, sources: Sources) -> None:
        """Write what the sources file says of brands and sources where the warehouse reads it."""
        rows: dict[str, list[dict[str, Any]]] = {
            "brands": [
                {"brand": brand.name, **brand.model_dump(exclude={"name"})}
                for brand in sources.brands
            ],
            "brand_accounts": [
                {"source": source.name, **entry.model_dump(), "account": entry.account.lower()}
                for source in sources.sources
                for entry in source.brand_accounts
            ],
            "currency_rates": [rate.model_dump() for rate in sources.currency_rates],
            "employees": [
                {**entry.model_dump(), "account": entry.account.lower()}
                for entry in sources.employees
            ],
            "sources": [
                {
                    "source": source.name,
                    "mapping_version": source.mapping_version,
                    **source.model_dump(include=set(SOURCES.column_names)),
                }
                for source in sources.sources
            ],
        }
        for name, table in CONFIGURATION_TABLES.items():
            target = self.bronze / name / f"{name}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(".partial")
            pq.write_table(pa.Table.from_pylist(rows[name], schema=table.arrow_schema), partial)
            partial.replace(target)

    def read_bronze(self, table: str, columns: Sequence[str], **partitions: str) -> pa.Table:
        """Those columns of the promoted rows of a bronze table, or of one partition of it."""
        wanted = ds.field("source") != NOTHING
        for name, value in partitions.items():
            wanted &= ds.field(name) == value
        return _dataset(self.bronze / table).to_table(columns=list(columns), filter=wanted)

    def holds(self, table: str, source: str) -> bool:
        """Whether bronze has any file of that table from that source."""
        return any((self.bronze / table / f"source={source}").glob("part=*"))

    def read_candidate(
        self, source: str, batch_id: str, table: str, without: Collection[str] = ()
    ) -> pa.Table:
        """One table of a candidate but for some columns; no rows where the batch has none of it."""
        folder = self.bronze_candidate(source, batch_id) / table
        schema = file_schema(BRONZE_TABLES[table])
        columns = [name for name in schema.names if name not in without]
        if not folder.exists():
            return schema.empty_table().select(columns)
        return ds.dataset(folder, format="parquet", schema=schema).to_table(columns=columns)

    def pending_texts_count(self, annotation_version: str) -> int:
        """How many texts of posts and answers that version has yet to annotate; it must exist."""
        delivered = " union ".join(
            f"select text_key from {for_duckdb(self.bronze / table, '*/*/*.parquet')} "
            "where text is not null"
            for table in ("posts", "surveys")
        )
        annotations = self.silver_batch(annotation_version, NOTHING).parent
        annotated = for_duckdb(annotations, "batch_id=*/*.parquet")
        with duckdb.connect() as connection:
            (count,) = connection.execute(
                f"select count(*) from ({delivered}) anti join {annotated} using (text_key)"
            ).fetchall()[0]
        return int(count)

    def batches(self) -> list[str]:
        """Identity of every promoted batch, in order: what the lake holds, for fingerprints."""
        folders = (
            *(self.bronze / "ledger").glob("source=*/part=*"),
            *(self.silver / TEXT_ANNOTATIONS.name).glob("annotation_version=*/batch_id=*"),
        )
        return sorted(folder.relative_to(self.root).as_posix() for folder in folders)

    @staticmethod
    def _write_empty(table: Table, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(parents=True)
            pq.write_table(file_schema(table).empty_table(), folder / "empty.parquet")


def file_schema(table: Table) -> pa.Schema:
    """The columns inside a table's files: all but those that the folders' names say."""
    return pa.schema(
        field.remove_metadata() for field in table.arrow_schema if field.name not in PARTITIONS
    )


def _dataset(folder: Path) -> ds.Dataset:
    partitioning = ds.partitioning(
        pa.schema([("source", pa.string()), ("part", pa.string())]), flavor="hive"
    )
    return ds.dataset(folder, format="parquet", partitioning=partitioning)
