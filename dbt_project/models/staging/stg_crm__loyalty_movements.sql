with
delivered as (
    select * from {{ source('bronze', 'loyalty') }}
)

select
    -- ids
    movement_id,
    loyalty_card_id,
    customer_id,
    order_id,
    record_hash,
    {{ surrogate_key("'crm'", 'movement_id') }} as loyalty_movement_key,
    -- texts
    movement_type,
    -- numbers
    points_count,
    -- times
    moved_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
