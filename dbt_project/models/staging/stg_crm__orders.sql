with
delivered as (
    select * from {{ source('bronze', 'orders') }}
)

select
    -- ids
    order_id,
    customer_id,
    email_key,
    phone_key,
    loyalty_card_id,
    product_ids,
    record_hash,
    {{ surrogate_key("'crm'", 'order_id') }} as order_key,
    -- texts
    brand,
    sales_channel,
    status,
    currency,
    -- numbers
    total_amount,
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
