"""What agreeing and differing fields say of two customers: a Splink model, trained once.

Training only: pairs are scored by `int_identity__pairs` with what is learnt here. The model that
was last published is kept, so that a person's records do not part because others arrived; it is
trained anew where it does not fit any more.

Source of the model: Fellegi and Sunter (1969), "A Theory for Record Linkage", Journal of the
American Statistical Association 64(328). Splink compares and scores; what findings are worth is
learnt here.
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
from numpy.typing import NDArray
from scipy.special import expit, logit
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

Numbers = NDArray[numpy.int64]
Weights = NDArray[numpy.float64]

FORMULA_VERSION = "people 1"
"""Changes with the comparisons, the rules that bring pairs together and the way of training."""
ALIKE, SOMEWHAT_ALIKE = 0.88, 0.7
RANDOM_PAIRS = 5_000_000
TRAINING_RECORDS = 100_000
FEWEST_MATCHES = 20
MOST_ROUNDS = 200
PAIRS_PER_RECORD = 40
FEWEST_PAIRS_TO_SCORE = 2_000_000
"""Pairs that are scored in any case, which makes small sets nearly exhaustive."""
TOO_FEW = "too few customers to learn from"
TOO_UNLIKE = "too few customers are alike to learn from"
LEAST_PROBABILITY = 1e-6
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
    one, other = f"{column}_l::varchar", f"{column}_r::varchar"
    # Texts of other lengths are further apart, which costs less to see.
    return levels.CustomLevel(
        f"abs(length({one}) - length({other})) <= {most}"
        f" and damerau_levenshtein({one}, {other}) <= {most}",
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
    out. So are postal code and town, which mostly say the same: weighed apart they would make
    neighbours one person. Addresses are made of names: only a slip makes two of them alike, or
    namesakes would be one person.
    """
    like, same = levels.JaroWinklerLevel, levels.ExactMatchLevel
    swapped = levels.CustomLevel(SWAPPED, "names in one another's place").configure(
        tf_adjustment_column="given_name"
    )
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
            same("email_local_part"),
            _letters_apart("email", 2),
        ),
        _comparison("phone_key", _same("phone_key")),
        _comparison("street", _same("street"), like("street", 0.9), like("street", 0.75)),
        _comparison(
            "place",
            levels.And(same("postal_code"), same("city")).configure(
                tf_adjustment_column="postal_code", label_for_charts="same postal code and town"
            ),
            levels.Or(
                levels.And(same("postal_code"), like("city", ALIKE)),
                levels.And(same("city"), _letters_apart("postal_code", 1)),
            ).configure(label_for_charts="same postal code or town, the other like"),
            levels.And(_letters_apart("postal_code", 1), like("city", ALIKE)).configure(
                label_for_charts="like postal code and town"
            ),
            _same("postal_code"),
            _same("city"),
            like("city", ALIKE),
            _letters_apart("postal_code", 1),
            null=levels.And(levels.NullLevel("postal_code"), levels.NullLevel("city")),
        ),
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

    None where too few records look like one person's. Large tables are learnt from by a sample:
    keys of records are hashes, so that the first are any.
    """
    sample = records.slice(0, TRAINING_RECORDS)
    with duckdb.connect() as connection:
        linker = Linker(
            DuckDBAPI(connection).register(sample),
            SettingsCreator(
                link_type="dedupe_only",
                unique_id_column_name="record_key",
                comparisons=comparisons(),
                blocking_rules_to_generate_predictions=_rules(sample),
                retain_intermediate_calculation_columns=True,
            ),
            log_level=logging.ERROR,
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
        settings: dict[str, Any] = linker.misc.save_model_to_json()
        scored = linker.inference.predict()
        gammas = [f"gamma_{found['output_column_name']}" for found in settings["comparisons"]]
        patterns = connection.sql(
            f"select {', '.join(gammas)}, count(*) as pairs_count from {scored.physical_name}"
            " group by all"
        ).fetchnumpy()
    all_pairs = sample.num_rows * (sample.num_rows - 1) / 2
    share, matches, others = learn(
        settings["comparisons"],
        numpy.column_stack([patterns[name] for name in gammas]),
        patterns["pairs_count"],
        all_pairs,
    )
    if share * all_pairs < FEWEST_MATCHES:
        return None
    settings["probability_two_random_records_match"] = share
    for comparison, match, other in zip(settings["comparisons"], matches, others, strict=True):
        for number, level in enumerate(_levels(comparison)):
            level["m_probability"] = float(match[number])
            level["u_probability"] = float(other[number])
    settings["probability_two_random_records_match"] = _share_with_rarity(sample, settings)
    if sample.num_rows < records.num_rows:
        settings["blocking_rules_to_generate_predictions"] = [
            rule.get_blocking_rule("duckdb").as_dict() for rule in _rules(records)
        ]
    return settings


def _rules(records: pyarrow.Table) -> list[Any]:
    return [block_on(*columns) for columns in affordable_rules(records)]


def _levels(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of a comparison, from the most different: in the order of their numbers."""
    known = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    return known[::-1]


