"""Which texts are near copies of one another: connected components over pairs that are alike."""

from __future__ import annotations

from typing import Any

import igraph
import numpy
import pyarrow
import pyarrow.compute


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each text that has a near copy: `text_key`, `group_text_key`, `group_size`.

    `group_text_key` is the smallest key of the group.
    """
    dbt.config(materialized="table")
    pairs = (
        dbt.ref("int_texts__near_duplicate_pairs")
        .project("text_key, other_text_key")
        .to_arrow_table()
    )
    one, other = (
        pairs.column(name).cast(pyarrow.string()).combine_chunks()
        for name in ("text_key", "other_text_key")
    )
    texts = pyarrow.compute.unique(pyarrow.concat_arrays([one, other]))
    texts = texts.take(pyarrow.compute.sort_indices(texts))
    edges = numpy.column_stack(
        [pyarrow.compute.index_in(keys, value_set=texts).to_numpy() for keys in (one, other)]
    )
    graph = igraph.Graph(n=len(texts), edges=edges)
    membership = numpy.asarray(graph.connected_components().membership, dtype=numpy.int64)
    # Keys are in order, so the first of a component is its smallest.
    _, firsts, sizes = numpy.unique(membership, return_index=True, return_counts=True)
    columns = {
        "text_key": texts,
        "group_text_key": texts.take(firsts[membership]),
        "group_size": sizes[membership].astype(numpy.int64),
    }
    return pyarrow.table(
        columns,
        schema=pyarrow.schema(
            [
                ("text_key", pyarrow.string()),
                ("group_text_key", pyarrow.string()),
                ("group_size", pyarrow.int64()),
            ]
        ),
    )
