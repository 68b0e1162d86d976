with
delivered as (
    select * from {{ source('bronze', 'order_lines') }}
)

select
    -- ids
    order_id,
    line_id,
    product_id,
    record_hash,
    {{ surrogate_key("'crm'", "order_id || '|' || line_id") }} as order_line_key,
    {{ surrogate_key("'crm'", 'order_id') }} as order_key,
    -- texts
    product_name,
    currency,
    -- numbers
    quantity,
    unit_amount,
    line_amount,
    -- times
    ordered_at,
    updated_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
