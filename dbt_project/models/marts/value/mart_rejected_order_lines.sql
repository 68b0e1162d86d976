select
    order_line_key,
    order_id,
    line_id,
    product_id,
    product_name,
    rejection_reason,
    currency,
    quantity,
    line_amount,
    ordered_at,
    source,
    struct_extract(first_place, 'file') as file,
    struct_extract(first_place, 'position') as position,
    nullif(struct_extract(first_place, 'item'), '') as item
from {{ ref('int_orders__lines') }}
where rejection_reason is not null
