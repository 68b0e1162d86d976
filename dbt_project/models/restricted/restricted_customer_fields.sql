select
    customer_key,
    field,
    value,
    source,
    customer_id,
    seen_at,
    values_count
from {{ ref('int_identity__reconciled') }}