def learn(
    compared: list[dict[str, Any]], patterns: Numbers, counts: Numbers, all_pairs: float
) -> tuple[float, list[Weights], list[Weights]]:
    """The share of matches among all pairs, and of each comparison how often findings come.

    Expectation maximisation (Dempster, Laird and Rubin, 1977) over the pairs that were looked at;
    all others count as no matches. Splink's own training looks at the pairs of one rule at a time,
    ends with an error where a finding is of no match, and leaves the matches among random pairs in
    the chances of findings, which makes the rare ones look less telling than they are.

    Args:
        compared: comparisons of Splink's settings, with how often findings come of random pairs.
        patterns: for each pattern of findings, the number of each; -1 where it is not known.
        counts: pairs of each pattern.
        all_pairs: of any two records.

    Returns:
        the share; of each comparison the probability of its findings, from the most different,
        among matches; and among others.
    """
    of_random = [
        numpy.array([level.get("u_probability") or 0.0 for level in _levels(found)])
        for found in compared
    ]
    # At first a match is one that is the same, or nearly, in most of what is known.
    matches = [numpy.linspace(1, 3, len(found)) ** 3 for found in of_random]
    matches = [match / match.sum() for match in matches]
    share = 1 / numpy.sqrt(2 * all_pairs)
    for _ in range(MOST_ROUNDS):
        others = [
            numpy.maximum((found - share * match) / (1 - share), LEAST_PROBABILITY)
            for found, match in zip(of_random, matches, strict=True)
        ]
        evidence = numpy.zeros(len(counts))
        for column, (match, other) in enumerate(zip(matches, others, strict=True)):
            finding = patterns[:, column]
            evidence += numpy.where(finding >= 0, numpy.log(match / other)[finding], 0)
        expected = expit(evidence + logit(share)) * counts
        before, share = share, float(expected.sum()) / all_pairs
        for column, match in enumerate(matches):
            known = patterns[:, column] >= 0
            found = numpy.bincount(patterns[known, column], expected[known], minlength=len(match))
            # One match more, of all findings alike: what never came may yet come.
            matches[column] = (found + 1 / len(match)) / (found.sum() + 1)
        if abs(share - before) <= 1e-5 * share:
            break
    return share, matches, others


def _share_with_rarity(records: pyarrow.Table, settings: dict[str, Any]) -> float:
    """The share of matches that the model finds, rare values counting for more, where it agrees."""
    with duckdb.connect() as connection:
        linker = Linker(DuckDBAPI(connection).register(records), settings, log_level=logging.ERROR)
        scored = linker.inference.predict()
        weights = connection.table(scored.physical_name).project("match_weight").fetchnumpy()
    share = settings["probability_two_random_records_match"]
    evidence = weights["match_weight"] * numpy.log(2) - logit(share)
    all_pairs = records.num_rows * (records.num_rows - 1) / 2
    for _ in range(MOST_ROUNDS):
        before, share = share, float(expit(evidence + logit(share)).sum()) / all_pairs
        if abs(share - before) <= 1e-5 * share:
            break
    return share


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
