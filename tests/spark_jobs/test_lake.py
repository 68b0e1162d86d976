"""The lake: a batch is in it whole or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spark_jobs.lake import Lake
from spark_jobs.sources import Brand, BrandAccount, CurrencyRate, Employee, Source, Sources
from spark_jobs.tables.bronze import TABLES


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    lake.ensure_tables()
    return lake


def candidate(lake: Lake, *tables: str) -> None:
    for table in tables:
        folder = lake.bronze_candidate("x", "one") / table
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"batch_id": ["one"], "file": ["a"]}), folder / "part.parquet")


def test_every_table_can_be_read_before_anything_arrived(lake: Lake) -> None:
    for name, table in TABLES.items():
        assert lake.read_bronze(name, table.column_names).num_rows == 0


def test_a_promoted_batch_is_read_and_its_candidate_is_gone(lake: Lake) -> None:
    candidate(lake, "posts", "ledger")
    before = lake.batches()
    lake.promote_bronze("x", "one")
    assert lake.read_bronze("posts", ["source", "batch_id", "file"]).to_pylist() == [
        {"source": "x", "batch_id": "one", "file": "a"}
    ]
    assert set(lake.batches()) - set(before) == {"bronze/ledger/source=x/part=one"}
    assert not lake.bronze_candidate("x", "one").exists()


def test_a_batch_without_its_ledger_is_removed_on_recovery(lake: Lake) -> None:
    candidate(lake, "posts", "ledger")
    target = lake.bronze_batch("posts", "x", "one")
    target.parent.mkdir(parents=True)
    (lake.bronze_candidate("x", "one") / "posts").rename(target)  # as if the run died here
    removed = lake.recover()
    assert set(removed) == {lake.candidates, target}
    assert lake.read_bronze("posts", ["file"]).num_rows == 0
    assert lake.recover() == []


def test_recovery_keeps_what_was_promoted(lake: Lake) -> None:
    candidate(lake, "posts", "ledger")
    lake.promote_bronze("x", "one")
    assert lake.recover() == []
    assert lake.read_bronze("posts", ["file"]).num_rows == 1


def test_the_configuration_is_written_as_tables(lake: Lake) -> None:
    lake.write_configuration(
        Sources(
            brands=(Brand(name="Ondéa", aliases=("ondea",), products=("Box",)),),
            currency_rates=(
                CurrencyRate(
                    currency="CHF",
                    in_currency="EUR",
                    valid_from=date(2026, 1, 1),
                    rate=Decimal("1.07"),
                    origin="accounts",
                ),
            ),
            sources=(
                Source(
                    name="x",
                    adapter="x_api_v2",
                    glob="x/*",
                    channel="x",
                    brand_accounts=(BrandAccount(account="Ondea_Aide", brand="Ondéa"),),
                ),
            ),
            employees=(Employee(source="x", account="Lea_V", brand="Ondéa"),),
        )
    )
    rows = {
        name: pq.read_table(lake.bronze / name / f"{name}.parquet").to_pylist()
        for name in ("brands", "brand_accounts", "currency_rates", "employees", "sources")
    }
    assert rows["brands"] == [
        {"brand": "Ondéa", "aliases": ["ondea"], "products": ["Box"], "is_competitor": False}
    ]
    assert rows["brand_accounts"][0]["account"] == "ondea_aide"
    assert rows["currency_rates"] == [
        {
            "currency": "CHF",
            "in_currency": "EUR",
            "valid_from": date(2026, 1, 1),
            "rate": Decimal("1.07"),
            "origin": "accounts",
        }
    ]
    assert rows["employees"] == [{"source": "x", "account": "lea_v", "brand": "Ondéa"}]
    assert rows["sources"] == [
        {
            "source": "x",
            "adapter": "x_api_v2",
            "channel": "x",
            "mapping_version": None,
            "time_zone": "UTC",
        }
    ]
