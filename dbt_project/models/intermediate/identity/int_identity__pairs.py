"""How much each pair of customers that may be one person looks like one, and why.

Scoring only, by the model that `int_identity__model` keeps: nothing is learnt here. Which pairs
make a person is decided by `int_identity__components`.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import duckdb
import igraph
import numpy
import pyarrow
import pyarrow.compute
from splink import DuckDBAPI, Linker, block_on

NAMES = ("given_name", "family_name")
LARGEST_GROUP = 500
"""Records of a group up to which all its pairs are scored, not only those that rules bring up."""
CONTRIBUTION = pyarrow.struct(
    [
        ("comparison", pyarrow.string()),
        ("level", pyarrow.int32()),
        ("match_weight", pyarrow.float64()),
    ]
)
PAIRS = pyarrow.schema(
    [
        ("record_key", pyarrow.string()),
        ("other_record_key", pyarrow.string()),
        ("match_weight", pyarrow.float64()),
        ("match_probability", pyarrow.float64()),
        ("most_beyond_names", pyarrow.float64()),
        ("contributions", pyarrow.list_(CONTRIBUTION)),
    ]
)
SCHEMA = PAIRS.append(pyarrow.field("model_version", pyarrow.string()))


class Scorer:
    """A trained model on all records of today: how rare a value is counts among these.

    A weight is the logarithm, to base 2, of the odds that two records are one person's. It is the
    sum of its contributions: of `share`, the odds of any two records, and of each comparison. What
    the rarity of a value adds is in its comparison's.
    """

    def __init__(self, records: pyarrow.Table, settings: dict[str, Any]) -> None:
        """Take rows of `int_identity__source_fields`, and the settings of a trained model."""
        self._settings = settings
        self._connection = duckdb.connect()
        self._database = DuckDBAPI(self._connection)
        self._linker = Linker(self._database.register(records), settings, log_level=logging.ERROR)
        for column in self._rare_columns():
            self._linker.table_management.compute_tf_table(column)

    def all_pairs(self, least: float) -> pyarrow.Table:
        """The pairs that the model's rules bring up and that are at least so likely."""
        return self._table(self._linker.inference.predict(threshold_match_probability=least))

    def pairs_of_new(self, new: pyarrow.Table, old: pyarrow.Table, least: float) -> pyarrow.Table:
        """Those of them that `new` records have, with one another and with `old` ones."""
        inference = self._linker.inference
        fresh = self._database.register(new)
        within = inference.predict_within(fresh, threshold_match_probability=least)
        found = [self._table(within)]
        if old.num_rows:
            known = self._database.register(old)
            between = inference.predict_between(fresh, known, threshold_match_probability=least)
            found.append(self._table(between))
        return pyarrow.concat_tables(found)

    def pairs_alike_in(self, records: pyarrow.Table, column: str) -> pyarrow.Table:
        """All pairs of `records` that have the same in a column, however unlikely."""
        return self._table(
            self._linker.inference.predict_within(
                self._database.register(records),
                blocking_rules_to_generate_predictions=[block_on(column)],
            )
        )

    def _rare_columns(self) -> list[str]:
        columns = {
            level.get("tf_adjustment_column")
            for comparison in self._settings["comparisons"]
            for level in comparison["comparison_levels"]
        }
        return sorted(column for column in columns if column)

    def _table(self, scored: Any) -> pyarrow.Table:
        known = set(self._connection.table(scored.physical_name).columns)
        weights = {
            name: " + ".join(
                f"coalesce({column}, 0)"
                for column in (f"mw_{name}", f"mw_tf_adj_{name}")
                if column in known
            )
            for name in (found["output_column_name"] for found in self._settings["comparisons"])
        }
        share = self._settings["probability_two_random_records_match"]
        prior = float(numpy.log2(share / (1 - share)))
        others = ", ".join(weight for name, weight in weights.items() if name not in NAMES)
        listed = ", ".join(
            _contribution(f"'{name}'", f"gamma_{name}", weight) for name, weight in weights.items()
        )
        query = f"""
            select
                least(record_key_l, record_key_r) as record_key,
                greatest(record_key_l, record_key_r) as other_record_key,
                match_weight,
                match_probability,
                greatest({others}) as most_beyond_names,
                [{_contribution("'share'", "null", str(prior))}, {listed}] as contributions
            from {scored.physical_name}
        """
        return self._connection.sql(query).to_arrow_table().cast(PAIRS)


def _contribution(comparison: str, level: str, weight: str) -> str:
    return (
        f"struct_pack(comparison := {comparison}, level := {level}::integer,"
        f" match_weight := ({weight})::double)"
    )


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


