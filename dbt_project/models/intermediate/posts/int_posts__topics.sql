with
posts as (
    select
        post_key,
        source,
        section,
        hashtags,
        text_key
    from {{ ref('int_posts__current') }}
),

hashtag_topics as (
    select
        post_key,
        'hashtag' as topic_kind,
        -- An accent may be written as a sign of its own, and is the same.
        nfc_normalize(lower(unnest(hashtags))) as name
    from posts
),

section_topics as (
    select
        post_key,
        'section' as topic_kind,
        -- Forums call their sections alike, or number them.
        source || '/' || section as name
    from posts
    where section != ''
),

product_topics as (
    select
        posts.post_key,
        'product' as topic_kind,
        products.product as name
    from posts
    inner join {{ ref('int_texts__products') }} as products
        on posts.text_key = products.text_key
),

own_topics as (
    select
        posts.post_key,
        threads.thread_key,
        text_topics.topic_id,
        text_topics.topic_score
    from posts
    inner join {{ ref('int_posts__threads') }} as threads
        on posts.post_key = threads.post_key
    inner join {{ ref('stg_nlp__text_topics') }} as text_topics
        on posts.text_key = text_topics.text_key
),

-- What a thread is about is what its clearest text is about.
thread_topics as (
    select
        thread_key,
        arg_max(topic_id, (topic_score, topic_id)) as topic_id
    from own_topics
    group by thread_key
),

learnt_topics as (
    select
        posts.post_key,
        'learnt' as topic_kind,
        coalesce(own_topics.topic_id, thread_topics.topic_id) as name
    from posts
    inner join {{ ref('int_posts__threads') }} as threads
        on posts.post_key = threads.post_key
    left join own_topics
        on posts.post_key = own_topics.post_key
    left join thread_topics
        on threads.thread_key = thread_topics.thread_key
    where
        posts.text_key is not null
        and coalesce(own_topics.topic_id, thread_topics.topic_id) is not null
),

topics as (
    select * from learnt_topics
    union
    select * from hashtag_topics
    union
    select * from section_topics
    union
    select * from product_topics
)

select
    topics.post_key,
    {{ surrogate_key("'topic'", "topics.topic_kind || ':' || topics.name") }} as topic_key,
    topics.topic_kind || ':' || topics.name as topic_id,
    topics.topic_kind,
    case
        when topics.topic_kind = 'section' then substr(topics.name, strpos(topics.name, '/') + 1)
        else coalesce(learnt.label, topics.name)
    end as label,
    learnt.phrases_fr,
    learnt.phrases_en
from topics
left join {{ ref('stg_nlp__topics') }} as learnt
    on
        topics.name = learnt.topic_id
        and topics.topic_kind = 'learnt'
where topics.name != ''
