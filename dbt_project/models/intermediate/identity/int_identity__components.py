"""Which records are held together by exact keys: connected components over their links.

Only the grouping happens here. Which links count is decided by `int_identity__links`, what the
groups are called by `int_identity__people`.
"""

from __future__ import annotations

from typing import Any

import igraph
import numpy
import pyarrow
import pyarrow.compute


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each record: `record_key`, and `component_record_key`, the first of its group.

    CRM customers come before accounts, each in the order of their ids, so that a group keeps its
    first record, and with it its name, as long as that record exists.
    """
    dbt.config(materialized="table")
    records = (
        dbt.ref("int_identity__records")
        .order("record_type desc, source, record_id")
        .project("record_key")
        .to_arrow_table()
    )
    links = dbt.ref("int_identity__links").project("record_key, node_key").to_arrow_table()

    record_keys = records.column("record_key").cast(pyarrow.string()).combine_chunks()
    link_records = links.column("record_key").cast(pyarrow.string()).combine_chunks()
    link_nodes = links.column("node_key").cast(pyarrow.string()).combine_chunks()
    nodes = pyarrow.compute.unique(pyarrow.concat_arrays([record_keys, link_nodes]))
    starts = pyarrow.compute.index_in(link_records, value_set=nodes)
    ends = pyarrow.compute.index_in(link_nodes, value_set=nodes)

    graph = igraph.Graph(
        n=len(nodes), edges=numpy.column_stack([starts.to_numpy(), ends.to_numpy()])
    )
    # Records are the first nodes, in order: the first node of a component is its first record.
    membership = numpy.asarray(graph.connected_components().membership, dtype=numpy.int64)
    _, first_nodes = numpy.unique(membership, return_index=True)
    component_nodes = first_nodes[membership[: len(record_keys)]]
    return pyarrow.table(
        {"record_key": record_keys, "component_record_key": nodes.take(component_nodes)},
        schema=pyarrow.schema(
            [("record_key", pyarrow.string()), ("component_record_key", pyarrow.string())]
        ),
    )
