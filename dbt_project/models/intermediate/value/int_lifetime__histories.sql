with
as_of as (
    select
        coalesce(
            nullif('{{ var("value_as_of_date") }}', '')::date,
            ({{ newest_moment('ordered_at') }})::date
        ) as as_of_date
    from {{ ref('fct_orders') }}
),

-- Purchases of one day are one occasion of buying.
days as (
    select
        orders.customer_key,
        as_of.as_of_date,
        orders.ordered_at::date as purchase_date,
        orders.ordered_at::date > min(orders.ordered_at::date) over (
            partition by orders.customer_key
        ) as is_repeat,
        sum(orders.reporting_amount) as amount,
        count(*) = count(orders.reporting_amount) as has_amount
    from {{ ref('fct_orders') }} as orders
    cross join as_of
    anti join {{ ref('int_people__employees') }} as employees
        on orders.customer_key = employees.customer_key
    where
        orders.is_purchase
        and orders.customer_key is not null
        and orders.ordered_at::date <= as_of.as_of_date
    group by orders.customer_key, as_of.as_of_date, orders.ordered_at::date
)

select
    customer_key,
    as_of_date,
    min(purchase_date) as first_purchase_date,
    max(purchase_date) as last_purchase_date,
    count(*) filter (where is_repeat) as repeat_days_count,
    date_diff('day', min(purchase_date), max(purchase_date)) / 7.0 as recency_weeks,
    date_diff('day', min(purchase_date), as_of_date) / 7.0 as age_weeks,
    count(*) filter (where is_repeat and has_amount) as amount_days_count,
    avg(amount) filter (where is_repeat and has_amount)::double as mean_repeat_amount,
    count(*) filter (where has_amount) = 0 as is_of_unknown_amount
from days
group by customer_key, as_of_date
