with
events as (
    select
        events.*,
        segments.segment,
        segments.value_level,
        buyers.monetary_quintile::varchar as monetary_quintile
    from {{ ref('int_surveys__events') }} as events
    left join {{ ref('mart_affective_segments') }} as segments
        on events.customer_key = segments.customer_key
    left join {{ ref('mart_rfm') }} as buyers
        on events.customer_key = buyers.customer_key
),

grouped as (
    select
        *,
        unnest([
            'all',
            'survey',
            'channel',
            'sales_channel',
            'segment',
            'value_level',
            'monetary_quintile'
        ]) as dimension,
        unnest([
            'all',
            survey_id,
            channel,
            sales_channel,
            segment,
            value_level,
            monetary_quintile
        ]) as group_value
    from events

    union all

    -- An event with several products is in the group of each.
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
