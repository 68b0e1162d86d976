with
turns as (
    select
        *,
        case when turn_number = 1 then 'first_response' else 'next_response' end as measure
    from {{ ref('int_conversations__turns') }}
),

accounts as (
    select
        account_key,
        brand
    from {{ ref('dim_accounts') }}
)

select
    accounts.brand,
    turns.brand_account_key,
    turns.channel,
    turns.measure,
    'calendar' as time_basis,
    count(*) as turns_count,
    count(turns.response_seconds) as answered_count,
    count(turns.response_seconds) / count(*) as response_rate,
    avg(turns.response_seconds) as mean_seconds,
    quantile_cont(turns.response_seconds, 0.5) as median_seconds,
    quantile_cont(turns.response_seconds, 0.9) as p90_seconds,
    count(*) filter (where turns.response_seconds <= 15 * 60) / count(*) as within_15_minutes_rate,
    count(*) filter (where turns.response_seconds <= 60 * 60) / count(*) as within_1_hour_rate,
    count(*) filter (where turns.response_seconds <= 24 * 60 * 60) / count(*)
        as within_24_hours_rate
from turns
inner join accounts
    on turns.brand_account_key = accounts.account_key
group by accounts.brand, turns.brand_account_key, turns.channel, turns.measure
