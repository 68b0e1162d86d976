with
turns as (
    select
        brand_account_key,
        channel,
        case when turn_number = 1 then 'first_response' else 'next_response' end as measure,
        response_seconds,
        -- Who only thanks waits for no answer: that none came is nobody's fault.
        is_only_thanks and response_seconds is null as is_unanswered_thanks
    from {{ ref('int_conversations__turns') }}
),

counted as (
    select
        brand_account_key,
        channel,
        measure,
        count(*) as turns_count,
        count(*) filter (where is_unanswered_thanks) as unanswered_thanks_count,
        nullif(count(*) filter (where not is_unanswered_thanks), 0) as eligible_count,
        count(response_seconds) as answered_count,
        avg(response_seconds) as mean_seconds,
        quantile_cont(response_seconds, 0.5) as median_seconds,
        quantile_cont(response_seconds, 0.9) as p90_seconds,
        count(*) filter (where response_seconds <= 15 * 60) as within_15_minutes_count,
        count(*) filter (where response_seconds <= 60 * 60) as within_1_hour_count,
        count(*) filter (where response_seconds <= 24 * 60 * 60) as within_24_hours_count
    from turns
    group by brand_account_key, channel, measure
),

accounts as (
    select
        account_key,
        brand
    from {{ ref('dim_accounts') }}
)

select
    accounts.brand,
    counted.brand_account_key,
    counted.channel,
    counted.measure,
    'calendar' as time_basis,
    counted.turns_count,
    counted.unanswered_thanks_count,
    counted.answered_count,
    counted.answered_count / counted.eligible_count as response_rate,
    counted.mean_seconds,
    counted.median_seconds,
    counted.p90_seconds,
    counted.within_15_minutes_count / counted.eligible_count as within_15_minutes_rate,
    counted.within_1_hour_count / counted.eligible_count as within_1_hour_rate,
    counted.within_24_hours_count / counted.eligible_count as within_24_hours_rate
from counted
inner join accounts
    on counted.brand_account_key = accounts.account_key
