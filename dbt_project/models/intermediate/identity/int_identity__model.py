"""What agreeing and differing fields say of two customers: a Splink model, trained once.

Training only: pairs are scored by `int_identity__pairs` with what is learnt here. The model that
was last published is kept, so that a person's records do not part because others arrived; it is
trained anew where it does not fit any more.

Sources: Fellegi and Sunter (1969), "A Theory for Record Linkage"; Splink's documentation for the
training by u from random pairs and m by expectation maximisation.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import duckdb
import numpy
import pyarrow
import splink.comparison_level_library as levels
from scipy.special import expit, logit
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

FORMULA_VERSION = "people 1"
"""Changes with the comparisons, the rules that bring pairs together and the way of training."""
ALIKE, SOMEWHAT_ALIKE = 0.88, 0.7
RANDOM_PAIRS = 5_000_000
TRAINING_PAIRS = 5_000_000
FEWEST_TRAINING_PAIRS = 100
PAIRS_PER_RECORD = 40
FEWEST_PAIRS_TO_SCORE = 2_000_000
"""Pairs that are scored in any case, which makes small sets nearly exhaustive."""
TOO_FEW = "too few customers to learn from"
TOO_UNLIKE = "too few customers are alike to learn from"
GROWTH = 2
"""A model is trained anew once there are so many times the customers it was trained on."""

FIELDS = (
    "given_name", "family_name", "birth_date", "email", "phone_key", "street", "postal_code", "city"
)  # fmt: skip
RULES = (
    ("email_key",), ("phone_key",), ("names_in_order",), ("family_name", "birth_date"),
    ("given_name", "birth_date"), ("street", "postal_code"), ("street", "city"),
    ("street", "family_name"), ("street", "given_name"), ("family_name", "postal_code"),
    ("given_name", "postal_code"), ("birth_date", "postal_code"), ("birth_date", "city"),
    ("email_local_part",), ("family_name", "city"), ("given_name", "city"), ("birth_date",),
    ("street",), ("postal_code",), ("family_name",), ("given_name",), ("city",),
)  # fmt: skip
"""Which pairs are looked at, from the narrowest rule to the widest: as many as are affordable."""
TRAINING_RULES = (("given_name", "family_name"), ("birth_date",), ("email_key",), ("street",))
SURE_RULES = (("email_key",), ("family_name", "given_name", "birth_date"), ("birth_date", "street"))
SURE_RECALL = 0.7
"""Where the search for the share of matches starts; it ends where the model agrees with itself."""
SWAPPED = f"""(
    jaro_winkler_similarity(given_name_l, family_name_r) >= {ALIKE}
    and jaro_winkler_similarity(family_name_l, given_name_r) >= {ALIKE}
    and jaro_winkler_similarity(given_name_l, given_name_r) < {ALIKE}
)"""
SCHEMA = pyarrow.schema(
    [
        ("model_version", pyarrow.string()),
        ("formula_version", pyarrow.string()),
        ("settings", pyarrow.string()),
        ("trained_fields", pyarrow.list_(pyarrow.string())),
        ("trained_records_count", pyarrow.int64()),
        ("missing_reason", pyarrow.string()),
    ]
)


def _letters_apart(column: str, most: int) -> levels.CustomLevel:
    return levels.CustomLevel(
        f"damerau_levenshtein({column}_l::varchar, {column}_r::varchar) <= {most}",
        f"{most} signs apart",
    )


def _comparison(name: str, *found: Any, null: Any = None) -> CustomComparison:
    null = null or levels.NullLevel(name)
    return CustomComparison([null, *found, levels.ElseLevel()], output_column_name=name)


def _same(column: str) -> Any:
    return levels.ExactMatchLevel(column, term_frequency_adjustments=True)


def comparisons() -> list[CustomComparison]:
    """What is compared, each from the same to the different; rare values count for more.

    Names in one another's place are one event, which `given_name` counts and `family_name` leaves
    out.
    """
    like = levels.JaroWinklerLevel
    swapped = levels.CustomLevel(SWAPPED, "names in one another's place")
    no_family_name = levels.CustomLevel(
        f"family_name_l is null or family_name_r is null or {SWAPPED}", "null"
    ).configure(is_null_level=True)
    return [
        _comparison(
            "given_name",
            _same("given_name"),
            levels.ArrayIntersectLevel("given_name_forms"),
            swapped,
            like("given_name", ALIKE),
            like("given_name", SOMEWHAT_ALIKE),
        ),
        _comparison(
            "family_name",
            _same("family_name"),
            like("family_name", ALIKE),
            like("family_name", SOMEWHAT_ALIKE),
            null=no_family_name,
        ),
        _comparison(
            "birth_date",
            levels.ExactMatchLevel("birth_date"),
            _letters_apart("birth_date", 1),
            _letters_apart("birth_date", 2),
        ),
        _comparison(
            "email",
            _same("email"),
            levels.ExactMatchLevel("email_local_part"),
            like("email_local_part", 0.9),
            like("email_local_part", 0.75),
        ),
        _comparison("phone_key", _same("phone_key")),
        _comparison("street", _same("street"), like("street", 0.9), like("street", 0.75)),
        _comparison("postal_code", _same("postal_code"), _letters_apart("postal_code", 1)),
        _comparison("city", _same("city"), like("city", ALIKE)),
    ]


def pairs_count(records: pyarrow.Table, columns: tuple[str, ...]) -> int:
    """How many pairs of records agree in all of `columns`."""
    named = ", ".join(columns)
    known = " and ".join(f"{column} is not null" for column in columns)
    query = f"""
        select coalesce(sum(n * (n - 1) / 2), 0)::bigint
        from (select count(*) as n from records where {known} group by {named})
    """
    with duckdb.connect() as connection:
        connection.register("records", records)
        return int(connection.execute(query).fetchall()[0][0])


def affordable_rules(records: pyarrow.Table) -> list[tuple[str, ...]]:
    """The widest of `RULES` that cost, all together, `PAIRS_PER_RECORD` for each record."""
    budget = max(FEWEST_PAIRS_TO_SCORE, PAIRS_PER_RECORD * records.num_rows)
    chosen = []
    for columns in RULES:
        count = pairs_count(records, columns)
        if 0 < count <= budget:
            budget -= count
            chosen.append(columns)
    return chosen


def train(records: pyarrow.Table) -> dict[str, Any] | None:
    """The settings of a Splink linker that has learnt from `records` without any truth.

    None where no rule brings together enough pairs to learn from. The share of matches among all
    pairs is the one at which the model finds as many as it presumes.
    """
    training_rules = [
        columns
        for columns in TRAINING_RULES
        if pairs_count(records, columns) >= FEWEST_TRAINING_PAIRS
    ]
    if not training_rules:
        return None
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=[
            block_on(*columns) for columns in affordable_rules(records)
        ],
        retain_intermediate_calculation_columns=True,
    )
    connection = duckdb.connect()
    linker = Linker(DuckDBAPI(connection).register(records), settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on(*columns) for columns in SURE_RULES], recall=SURE_RECALL
    )
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for columns in training_rules:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=TRAINING_PAIRS,
        )
    trained: dict[str, Any] = linker.misc.save_model_to_json()
    scored = linker.inference.predict()
    pairs = connection.table(scored.physical_name).project("match_weight").fetchnumpy()
    name = "probability_two_random_records_match"
    all_pairs = records.num_rows * (records.num_rows - 1) / 2
    trained[name] = _agreed_share(pairs["match_weight"] * numpy.log(2), trained[name], all_pairs)
    return trained


def _agreed_share(log_odds: Any, share: float, all_pairs: float) -> float:
    """The share of matches at which the pairs' probabilities add up to that share of all pairs."""
    evidence = log_odds - logit(share)
    for _ in range(100):
        found = float(expit(evidence + logit(share)).sum()) / all_pairs
        if abs(found - share) <= 1e-4 * share:
            break
        share = found
    return found


