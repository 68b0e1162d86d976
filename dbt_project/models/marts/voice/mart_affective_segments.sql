with
customers as (
    select *
    from {{ ref('int_people__totals') }}
    where not is_employee
),

moments as (
    select {{ newest_moment('last_seen_at') }} as as_of_at from customers
),

feelings as (
    select
        customer_key,
        -- Sums in decimals do not depend on the order of the rows.
        (
            sum((feeling_score * (posts_count + nps_answers_count))::decimal(18, 9))
            / sum(posts_count + nps_answers_count)
        )::double as feeling_score,
        sum(posts_count + nps_answers_count)::bigint as statements_count
    from {{ ref('mart_feeling_scores') }}
    where not is_competitor
    group by customer_key
),

worth as (
    select
        customer_key,
        purchases_count,
        monetary_amount,
        rfm_cell,
        rfm_score
    from {{ ref('mart_rfm') }}
),

levels as (
    select
        customers.customer_key,
        coalesce(worth.purchases_count, 0) as purchases_count,
        worth.monetary_amount,
        worth.rfm_cell,
        worth.rfm_score,
        feelings.feeling_score,
        coalesce(feelings.statements_count, 0) as statements_count,
        customers.last_seen_at,
        moments.as_of_at,
        case
            when worth.customer_key is null then 'none'
            when worth.rfm_score is null then 'unknown'
            when worth.rfm_score >= {{ var('high_value_score') }} then 'high'
            else 'low'
        end as value_level,
        case
            when feelings.feeling_score is null then 'unknown'
            when feelings.feeling_score >= {{ var('segment_feeling_score') }} then 'warm'
            when feelings.feeling_score <= -{{ var('segment_feeling_score') }} then 'cold'
            else 'neutral'
        end as feeling_level,
        case
            when
                customers.last_seen_at
                > moments.as_of_at - to_days({{ var('active_days') }})
                then 'active'
            else 'quiet'
        end as activity_level
    from customers
    cross join moments
    left join worth
        on customers.customer_key = worth.customer_key
    left join feelings
        on customers.customer_key = feelings.customer_key
)

select
    customer_key,
    case
        when value_level = 'high' and feeling_level = 'warm' then 'devoted buyer'
        when value_level = 'high' and feeling_level = 'cold' then 'valued and unhappy'
        when feeling_level = 'warm' then 'well-wisher'
        when feeling_level = 'cold' then 'critic'
        when value_level = 'none' then 'onlooker'
        when activity_level = 'quiet' then 'sleeping buyer'
        when value_level = 'high' then 'steady buyer'
        when value_level = 'unknown' then 'buyer of unknown value'
        else 'occasional buyer'
    end as segment,
    value_level,
    feeling_level,
    activity_level,
    purchases_count,
    monetary_amount,
    rfm_cell,
    rfm_score,
    feeling_score,
    statements_count,
    last_seen_at,
    as_of_at,
    'affective 2' as formula_version
from levels
