with
orders as (
    select
        order_key,
        currency,
        total_amount,
        ordered_at,
        coalesce(status, 'placed') as state
    from {{ ref('int_crm__orders') }}
),

lines as (
    select
        order_key,
        count(*) as lines_count,
        sum(line_amount)::decimal(18, 2) as lines_amount,
        -- Amounts of several currencies have no sum.
        case when count(distinct currency) = 1 then any_value(currency) end as currency,
        count(*) = count(line_amount) as has_all_amounts
    from {{ ref('int_orders__lines') }}
    where rejection_reason is null
    group by order_key
),

amounts as (
    select
        orders.order_key,
        orders.state,
        orders.ordered_at,
        coalesce(orders.currency, lines.currency) as currency,
        orders.total_amount,
        coalesce(lines.lines_count, 0) as lines_count,
        case
            when
                lines.has_all_amounts
                and lines.currency = coalesce(orders.currency, lines.currency)
                then lines.lines_amount
        end as lines_amount
    from orders
    left join lines
        on orders.order_key = lines.order_key
),

nets as (
    select
        *,
        case
            when state = 'cancelled' then 0
            -- Some shops mark what came back, others write an order of a negative amount.
            when state = 'returned' then least(coalesce(total_amount, lines_amount), 0)
            else coalesce(total_amount, lines_amount)
        end::decimal(18, 2) as net_amount
    from amounts
)

select
    nets.order_key,
    nets.currency,
    nets.lines_count,
    nets.lines_amount,
    nets.lines_amount = nets.total_amount as is_total_of_lines,
    nets.state not in ('cancelled', 'returned')
    and coalesce(nets.net_amount, 0) >= 0 as is_purchase,
    nets.state = 'returned'
    or (nets.state != 'cancelled' and coalesce(nets.net_amount, 0) < 0) as is_return,
    nets.net_amount,
    rates.rate as currency_rate,
    rates.origin as currency_rate_origin,
    round(nets.net_amount * rates.rate, 2)::decimal(18, 2) as reporting_amount
from nets
left join {{ ref('int_currencies__rates') }} as rates
    on
        nets.currency = rates.currency
        and nets.ordered_at >= rates.valid_from
        and (nets.ordered_at < rates.valid_until or rates.valid_until is null)