def filled_fields(records: pyarrow.Table) -> list[str]:
    """The compared fields that at least one record has."""
    return [name for name in FIELDS if records.column(name).null_count < records.num_rows]


def published_model(published: Path) -> dict[str, Any] | None:
    """The model of the last publication; None where nothing, or no model, is published."""
    if not published.exists():
        return None
    with duckdb.connect(str(published), read_only=True) as connection:
        if not connection.execute(
            "select 1 from duckdb_tables() where table_name = 'mart_identity_model'"
        ).fetchall():
            return None
        rows = connection.execute(
            f"select {', '.join(SCHEMA.names)} from mart_identity_model where settings is not null"
        ).fetchall()
    return dict(zip(SCHEMA.names, rows[0], strict=True)) if rows else None


def still_fits(known: dict[str, Any], records: pyarrow.Table) -> bool:
    """Whether a model was trained in today's way, on all fields and enough of the records."""
    return (
        known["formula_version"] == FORMULA_VERSION
        and set(filled_fields(records)) <= set(known["trained_fields"])
        and records.num_rows < GROWTH * known["trained_records_count"]
    )


def kept_or_trained(
    known: dict[str, Any] | None, records: pyarrow.Table, fewest: int
) -> dict[str, Any]:
    """The known model where it still fits, else one that is trained on `records`.

    Without a model `settings` are null, with a `missing_reason`.
    """
    if known and still_fits(known, records):
        return known
    settings, reason = None, TOO_FEW
    if records.num_rows >= fewest:
        settings, reason = train(records), TOO_UNLIKE
    text = json.dumps(settings, sort_keys=True) if settings else None
    return {
        "model_version": hashlib.sha256(text.encode()).hexdigest()[:12] if text else None,
        "formula_version": FORMULA_VERSION,
        "settings": text,
        "trained_fields": filled_fields(records),
        "trained_records_count": records.num_rows,
        "missing_reason": None if text else reason,
    }


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """The model, in one row: `settings` of Splink as JSON, null with a `missing_reason` without."""
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    records = dbt.ref("int_identity__source_fields").order("record_key").to_arrow_table()
    keeps = meta["identity_model"] == "keep"
    known = published_model(Path(meta["published_path"])) if keeps else None
    row = kept_or_trained(known, records, int(meta["identity_minimum_customers"]))
    return pyarrow.Table.from_pylist([row], schema=SCHEMA)
