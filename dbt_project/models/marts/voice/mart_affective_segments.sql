with
customers as (
    select *
    from {{ ref('dim_customers') }}
    where not is_employee
),

moments as (
    select max(last_seen_at) as as_of_at from customers
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

buyers as (
    select
        customer_key,
        percent_rank() over (order by orders_amount) as amount_percentile
    from customers
    where orders_count > 0
),

levels as (
    select
        customers.customer_key,
        customers.orders_count,
        customers.orders_amount,
        buyers.amount_percentile,
        feelings.feeling_score,
        coalesce(feelings.statements_count, 0) as statements_count,
        customers.last_seen_at,
        moments.as_of_at,
        case
            when buyers.customer_key is null then 'none'
            when buyers.amount_percentile >= {{ var('high_value_percentile') }} then 'high'
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
    left join buyers
        on customers.customer_key = buyers.customer_key
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
        else 'occasional buyer'
    end as segment,
    value_level,
    feeling_level,
    activity_level,
    orders_count,
    orders_amount,
    amount_percentile,
    feeling_score,
    statements_count,
    last_seen_at,
    as_of_at,
    'affective 1' as formula_version
from levels