def large_enough(records: pyarrow.Table, membership: numpy.ndarray) -> pyarrow.Table:
    """Records of groups of three or more, up to `LARGEST_GROUP`, with their `identity_group`."""
    sizes = numpy.bincount(membership, minlength=1)[membership]
    grouped = records.append_column("identity_group", pyarrow.array(membership))
    return grouped.filter(pyarrow.array((sizes > 2) & (sizes <= LARGEST_GROUP)))


def likely(pairs: pyarrow.Table, probability: float) -> pyarrow.Table:
    """The pairs that hold records together: names alone, where nothing else agrees, never do."""
    return pairs.filter(
        (pyarrow.compute.field("match_probability") >= probability)
        & (pyarrow.compute.field("most_beyond_names") > 0)
    )


def brought_up(
    scorer: Scorer,
    records: pyarrow.Table,
    scored: pyarrow.Table | None,
    known: pyarrow.Table | None,
    least: float,
) -> pyarrow.Table:
    """The pairs that rules bring up: those of unchanged records are not scored again.

    Args:
        scorer: the model.
        records: all customers.
        scored: `record_key` and `fields_hash` of those of whom all pairs are known.
        known: the known pairs.
        least: probability of a pair that is kept.
    """
    if scored is None or known is None or not scored.num_rows:
        return scorer.all_pairs(least)
    with duckdb.connect() as connection:
        connection.register("records", records)
        connection.register("scored", scored)
        connection.register("known", known)
        same = "select record_key from scored semi join records using (record_key, fields_hash)"
        new, old = (
            connection.sql(f"from records {kind} join ({same}) using (record_key)").to_arrow_table()
            for kind in ("anti", "semi")
        )
        kept = (
            connection.sql(
                f"select {', '.join(PAIRS.names)} from known"
                f" where match_probability >= {least} and record_key in ({same})"
                f" and other_record_key in ({same})"
            )
            .to_arrow_table()
            .cast(PAIRS)
        )
    if not new.num_rows:
        return kept
    return pyarrow.concat_tables([kept, scorer.pairs_of_new(new, old, least)])


def scored_pairs(
    scorer: Scorer,
    records: pyarrow.Table,
    pairs: pyarrow.Table,
    common_keys: pyarrow.Table,
    probability: float,
) -> pyarrow.Table:
    """`pairs` with all other pairs of their groups, each once.

    Groups are what pairs of `probability` and common keys hold together: there, unlikely pairs
    tell that two records belong to different people, and are scored too.
    """
    keys = records.column("record_key").combine_chunks()
    membership = groups(keys, [likely(pairs, probability), common_keys])
    grouped = large_enough(records, membership)
    if grouped.num_rows:
        pairs = pyarrow.concat_tables([pairs, scorer.pairs_alike_in(grouped, "identity_group")])
    with duckdb.connect() as connection:
        connection.register("pairs", pairs)
        return connection.sql(
            "select distinct on (record_key, other_record_key) * from pairs"
            " order by record_key, other_record_key"
        ).to_arrow_table()


def of_last_build(session: Any, table: str, version: str) -> pyarrow.Table | None:
    """Rows of one model version in a table that the last build left; None where it left none."""
    there = session.execute(
        "select 1 from duckdb_tables() where schema_name = 'intermediate' and table_name = ?",
        [table],
    ).fetchall()
    if not there:
        return None
    rows = session.execute(f"from intermediate.{table} where model_version = ?", [version])
    return rows.to_arrow_table()


def model(dbt: Any, session: Any) -> pyarrow.Table:
    """One row for each pair that is likely enough to be looked at, or that is within a group."""
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    text, version = dbt.ref("int_identity__model").project("settings, model_version").fetchone()
    pairs = SCHEMA.empty_table()
    if text is not None:
        records = dbt.ref("int_identity__source_fields").order("record_key").to_arrow_table()
        scorer = Scorer(records, json.loads(text))
        pairs = brought_up(
            scorer,
            records,
            of_last_build(session, "int_identity__scored", version),
            of_last_build(session, "int_identity__pairs", version),
            float(meta["identity_kept_probability"]),
        )
        common_keys = dbt.ref("int_identity__key_pairs").filter("is_kept").to_arrow_table()
        pairs = scored_pairs(
            scorer, records, pairs, common_keys, float(meta["identity_link_probability"])
        )
        versions = pyarrow.array([version] * pairs.num_rows, pyarrow.string())
        pairs = pairs.append_column("model_version", versions).cast(SCHEMA)
    return pairs
