with
posts as (
    select
        post_key,
        account_key,
        sentiment_label,
        created_at
    from {{ ref('fct_posts') }}
    -- What a brand, an employee or a program says, and what only repeats, is not what customers
    -- speak of.
    where not is_brand and not is_employee and not is_automated and not is_repost
)

select
    phrases.key_phrase_key,
    phrases.phrase,
    phrases.language,
    count(*) as posts_count,
    count(distinct posts.account_key) as authors_count,
    count(*) filter (where posts.sentiment_label = 'negative') as negative_count,
    count(*) filter (where posts.sentiment_label = 'positive') as positive_count,
    (
        count(*) filter (where posts.sentiment_label = 'positive')
        - count(*) filter (where posts.sentiment_label = 'negative')
    ) / count(*) as net_sentiment_score,
    min(posts.created_at) as first_seen_at,
    max(posts.created_at) as last_seen_at
from posts
inner join {{ ref('fct_post_key_phrases') }} as phrases
    on posts.post_key = phrases.post_key
group by phrases.key_phrase_key, phrases.phrase, phrases.language
