with
orders as (
    select
        *,
        case when customer_id is null then loyalty_card_id end as guest_loyalty_card_id,
        case when customer_id is null then email_key end as guest_email_key
    from {{ ref('int_crm__orders') }}
),

{{ crm_owners(['loyalty_card', 'email']) }},

amounts as (
    select * from {{ ref('int_orders__amounts') }}
)

select
    orders.order_key,
    orders.order_id,
    -- An order without a customer belongs to whom its card, else its e-mail, belongs to alone.
    coalesce(people.customer_key, loyalty_card_owners.customer_key, email_owners.customer_key)
        as customer_key,
    orders.customer_id,
    orders.brand,
    orders.sales_channel,
    orders.status,
    amounts.currency,
    orders.product_ids,
    orders.total_amount,
    amounts.net_amount,
    amounts.currency_rate,
    amounts.currency_rate_origin,
    amounts.reporting_amount,
    amounts.lines_count,
    amounts.lines_amount,
    amounts.is_total_of_lines,
    amounts.is_purchase,
    amounts.is_return,
    orders.ordered_at,
    orders.updated_at
from orders
inner join amounts
    on orders.order_key = amounts.order_key
left join people
    on orders.customer_id = people.customer_id
left join loyalty_card_owners
    on orders.guest_loyalty_card_id = loyalty_card_owners.identifier
left join email_owners
    on orders.guest_email_key = email_owners.identifier
