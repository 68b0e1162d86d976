"""Who is found to be one person, on records that nobody here wrote, by F1 over pairs.

Pairs are those of the finished people, after all grouping. Nothing that is learnt or cut sees the
truth. Records that the CRM's adapter sets aside, for an impossible date of birth, are no part.
"""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lake import write_lake
from public_exports import FEBRL, PEOPLE, read
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as comparisons

Row = dict[str, Any]


def customers(path: Path, mapping: str) -> list[Row]:
    """What the adapter of CRM customers accepts of a file, with keys of e-mail addresses."""
    accepted, _, _ = read(path, mapping)
    return [
        {
            "source": path.stem,
            "email_key": (row.get("email") or "").strip().lower() or None,
            **{name: value for name, value in row.items() if value is not None},
        }
        for row in accepted
    ]


def together(groups: Mapping[Hashable, Hashable]) -> int:
    """How many pairs are in one group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups.values()).values())


def f1_over_pairs(found: Mapping[str, Hashable], truth: Mapping[str, Hashable]) -> float:
    """Twice the pairs that both have, over the pairs of either: precision with recall."""
    both = together({record: (found[record], truth[record]) for record in truth})
    return 2 * both / (together(found) + together(truth))


@pytest.fixture
def find_people(build_home: Callable[..., Any], tmp_path: Path):
    def find(rows: list[Row]) -> dict[str, str]:
        write_lake(tmp_path, {"customers": rows})
        only = ["--exclude-resource-type", "unit_test", "test"]
        warehouse = build_home(tmp_path, "--select", "+int_identity__people", *only)
        with duckdb.connect(str(warehouse.path), read_only=True) as connection:
            people = connection.table("intermediate.int_identity__people")
            return dict(people.project("record_id, customer_key").fetchall())

    return find


def febrl(folder: Path, name: str) -> list[Row]:
    return customers(folder / "identity_febrl" / name, FEBRL)


def test_customers_of_febrl(find_people, shared_data):
    rows = febrl(shared_data, "dataset1.csv")
    assert len(rows) == 990
    truth = {row["customer_id"]: row["customer_id"].split("-")[1] for row in rows}
    score = f1_over_pairs(find_people(rows), truth)
    print(f"febrl 1: F1 over pairs {score:.4f}")
    assert score >= 0.999


def test_two_files_of_febrl(find_people, shared_data):
    """One against the other: pairs are of a record of each, all other pairs are counted beside."""
    files = [febrl(shared_data, name) for name in ("dataset4a.csv", "dataset4b.csv")]
    assert [len(rows) for rows in files] == [4_938, 4_878]
    rows = [row for rows in files for row in rows]
    truth = {row["customer_id"]: row["customer_id"].split("-")[1] for row in rows}
    found = find_people(rows)
    source = {row["customer_id"]: row["source"] for row in rows}
    both = {record: (found[record], truth[record]) for record in truth}
    between = [
        together(groups) - together({record: (groups[record], source[record]) for record in truth})
        for groups in (both, found, truth)
    ]
    score = 2 * between[0] / (between[1] + between[2])
    of_all = f1_over_pairs(found, truth)
    print(f"febrl 4a against 4b: F1 over pairs {score:.4f}, with those within a file {of_all:.4f}")
    assert score >= 0.999


def tutorial(path: Path) -> dict[str, str]:
    """What the comparisons, training and threshold of Splink's tutorial make of the same file.

    Pairs are looked at where any name, birth date or e-mail is the same: by the two rules of the
    tutorial alone most true pairs never meet.
    """
    connection = duckdb.connect()
    records = connection.read_csv(str(path), all_varchar=True).to_arrow_table()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            comparisons.NameComparison("first_name"),
            comparisons.NameComparison("surname"),
            comparisons.LevenshteinAtThresholds("dob", 1),
            comparisons.ExactMatch("city").configure(term_frequency_adjustments=True),
            comparisons.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on(column) for column in ("first_name", "surname", "dob", "email")
        ],
    )
    linker = Linker(DuckDBAPI(connection).register(records), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [
            "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
            "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.2)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.95)
    rows = connection.sql(f"select unique_id, cluster_id from {clusters.physical_name}").fetchall()
    return {str(record): str(cluster) for record, cluster in rows}


def test_people_of_fake_1000(find_people, shared_data):
    path = shared_data / "identity_fake1000" / "fake_1000.csv"
    with path.open(newline="") as stream:
        truth = {row["unique_id"]: row["cluster"] for row in csv.DictReader(stream)}
    score = f1_over_pairs(find_people(customers(path, PEOPLE)), truth)
    baseline = f1_over_pairs(tutorial(path), truth)
    print(f"fake_1000: F1 over pairs {score:.4f}, Splink's tutorial {baseline:.4f}")
    assert score >= 0.93
    assert score > baseline
