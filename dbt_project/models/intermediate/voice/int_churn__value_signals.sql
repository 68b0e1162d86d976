with
buyers as (
    select
        lifetimes.*,
        (lifetimes.as_of_date + 1)::timestamptz as as_of_at,
        lifetimes.as_of_date - lifetimes.last_purchase_date as days_since_purchase,
        (lifetimes.last_purchase_date - lifetimes.first_purchase_date)
        / lifetimes.repeat_days_count as mean_days_between_purchases,
        list(
            struct_pack(
                evidence_type := 'order',
                evidence_key := orders.order_key,
                happened_at := orders.ordered_at
            )
        ) as evidence
    from {{ ref('mart_lifetime_value') }} as lifetimes
    inner join {{ ref('fct_orders') }} as orders
        on
            lifetimes.customer_key = orders.customer_key
            and lifetimes.last_purchase_date = orders.ordered_at::date
    where orders.is_purchase
    group by all
),

overdue_purchases as (
    select
        customer_key,
        'overdue_purchase' as signal,
        days_since_purchase / mean_days_between_purchases as measured_value,
        {{ var('churn_overdue_gaps') }}::double as limit_value,
        map(
            ['days_since_purchase', 'mean_days_between_purchases', 'gaps_count'],
            [days_since_purchase, mean_days_between_purchases, repeat_days_count]
        ) as inputs,
        evidence,
        as_of_at
    from buyers
    where
        repeat_days_count >= {{ var('churn_minimum_gaps') }}
        and days_since_purchase / mean_days_between_purchases >= {{ var('churn_overdue_gaps') }}
),

gone_buyers as (
    select
        customer_key,
        'low_alive_probability' as signal,
        alive_probability as measured_value,
        {{ var('churn_alive_probability') }}::double as limit_value,
        map(
            ['days_since_purchase', 'mean_days_between_purchases', 'gaps_count'],
            [days_since_purchase, mean_days_between_purchases, repeat_days_count]
        ) as inputs,
        evidence,
        as_of_at
    from buyers
    where alive_probability <= {{ var('churn_alive_probability') }}
),

expiring_cards as (
    select
        *,
        date_diff('day', as_of_at, next_expiry_at) as days_left
    from {{ ref('mart_loyalty_cards') }}
    where customer_key is not null and next_expiring_points_count > 0
),

expiring_points as (
    select
        customer_key,
        'expiring_points' as signal,
        min(days_left)::double as measured_value,
        {{ var('churn_expiry_days') }}::double as limit_value,
        map(['expiring_points_count'], [sum(next_expiring_points_count)]) as inputs,
        list(
            struct_pack(
                evidence_type := 'loyalty_card',
                evidence_key := loyalty_card_id,
                happened_at := next_expiry_at
            )
        ) as evidence,
        any_value(as_of_at) as as_of_at
    from expiring_cards
    where days_left <= {{ var('churn_expiry_days') }}
    group by customer_key
)

select * from overdue_purchases
union all
select * from gone_buyers
union all
select * from expiring_points
