"""Which records are one person's, by decisions of stewards, common keys and likely pairs.

Only the grouping happens here. Which keys count is decided by `int_identity__key_pairs`, how likely
pairs are by `int_identity__pairs`, what the groups are called by `int_identity__people`.

Decisions come first. Common keys hold records together next, unless a decision parts them. What
likely pairs hold together is then cut where the mean pair of two parts speaks against it (average
linkage: Sokal and Michener, 1958), since chains of pairs go wrong at their weakest link.
"""

from __future__ import annotations

from typing import Any

import igraph
import numpy
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Numbers = NDArray[numpy.int64]
Weights = NDArray[numpy.float64]

APART = -1e9
"""Weight of a pair that a decision holds apart: no mean with it is likely."""
SURE = 50.0
"""Weight, in bits, of a common key among records of which a decision parts some."""
UNSCORED = -20.0
"""Weight of two parts of a group of whose records no pair was scored."""
LARGEST_GROUP = 500
"""Parts of a group up to which it is cut as a whole; in a larger one weak pairs hold nothing."""
STEP = 4.0
"""Bits by which pairs of a larger group must be stronger, until it falls into smaller ones."""
SCHEMA = pyarrow.schema(
    [("record_key", pyarrow.string()), ("component_record_key", pyarrow.string())]
)


def ends_of(pairs: pyarrow.Table, record_keys: pyarrow.Array) -> Numbers:
    """The numbers of the two records of each pair: an array of two columns."""
    columns = [
        pyarrow.compute.index_in(pairs.column(name).combine_chunks(), value_set=record_keys)
        for name in ("record_key", "other_record_key")
    ]
    return numpy.column_stack([column.to_numpy() for column in columns]).astype(numpy.int64)


def held_together(count: int, *edges: Numbers) -> Numbers:
    """The group of each of `count` nodes, numbered by their first nodes."""
    graph = igraph.Graph(n=count, edges=numpy.concatenate(edges))
    return numpy.asarray(graph.connected_components().membership, dtype=numpy.int64)


def agreed(count: int, together: Numbers, apart: Numbers) -> Numbers:
    """The pairs of `together`, the first first, but for those that unite what is `apart`."""
    kept = together[:0]
    for pair in together:
        wider = numpy.vstack([kept, pair])
        group = held_together(count, wider)
        if not (group[apart[:, 0]] == group[apart[:, 1]]).any():
            kept = wider
    return kept


def joined_by_keys(count: int, keys: Numbers, together: Numbers, apart: Numbers) -> Numbers:
    """Which pairs of `keys` hold for certain: true unless their group has a pair held apart."""
    group = held_together(count, keys, together)
    parted = numpy.unique(group[apart[:, 0]][group[apart[:, 0]] == group[apart[:, 1]]])
    return ~numpy.isin(group[keys[:, 0]], parted)


