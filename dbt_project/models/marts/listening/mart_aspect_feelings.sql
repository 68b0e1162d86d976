with
posts as (
    select
        post_key,
        channel,
        account_key
    from {{ ref('fct_posts') }}
    -- What a brand, an employee or a program says, and what only repeats, is nobody's feeling.
    where not is_brand and not is_employee and not is_automated and not is_repost
),

felt as (
    select
        posts.post_key,
        posts.channel,
        posts.account_key,
        aspects.aspect,
        aspects.aspect_kind,
        aspects.brand,
        aspects.sentiment_label
    from posts
    inner join {{ ref('fct_post_aspects') }} as aspects
        on posts.post_key = aspects.post_key
),

counted as (
    select
        aspect,
        channel,
        any_value(aspect_kind) as aspect_kind,
        any_value(brand) as brand,
        count(*) as feelings_count,
        count(distinct post_key) as posts_count,
        count(distinct account_key) as authors_count,
        count(*) filter (where sentiment_label = 'negative') as negative_count,
        count(*) filter (where sentiment_label = 'neutral') as neutral_count,
        count(*) filter (where sentiment_label = 'positive') as positive_count
    from felt
    where sentiment_label is not null
    group by aspect, channel
)

select
    {{ surrogate_key("'aspect feeling'", "channel || '|' || aspect") }} as aspect_feeling_key,
    aspect,
    channel,
    aspect_kind,
    brand,
    feelings_count,
    posts_count,
    authors_count,
    negative_count,
    neutral_count,
    positive_count,
    (positive_count - negative_count) / feelings_count as net_sentiment_score,
    {{ net_share_error('positive_count', 'negative_count', 'feelings_count') }}
        as net_sentiment_standard_error_score
from counted
