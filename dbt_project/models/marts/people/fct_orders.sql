with
orders as (
    select
        *,
        case when customer_id is null then loyalty_card_id end as guest_loyalty_card_id,
        case when customer_id is null then email_key end as guest_email_key
    from {{ ref('int_crm__orders') }}
),

people as (
    select
        record_id as customer_id,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'crm_customer'
),

card_owners as (
    select
        identifier,
        customer_key
    from {{ ref('int_identity__contact_owners') }}
    where identifier_type = 'loyalty_card'
),

email_owners as (
    select
        identifier,
        customer_key
    from {{ ref('int_identity__contact_owners') }}
    where identifier_type = 'email'
),

amounts as (
    select * from {{ ref('int_orders__amounts') }}
)

select
    orders.order_key,
    orders.order_id,
    -- An order without a customer belongs to whom its card, else its e-mail, belongs to alone.
    coalesce(people.customer_key, card_owners.customer_key, email_owners.customer_key)
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
left join card_owners
    on orders.guest_loyalty_card_id = card_owners.identifier
left join email_owners
    on orders.guest_email_key = email_owners.identifier
