with
items as (
    select
        customer_key,
        signal,
        unnest(evidence) as item
    from {{ ref('int_churn__signals') }}
)

select
    customer_key,
    signal,
    struct_extract(item, 'evidence_type') as evidence_type,
    struct_extract(item, 'evidence_key') as evidence_key,
    struct_extract(item, 'happened_at') as happened_at
from items
