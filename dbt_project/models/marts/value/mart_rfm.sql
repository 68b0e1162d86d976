with
orders as (
    select * from {{ ref('fct_orders') }}
),

as_of as (
    select
        coalesce(
            nullif('{{ var("value_as_of_date") }}', '')::date,
            ({{ newest_moment('ordered_at') }})::date
        ) as as_of_date
    from orders
),

buyers as (
    select
        orders.customer_key,
        as_of.as_of_date,
        max(orders.ordered_at) filter (where orders.is_purchase) as last_purchase_at,
        count(*) filter (where orders.is_purchase) as purchases_count,
        count(*) filter (where orders.is_return) as returns_count,
        count(*) filter (where orders.is_purchase and orders.reporting_amount is null)
            as purchases_without_amount_count,
        sum(orders.reporting_amount)::decimal(18, 2) as spent_amount
    from orders
    cross join as_of
    anti join {{ ref('int_people__employees') }} as employees
        on orders.customer_key = employees.customer_key
    where orders.customer_key is not null and orders.ordered_at::date <= as_of.as_of_date
    group by orders.customer_key, as_of.as_of_date
    having count(*) filter (where orders.is_purchase) > 0
),

measured as (
    select
        *,
        date_diff('day', last_purchase_at::date, as_of_date) as recency_days,
        -- Returns alone say nothing of what was spent on purchases of unknown amount.
        case when purchases_without_amount_count < purchases_count then spent_amount end
            as monetary_amount
    from buyers
),

ranked as (
    select
        *,
        {{ quintile('recency_days', '1', 'desc') }} as recency_quintile,
        {{ quintile('purchases_count', '1') }} as frequency_quintile,
        case
            when monetary_amount is not null
                then {{ quintile('monetary_amount', 'monetary_amount is null') }}
        end as monetary_quintile
    from measured
)

select
    customer_key,
    as_of_date,
    recency_days,
    purchases_count,
    monetary_amount,
    recency_quintile,
    frequency_quintile,
    monetary_quintile,
    recency_quintile::varchar || frequency_quintile || monetary_quintile as rfm_cell,
    (
        {{ var("rfm_weights")["recency"] }} * recency_quintile
        + {{ var("rfm_weights")["frequency"] }} * frequency_quintile
        + {{ var("rfm_weights")["monetary"] }} * monetary_quintile
    )::double / (
        {{ var("rfm_weights")["recency"] }}
        + {{ var("rfm_weights")["frequency"] }}
        + {{ var("rfm_weights")["monetary"] }}
    ) as rfm_score,
    returns_count,
    purchases_without_amount_count,
    case when monetary_amount is null then 'no amount in the reporting currency' end
        as missing_reason,
    'rfm 1' as formula_version,
    last_purchase_at
from ranked
