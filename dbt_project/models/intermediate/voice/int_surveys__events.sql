with
employees as (
    select customer_key from {{ ref('int_people__employees') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

responses as (
    select responses.*
    from {{ ref('fct_survey_responses') }} as responses
    left join employees
        on responses.customer_key = employees.customer_key
    where employees.customer_key is null
),

answered_orders as (
    select distinct order_key
    from responses
    where order_key is not null
),

answers as (
    select
        'answer' as event_type,
        responses.customer_key,
        responses.brand,
        responses.survey_id,
        responses.channel,
        orders.sales_channel,
        orders.product_ids,
        responses.nps_score,
        null::boolean as is_answered,
        responses.answered_at as happened_at
    from responses
    left join orders
        on responses.order_key = orders.order_key
),

asked_orders as (
    select
        'order' as event_type,
        orders.customer_key,
        orders.brand,
        null::varchar as survey_id,
        null::varchar as channel,
        orders.sales_channel,
        orders.product_ids,
        null::bigint as nps_score,
        answered_orders.order_key is not null as is_answered,
        orders.ordered_at as happened_at
    from orders
    left join employees
        on orders.customer_key = employees.customer_key
    left join answered_orders
        on orders.order_key = answered_orders.order_key
    where
        employees.customer_key is null
        and orders.status is distinct from 'cancelled'
        -- Nobody is asked how likely they are to recommend a refund.
        and coalesce(orders.net_amount, 0) >= 0
)

select * from answers
union all
select * from asked_orders
