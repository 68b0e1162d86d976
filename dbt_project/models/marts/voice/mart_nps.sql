with
events as (
    select * from {{ ref('int_surveys__events') }}
),

grouped as (
    select
        *,
        'all' as dimension,
        'all' as group_value
    from events

    union all

    select
        *,
        'survey' as dimension,
        survey_id as group_value
    from events

    union all

    select
        *,
        'channel' as dimension,
        channel as group_value
    from events

    union all

    select
        *,
        'sales_channel' as dimension,
        sales_channel as group_value
    from events

    union all

    select
        *,
        'product' as dimension,
        unnest(list_distinct(product_ids)) as group_value
    from events
),

dated as (
    select
        *,
        unnest(['all', 'year', 'quarter', 'month']) as period_type,
        unnest([
            null,
            date_trunc('year', happened_at)::date,
            date_trunc('quarter', happened_at)::date,
            date_trunc('month', happened_at)::date
        ]) as period_start
    from grouped
    where group_value is not null
),

counted as (
    select
        brand,
        dimension,
        group_value,
        period_type,
        period_start,
        count(nps_score) as answers_count,
        count(distinct customer_key) filter (where nps_score is not null) as people_count,
        count(*) filter (where nps_score >= 9) as promoters_count,
        count(*) filter (where nps_score between 7 and 8) as passives_count,
        count(*) filter (where nps_score <= 6) as detractors_count,
        count(*) filter (where event_type = 'answer' and nps_score is null) as unscored_count,
        case
            when dimension not in ('survey', 'channel')
                then count(*) filter (where event_type = 'order')
        end as orders_count,
        case
            when dimension not in ('survey', 'channel') then count(*) filter (where is_answered)
        end as answered_orders_count
    from dated
    group by brand, dimension, group_value, period_type, period_start
),

scored as (
    select
        *,
        nullif(answers_count, 0) as scored_count
    from counted
)

select
    brand,
    dimension,
    group_value,
    period_type,
    period_start,
    answers_count,
    people_count,
    promoters_count,
    passives_count,
    detractors_count,
    unscored_count,
    100 * (promoters_count - detractors_count) / scored_count as nps_points,
    100 * {{ net_share_error('promoters_count', 'detractors_count', 'scored_count') }}
        as standard_error_points,
    round(
        100 * {{ net_share_bound('promoters_count', 'detractors_count', 'scored_count', '-') }},
        4
    ) as nps_low_points,
    round(
        100 * {{ net_share_bound('promoters_count', 'detractors_count', 'scored_count', '+') }},
        4
    ) as nps_high_points,
    orders_count,
    answered_orders_count,
    answers_count < {{ var('nps_minimum_answers') }} as is_small_group
from scored
