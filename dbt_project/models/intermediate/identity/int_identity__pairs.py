"""How much each pair of customers that may be one person looks like one, and why.

Scoring only, by the model that `int_identity__model` keeps: nothing is learnt here. Which pairs
make a person is decided by `int_identity__components`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

import duckdb
import igraph
import numpy
import pyarrow
import pyarrow.compute
from splink import DuckDBAPI, Linker, block_on

NAMES = ("given_name", "family_name")
GROUP_RULE = ("identity_group",)
LARGEST_GROUP = 500
"""Records of a group up to which all its pairs are scored, not only those that rules bring up."""
CONTRIBUTION = pyarrow.struct(
    [
        ("comparison", pyarrow.string()),
        ("level", pyarrow.int32()),
        ("match_weight", pyarrow.float64()),
    ]
)
SCHEMA = pyarrow.schema(
    [
        ("record_key", pyarrow.string()),
        ("other_record_key", pyarrow.string()),
        ("match_weight", pyarrow.float64()),
        ("match_probability", pyarrow.float64()),
        ("weight_beyond_names", pyarrow.float64()),
        ("contributions", pyarrow.list_(CONTRIBUTION)),
        ("model_version", pyarrow.string()),
    ]
)


def score(
    records: pyarrow.Table,
    settings: dict[str, Any],
    threshold: float | None,
    rule: Sequence[str] | None = None,
) -> pyarrow.Table:
    """Pairs of `records` with their weights, in the columns of `SCHEMA` but the version.

    Args:
        records: rows of `int_identity__source_fields`, with the columns of `rule`.
        settings: a trained model.
        threshold: least probability of a pair that is kept; None keeps all.
        rule: columns that the two of a pair have alike, in place of the model's own rules.

    A weight is the logarithm, to base 2, of the odds that two records are one person's. It is the
    sum of its contributions: of `share`, the odds of any two records, and of each comparison. What
    the rarity of a value adds is in its comparison's.
    """
    if rule is not None:
        dialect = block_on(*rule).get_blocking_rule("duckdb").as_dict()
        settings = settings | {"blocking_rules_to_generate_predictions": [dialect]}
    with duckdb.connect() as connection:
        database = DuckDBAPI(connection)
        linker = Linker(database.register(records), settings, log_level=logging.ERROR)
        scored = linker.inference.predict(threshold_match_probability=threshold)
        columns = set(connection.table(scored.physical_name).columns)
        parts = [
            (name, f"coalesce({' + '.join(weights)}, 0)")
            for name, weights in _weight_columns(settings, columns)
        ]
        listed = ", ".join(
            _contribution(f"'{name}'", f"gamma_{name}", weight) for name, weight in parts
        )
        share = settings["probability_two_random_records_match"]
        prior = float(numpy.log2(share / (1 - share)))
        names = " + ".join(["0", *(weight for name, weight in parts if name in NAMES)])
        return (
            connection.sql(
                f"""
                select
                    least(record_key_l, record_key_r) as record_key,
                    greatest(record_key_l, record_key_r) as other_record_key,
                    match_weight,
                    match_probability,
                    match_weight - {prior} - ({names}) as weight_beyond_names,
                    [{_contribution("'share'", "null", str(prior))}, {listed}] as contributions
                from {scored.physical_name}
                """
            )
            .to_arrow_table()
            .cast(pyarrow.schema(list(SCHEMA)[:-1]))
        )


def _contribution(comparison: str, level: str, weight: str) -> str:
    return (
        f"struct_pack(comparison := {comparison}, level := {level}::integer,"
        f" match_weight := ({weight})::double)"
    )


def _weight_columns(settings: dict[str, Any], columns: set[str]) -> list[tuple[str, list[str]]]:
    """Each comparison with the columns that its weight is the sum of."""
    return [
        (
            name,
            [column for column in (f"mw_{name}", f"mw_tf_adj_{name}") if column in columns],
        )
        for name in (comparison["output_column_name"] for comparison in settings["comparisons"])
    ]


def groups(record_keys: pyarrow.Array, pairs: list[pyarrow.Table]) -> numpy.ndarray:
    """The number of the group that each record is in, where pairs hold groups together."""
    ends = []
    for table in pairs:
        columns = [
            pyarrow.compute.index_in(table.column(name), value_set=record_keys)
            for name in ("record_key", "other_record_key")
        ]
        edges = numpy.column_stack([column.to_numpy() for column in columns])
        # Keys hold together also what has no fields to compare: those ends are not among these.
        ends.append(edges[~numpy.isnan(edges.astype(float)).any(axis=1)].astype(int))
    graph = igraph.Graph(n=len(record_keys), edges=numpy.concatenate(ends))
    return numpy.asarray(graph.connected_components().membership, dtype=numpy.int64)


def all_pairs_of_groups(
    records: pyarrow.Table, settings: dict[str, Any], membership: numpy.ndarray
) -> pyarrow.Table:
    """Scores of all pairs within groups of three records or more, up to `LARGEST_GROUP`."""
    sizes = numpy.bincount(membership)[membership]
    is_scored = (sizes > 2) & (sizes <= LARGEST_GROUP)
    if not is_scored.any():
        return pyarrow.schema(list(SCHEMA)[:-1]).empty_table()
    # The other records stay, without a group: how rare a value is counts among all.
    numbers = pyarrow.array(membership, mask=~is_scored)
    return score(records.append_column("identity_group", numbers), settings, None, GROUP_RULE)


def likely(pairs: pyarrow.Table, probability: float) -> pyarrow.Table:
    """The pairs that hold records together: names alone never do."""
    return pairs.filter(
        (pyarrow.compute.field("match_probability") >= probability)
        & (pyarrow.compute.field("weight_beyond_names") > 0)
    )


def scored_pairs(
    records: pyarrow.Table,
    settings: dict[str, Any],
    common_keys: pyarrow.Table,
    link_probability: float,
    kept_probability: float,
) -> pyarrow.Table:
    """All pairs worth looking at, each once.

    Groups are what likely pairs and common keys hold together: there, unlikely pairs tell that
    two records belong to different people, and are scored too.
    """
    brought_up = score(records, settings, kept_probability)
    keys = records.column("record_key").combine_chunks()
    membership = groups(keys, [likely(brought_up, link_probability), common_keys])
    within = all_pairs_of_groups(records, settings, membership)
    with duckdb.connect() as connection:
        connection.register("pairs", pyarrow.concat_tables([brought_up, within]))
        return connection.sql(
            "select distinct on (record_key, other_record_key) * from pairs"
            " order by record_key, other_record_key"
        ).to_arrow_table()


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each pair that is likely enough to be looked at, or that is within a group."""
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    text, version = dbt.ref("int_identity__model").project("settings, model_version").fetchone()
    pairs = SCHEMA.empty_table()
    if text is not None:
        pairs = scored_pairs(
            dbt.ref("int_identity__source_fields").order("record_key").to_arrow_table(),
            json.loads(text),
            dbt.ref("int_identity__key_pairs").filter("is_kept").to_arrow_table(),
            float(meta["identity_link_probability"]),
            float(meta["identity_kept_probability"]),
        )
        versions = pyarrow.array([version] * pairs.num_rows, pyarrow.string())
        pairs = pairs.append_column("model_version", versions).cast(SCHEMA)
    return pairs
