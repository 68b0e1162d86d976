with
moments as (
    select
        as_of_at,
        as_of_at - to_days({{ var('feeling_trend_days') }}) as later_starts_at,
        as_of_at - to_days(2 * {{ var('feeling_trend_days') }}) as earlier_starts_at
    from {{ ref('int_voice__as_of') }}
),

posts as (
    select
        posts.*,
        moments.*,
        posts.created_at > moments.later_starts_at as is_later
    from {{ ref('int_people__brand_posts') }} as posts
    inner join moments
        on posts.created_at > moments.earlier_starts_at and posts.created_at <= moments.as_of_at
    left join {{ ref('int_people__employees') }} as employees
        on posts.customer_key = employees.customer_key
    where employees.customer_key is null
),

stances as (
    select
        *,
        unnest(['sentiment', 'emotion']) as measure,
        unnest([
            case sentiment_label when 'positive' then 1 when 'negative' then -1 else 0 end,
            case
                when emotion_label in ('joy', 'optimism') then 1
                when emotion_label in ('anger', 'sadness', 'fear') then -1
                when emotion_label is not null then 0
            end
        ]) as stance
    from posts
),

counted as (
    select
        customer_key,
        brand,
        measure,
        earlier_starts_at,
        later_starts_at,
        as_of_at,
        count(*) filter (where not is_later) as earlier_posts_count,
        count(*) filter (where not is_later and stance = 1) as earlier_positive_posts_count,
        count(*) filter (where not is_later and stance = -1) as earlier_negative_posts_count,
        count(*) filter (where is_later) as later_posts_count,
        count(*) filter (where is_later and stance = 1) as later_positive_posts_count,
        count(*) filter (where is_later and stance = -1) as later_negative_posts_count,
        coalesce(
            list(post_key order by created_at, post_key) filter (where not is_later), []
        ) as earlier_post_keys,
        coalesce(list(post_key order by created_at, post_key) filter (where is_later), [])
            as later_post_keys
    from stances
    where stance is not null
    group by customer_key, brand, measure, earlier_starts_at, later_starts_at, as_of_at
),

-- Of too few posts in either window nothing is said of a change.
supported as (
    select
        *,
        case
            when
                least(earlier_posts_count, later_posts_count)
                >= {{ var('feeling_trend_minimum_posts') }}
                then earlier_posts_count
        end as earlier_support,
        case when earlier_support is not null then later_posts_count end as later_support
    from counted
),

nets as (
    select
        *,
        (earlier_positive_posts_count - earlier_negative_posts_count) / earlier_support
            as earlier_net_feeling,
        {{ net_share_bound(
            'earlier_positive_posts_count', 'earlier_negative_posts_count', 'earlier_support', '-'
        ) }} as earlier_low,
        {{ net_share_bound(
            'earlier_positive_posts_count', 'earlier_negative_posts_count', 'earlier_support', '+'
        ) }} as earlier_high,
        (later_positive_posts_count - later_negative_posts_count) / later_support
            as later_net_feeling,
        {{ net_share_bound(
            'later_positive_posts_count', 'later_negative_posts_count', 'later_support', '-'
        ) }} as later_low,
        {{ net_share_bound(
            'later_positive_posts_count', 'later_negative_posts_count', 'later_support', '+'
        ) }} as later_high
    from supported
),

-- The interval of a difference from those of its two sides (Zou and Donner, "Construction of
-- confidence limits about effect measures: a general approach", 2008).
changes as (
    select
        *,
        later_net_feeling - earlier_net_feeling as net_feeling_change,
        round(
            later_net_feeling - earlier_net_feeling
            - sqrt(
                pow(later_net_feeling - later_low, 2) + pow(earlier_high - earlier_net_feeling, 2)
            ),
            4
        ) as net_feeling_change_low,
        round(
            later_net_feeling - earlier_net_feeling
            + sqrt(
                pow(later_high - later_net_feeling, 2) + pow(earlier_net_feeling - earlier_low, 2)
            ),
            4
        ) as net_feeling_change_high
    from nets
),

judged as (
    select
        *,
        case
            when net_feeling_change is null then 'too few posts'
            when
                net_feeling_change_low <= -{{ var('feeling_trend_clear_change') }}
                and net_feeling_change_high >= {{ var('feeling_trend_clear_change') }}
                then 'a clear fall and a clear rise are both possible'
        end as missing_reason
    from changes
)

select
    customer_key,
    brand,
    measure,
    case
        when missing_reason is not null then 'unknown'
        when net_feeling_change_high < 0 then 'falling'
        when net_feeling_change_low > 0 then 'rising'
        else 'steady'
    end as direction,
    net_feeling_change,
    net_feeling_change_low,
    net_feeling_change_high,
    earlier_net_feeling,
    earlier_posts_count,
    earlier_positive_posts_count,
    earlier_negative_posts_count,
    earlier_post_keys,
    later_net_feeling,
    later_posts_count,
    later_positive_posts_count,
    later_negative_posts_count,
    later_post_keys,
    missing_reason,
    'trend 1' as formula_version,
    earlier_starts_at,
    later_starts_at,
    as_of_at
from judged
