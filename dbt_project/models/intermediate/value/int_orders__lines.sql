with
lines as (
    select
        *,
        coalesce(updated_at, ordered_at) as version_at,
        max(coalesce(updated_at, ordered_at)) over (partition by order_id) as newest_version_at
    from {{ ref('int_crm__order_lines') }}
),

orders as (
    select
        order_id,
        currency,
        status,
        total_amount,
        ordered_at
    from {{ ref('int_crm__orders') }}
),

amounts as (
    select
        order_id,
        sum(line_amount) as lines_amount,
        sum(line_amount) filter (where version_at = newest_version_at) as newest_lines_amount
    from lines
    group by order_id
)

select
    lines.order_line_key,
    lines.order_key,
    lines.order_id,
    lines.line_id,
    lines.product_id,
    lines.product_name,
    coalesce(lines.currency, orders.currency) as currency,
    lines.quantity,
    lines.unit_amount,
    lines.line_amount,
    orders.status,
    coalesce(orders.ordered_at, lines.ordered_at) as ordered_at,
    case
        when orders.order_id is null then 'no order'
        -- The order's own amount says whether the lines sent last are all of its lines.
        when
            lines.version_at < lines.newest_version_at
            and orders.total_amount = amounts.newest_lines_amount
            and orders.total_amount != amounts.lines_amount
            then 'order sent again without it'
    end as rejection_reason,
    lines.source,
    lines.first_place
from lines
inner join amounts
    on lines.order_id = amounts.order_id
left join orders
    on lines.order_id = orders.order_id
