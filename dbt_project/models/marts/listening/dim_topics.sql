with
posts as (
    select
        post_key,
        created_at
    from {{ ref('int_posts__current') }}
)

select
    topics.topic_key,
    topics.topic_id,
    topics.topic_kind,
    topics.label,
    any_value(topics.phrases_fr) as phrases_fr,
    any_value(topics.phrases_en) as phrases_en,
    count(*) as posts_count,
    min(posts.created_at) as first_seen_at
from {{ ref('int_posts__topics') }} as topics
inner join posts
    on topics.post_key = posts.post_key
group by topics.topic_key, topics.topic_id, topics.topic_kind, topics.label
