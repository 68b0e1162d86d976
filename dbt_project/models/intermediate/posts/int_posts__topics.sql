with
posts as (
    select
        post_key,
        section,
        hashtags,
        text_key
    from {{ ref('int_posts__current') }}
),

hashtag_topics as (
    select
        post_key,
        'hashtag' as topic_kind,
        lower(unnest(hashtags)) as label
    from posts
),

section_topics as (
    select
        post_key,
        'section' as topic_kind,
        section as label
    from posts
    where section is not null
),

product_topics as (
    select
        posts.post_key,
        'product' as topic_kind,
        products.product as label
    from posts
    inner join {{ ref('int_texts__products') }} as products
        on posts.text_key = products.text_key
),

topics as (
    select * from hashtag_topics
    union
    select * from section_topics
    union
    select * from product_topics
)

select
    post_key,
    {{ surrogate_key("'topic'", "topic_kind || ':' || label") }} as topic_key,
    topic_kind || ':' || label as topic_id,
    topic_kind,
    label
from topics
where label != ''