def mean_weights(count: int, ends: Numbers, weights: Weights) -> tuple[Numbers, Weights]:
    """Each two different parts with a scored pair of records, and the mean weight of those."""
    ordered = numpy.sort(ends, axis=1)
    between = ordered[:, 0] != ordered[:, 1]
    names, where = numpy.unique(
        ordered[between, 0] * count + ordered[between, 1], return_inverse=True
    )
    means = numpy.bincount(where, weights[between]) / numpy.bincount(where)
    return numpy.column_stack([names // count, names % count]), means


def cut(count: int, ends: Numbers, means: Weights, least: float) -> Numbers:
    """The cluster of each of the `count` parts of one group.

    Args:
        count: parts of the group.
        ends: two different parts, each two once.
        means: the weight of each of them, in bits.
        least: mean weight from which two clusters are one.
    """
    if count > LARGEST_GROUP:
        return _cut_in_pieces(count, ends, means, least)
    weights = numpy.full((count, count), UNSCORED)
    weights[ends[:, 0], ends[:, 1]] = weights[ends[:, 1], ends[:, 0]] = means
    highest = max(float(means.max()), least)
    distances = highest - weights
    numpy.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    return fcluster(tree, highest - least, "distance").astype(numpy.int64)


def _cut_in_pieces(count: int, ends: Numbers, means: Weights, least: float) -> Numbers:
    strength = least
    piece = numpy.zeros(count, dtype=numpy.int64)
    while numpy.bincount(piece).max() > LARGEST_GROUP:
        strength += STEP
        piece = held_together(count, ends[means >= strength])
    return clusters(piece, ends, means, least)


def clusters(group: Numbers, ends: Numbers, means: Weights, least: float) -> Numbers:
    """The cluster of each part: every group is cut by itself.

    Args:
        group: the group of each part.
        ends: two different parts, each two once.
        means: the weight of each of them, in bits.
        least: mean weight from which two clusters are one.
    """
    inside = group[ends[:, 0]] == group[ends[:, 1]]
    ends, means = ends[inside], means[inside]
    sizes = numpy.bincount(group)
    # Of two parts there is one pair, which is likely enough or is not.
    is_pair = sizes[group[ends[:, 0]]] == 2
    found = held_together(len(group), ends[is_pair & (means >= least)])
    of_edge = group[ends[:, 0]]
    order = numpy.argsort(of_edge, kind="stable")
    by_group = numpy.searchsorted(of_edge[order], numpy.arange(len(sizes) + 1))
    parts = numpy.argsort(group, kind="stable")
    starts = numpy.concatenate([[0], numpy.cumsum(sizes)])
    place = numpy.empty(len(group), dtype=numpy.int64)
    for number in numpy.flatnonzero(sizes > 2):
        members = parts[starts[number] : starts[number + 1]]
        edges = order[by_group[number] : by_group[number + 1]]
        place[members] = numpy.arange(len(members))
        cluster = cut(len(members), place[ends[edges]], means[edges], least)
        _, firsts, where = numpy.unique(cluster, return_index=True, return_inverse=True)
        found[members] = found[members[firsts]][where]
    return found


def people(
    count: int,
    keys: Numbers,
    likely: Numbers,
    scored: tuple[Numbers, Weights],
    together: Numbers,
    apart: Numbers,
    least: float,
) -> Numbers:
    """The person of each of `count` records; the numbers say nothing but who is the same.

    Args:
        count: records.
        keys: pairs of records with a common key.
        likely: pairs that are likely to be one person's.
        scored: all pairs that were scored, and their weights in bits.
        together: pairs that a decision unites, the newest first.
        apart: pairs that a decision holds apart.
        least: mean weight from which two clusters are one.
    """
    together = agreed(count, together, apart)
    certain = joined_by_keys(count, keys, together, apart)
    part = held_together(count, keys[certain], together)
    parts = int(part.max()) + 1 if count else 0
    ends = numpy.concatenate([scored[0], keys[~certain], apart])
    weights = numpy.concatenate(
        [
            scored[1],
            numpy.full((~certain).sum(), SURE),
            numpy.full(len(apart), APART * max(count, 1)),
        ]
    )
    between, means = mean_weights(parts, part[ends], weights)
    group = held_together(parts, part[likely], part[keys[~certain]])
    return clusters(group, between, means, least)[part]


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each record: `record_key`, and `component_record_key`, the first of its person.

    CRM customers come before accounts, each in the order of their ids.
    """
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    probability = float(meta["identity_link_probability"])
    record_keys = (
        dbt.ref("int_identity__records")
        .order("record_type desc, source, record_id")
        .project("record_key")
        .to_arrow_table()
        .column("record_key")
        .combine_chunks()
    )
    pairs = dbt.ref("int_identity__pairs").to_arrow_table()
    scored = ends_of(pairs, record_keys)
    weights = pairs.column("match_weight").to_numpy()
    is_likely = (pairs.column("match_probability").to_numpy() >= probability) & (
        pairs.column("most_beyond_names").to_numpy() > 0
    )
    decisions = dbt.ref("int_identity__decisions").filter("is_in_force")
    together, apart = (
        ends_of(
            decisions.filter(f"decision = '{decision}'")
            .order("decided_at desc, decision_id")
            .to_arrow_table(),
            record_keys,
        )
        for decision in ("together", "apart")
    )
    keys = (
        dbt.ref("int_identity__key_pairs").filter("is_kept").to_arrow_table(),
        dbt.ref("int_identity__named_accounts").to_arrow_table(),
    )
    person = people(
        len(record_keys),
        numpy.concatenate([ends_of(found, record_keys) for found in keys]),
        scored[is_likely],
        (scored, weights),
        together,
        apart,
        float(numpy.log2(probability / (1 - probability))),
    )
    # Records are in order: the first of a person is its first record.
    _, firsts, where = numpy.unique(person, return_index=True, return_inverse=True)
    return pyarrow.table(
        {"record_key": record_keys, "component_record_key": record_keys.take(firsts[where])},
        schema=SCHEMA,
    )
