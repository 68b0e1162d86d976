"""Where accounts stand in the network of influence: rank, core, betweenness, community.

Each measure is published apart; what is made of them together is not decided here. The numbers
are the same for the same edges, whatever the order in which they come.
"""

from __future__ import annotations

import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import igraph
import numpy
import pyarrow
import pyarrow.compute

LARGE = 50_000
"""Accounts from which paths are counted in a process of their own: to start one takes seconds."""
SCHEMA = pyarrow.schema(
    [
        ("account_key", pyarrow.string()),
        ("page_rank_score", pyarrow.float64()),
        ("core_number", pyarrow.int64()),
        ("betweenness_score", pyarrow.float64()),
        ("community_id", pyarrow.string()),
    ]
)


def betweenness(graph: igraph.Graph, sample: int, seed: int) -> list[float]:
    """Share of the shortest paths between other accounts that pass through each, 0 to 1.

    Exact up to `sample` vertices; above, estimated from paths that start at as many of them,
    drawn from `seed` (Brandes and Pich 2007).
    """
    count = graph.vcount()
    pairs = (count - 1) * (count - 2) / 2
    if pairs == 0:
        return [0.0] * count
    if count <= sample:
        return [score / pairs for score in graph.betweenness(directed=False)]
    sources = sorted(random.Random(seed).sample(range(count), sample))
    if count < LARGE:
        estimates = graph.betweenness(directed=False, sources=sources)
    else:
        # igraph keeps Python's lock for as long as it counts: other models would wait for it.
        spawning = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawning) as process:
            estimates = process.submit(
                igraph.Graph.betweenness, graph, directed=False, sources=sources
            ).result()
    return [score * count / sample / pairs for score in estimates]


def communities(graph: igraph.Graph, resolution: float, seed: int) -> list[int]:
    """The community of each vertex by Leiden on modularity, named by its smallest vertex."""
    igraph.set_random_number_generator(random.Random(seed))
    try:
        membership = graph.community_leiden(
            objective_function="modularity",
            weights="weight",
            resolution=resolution,
            n_iterations=-1,
        ).membership
    finally:
        igraph.set_random_number_generator(random)
    smallest: dict[int, int] = {}
    for vertex, community in enumerate(membership):
        smallest.setdefault(community, vertex)
    return [smallest[community] for community in membership]


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each account that has an edge of influence, columns as in `SCHEMA`."""
    dbt.config(materialized="table")
    edges = (
        dbt.ref("edge_accounts__influences")
        .order("from_account_key, to_account_key")
        .project("from_account_key, to_account_key, weight")
        .to_arrow_table()
    )
    if edges.num_rows == 0:
        return SCHEMA.empty_table()

    authors = edges.column("from_account_key").combine_chunks()
    amplifiers = edges.column("to_account_key").combine_chunks()
    accounts = pyarrow.compute.unique(pyarrow.concat_arrays([authors, amplifiers]))
    accounts = accounts.take(pyarrow.compute.sort_indices(accounts))
    amplifier_to_author = numpy.column_stack(
        [
            pyarrow.compute.index_in(amplifiers, value_set=accounts).to_numpy(),
            pyarrow.compute.index_in(authors, value_set=accounts).to_numpy(),
        ]
    )
    directed = igraph.Graph(n=len(accounts), edges=amplifier_to_author, directed=True)
    directed.es["weight"] = edges.column("weight").to_pylist()
    undirected = directed.as_undirected(mode="collapse", combine_edges={"weight": "sum"})
    seed = dbt.config.meta_get("community_seed")
    resolution = dbt.config.meta_get("community_resolution")
    sample = dbt.config.meta_get("betweenness_sample_accounts")
    labels = communities(undirected, resolution, seed)
    return pyarrow.table(
        {
            "account_key": accounts,
            "page_rank_score": directed.pagerank(weights="weight", damping=0.85),
            "core_number": undirected.coreness(),
            "betweenness_score": betweenness(undirected, sample, seed),
            "community_id": accounts.take(pyarrow.array(labels, type=pyarrow.int64())),
        },
        schema=SCHEMA,
    )
