with
lines as (
    select * from {{ ref('int_orders__lines') }}
    where rejection_reason is null
),

orders as (
    select * from {{ ref('fct_orders') }}
),

rates as (
    select * from {{ ref('int_currencies__rates') }}
)

select
    lines.order_line_key,
    lines.order_key,
    lines.order_id,
    lines.line_id,
    orders.customer_key,
    lines.product_id,
    lines.product_name,
    orders.brand,
    lines.currency,
    lines.quantity,
    lines.unit_amount,
    lines.line_amount,
    rates.rate as currency_rate,
    round(lines.line_amount * rates.rate, 2)::decimal(18, 2) as reporting_line_amount,
    orders.is_purchase,
    orders.is_return
    or coalesce(lines.quantity < 0, false)
    or coalesce(lines.line_amount < 0, false) as is_return,
    lines.ordered_at
from lines
inner join orders
    on lines.order_key = orders.order_key
left join rates
    on
        lines.currency = rates.currency
        and lines.ordered_at >= rates.valid_from
        and (lines.ordered_at < rates.valid_until or rates.valid_until is null)
