"""What a run found of customers, for a person at a terminal: who, how content, about to leave.

People are called by their keys: names stay in the warehouse.
"""

from __future__ import annotations

import duckdb

from orchestration.terminal import print_table

PEOPLE = """
    with by_source as (
        select customer_key, source, count(*) as records_count
        from bridge_customer_identifiers
        where identifier_type in ('account', 'crm_customer') and valid_to is null
        group by customer_key, source
    ),
    people as (
        select
            customer_key,
            sum(records_count)::bigint as records_count,
            list(
                if(records_count = 1, source, records_count || ' ' || source) order by source
            ) as records
        from by_source
        group by customer_key
        having sum(records_count) > 1
    ),
    reasons as (
        select customer_key, list(distinct rule order by rule) as rules
        from bridge_customer_identifiers
        where identifier_type in ('account', 'crm_customer') and rule != 'own record'
        group by customer_key
    )
    select
        people.customer_key,
        people.records,
        reasons.rules,
        customers.posts_count,
        customers.purchases_count,
        if(customers.is_employee, 'employee', customers.segment)
    from people
    inner join reasons on people.customer_key = reasons.customer_key
    inner join dim_customers as customers on people.customer_key = customers.customer_key
    order by people.records_count desc, customers.posts_count desc, people.customer_key
    limit 8
"""
BRANDS = """
    select
        scores.brand,
        scores.answers_count,
        scores.nps_points,
        scores.nps_low_points,
        scores.nps_high_points,
        scores.is_small_group,
        (select count(*) from mart_ambassadors as people where people.brand = scores.brand),
        (select count(*) from mart_detractors as people where people.brand = scores.brand)
    from mart_nps as scores
    where scores.dimension = 'all' and scores.period_type = 'all' and scores.answers_count > 0
    order by scores.answers_count desc, scores.brand
"""
SEGMENTS = """
    select
        segment,
        count(*),
        sum(purchases_count)::bigint,
        count(*) filter (where churn_signals_count > 0),
        list_sort(list_distinct(flatten(list(churn_signals))))
    from dim_customers
    where segment is not null
    group by segment
    order by count(*) desc, segment
"""


def print_customers(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Print a table of each kind for which the published `warehouse` has rows."""
    if people := warehouse.execute(PEOPLE).fetchall():
        print_table(
            "People known by several records, and why",
            ("customer_key", "records", "joined by", "posts", "purchases", "segment"),
            people,
        )
    if brands := warehouse.execute(BRANDS).fetchall():
        print_table(
            "How customers speak of brands",
            ("brand", "survey answers", "NPS", "95 % interval", "ambassadors", "detractors"),
            [
                (brand, answers, f"{score:+z.0f}", _interval(low, high, is_small), *labelled)
                for brand, answers, score, low, high, is_small, *labelled in brands
            ],
        )
    if segments := warehouse.execute(SEGMENTS).fetchall():
        print_table(
            "People by segment",
            ("segment", "people", "purchases", "may leave", "because of"),
            segments,
        )


def _interval(low: float, high: float, is_small: bool) -> str:
    return f"{low:+z.0f} to {high:+z.0f}{', of few answers' if is_small else ''}"
