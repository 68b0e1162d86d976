"""How firmly the CRM records of each person hang together: what a wrong chain looks like.

Only persons of two records or more are looked at. What is too large or too loose is judged by the
gate before publishing.
"""

from __future__ import annotations

from typing import Any

import igraph
import numpy
import pyarrow
import pyarrow.compute

SCHEMA = pyarrow.schema(
    [
        ("customer_key", pyarrow.string()),
        ("records_count", pyarrow.int64()),
        ("links_count", pyarrow.int64()),
        ("bridges_count", pyarrow.int64()),
    ]
)


def clusters(records: pyarrow.Table, links: pyarrow.Table) -> pyarrow.Table:
    """One row for each person of two records or more.

    Args:
        records: `record_key` and `customer_key` of CRM customers.
        links: `record_key` and `other_record_key` of what holds two of one person together; those
            to accounts are left out.

    A bridge is a link without which the person falls apart; the single link of two records is none,
    as it is all there is to say for them.
    """
    keys = records.column("record_key").combine_chunks()
    persons = records.column("customer_key").combine_chunks().dictionary_encode()
    places = [
        pyarrow.compute.index_in(links.column(name).combine_chunks(), value_set=keys)
        for name in ("record_key", "other_record_key")
    ]
    are_customers = pyarrow.compute.and_(*(place.is_valid() for place in places))
    ends = numpy.column_stack([place.filter(are_customers).to_numpy() for place in places]).astype(
        numpy.int64
    )
    person = persons.indices.to_numpy().astype(numpy.int64)
    count = len(persons.dictionary)
    sizes = numpy.bincount(person, minlength=count)
    graph = igraph.Graph(n=len(keys), edges=ends)
    bridges = ends[graph.bridges()] if len(ends) else ends
    looked_at = sizes > 1
    columns = {
        "customer_key": persons.dictionary,
        "records_count": sizes,
        "links_count": numpy.bincount(person[ends[:, 0]], minlength=count),
        "bridges_count": numpy.where(
            sizes > 2, numpy.bincount(person[bridges[:, 0]], minlength=count), 0
        ),
    }
    return pyarrow.table(columns).cast(SCHEMA).filter(pyarrow.array(looked_at))


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each person of two CRM records or more, with how these hang together."""
    dbt.config(materialized="table")
    records = dbt.ref("int_identity__people").filter("record_type = 'crm_customer'")
    return clusters(
        records.project("record_key, customer_key").to_arrow_table(),
        dbt.ref("int_identity__reasons")
        .project("record_key, other_record_key")
        .distinct()
        .to_arrow_table(),
    )
