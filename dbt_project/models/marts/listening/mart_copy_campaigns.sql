with
annotations as (
    select
        text_key,
        text_masked,
        is_spam
    from {{ ref('stg_nlp__text_annotations') }}
),

posts as (
    select
        posts.post_key,
        posts.source,
        posts.account_key,
        posts.created_at,
        annotations.text_masked,
        annotations.is_spam,
        coalesce(near_copies.group_text_key, posts.text_key) as group_text_key
    from {{ ref('int_posts__current') }} as posts
    inner join {{ ref('int_posts__in_context') }} as contexts
        on posts.post_key = contexts.post_key
    inner join annotations
        on posts.text_key = annotations.text_key
    inner join {{ ref('stg_nlp__text_annotations') }} as compared
        on posts.text_key = compared.text_key and compared.near_duplicate_bands is not null
    left join {{ ref('int_texts__near_duplicates') }} as near_copies
        on posts.text_key = near_copies.text_key
    -- A repost is a copy by its nature, and a brand may say the same from all of its accounts.
    where
        not contexts.is_repost
        and not contexts.is_brand
        and posts.account_key is not null
        and posts.created_at is not null
),

gaps as (
    select
        *,
        created_at - lag(created_at) over (
            partition by group_text_key order by created_at, post_key
        ) as since_previous
    from posts
),

runs as (
    select
        *,
        count(*) filter (
            where since_previous >= to_hours({{ var('copy_campaign_gap_hours') }}::bigint)
        ) over (partition by group_text_key order by created_at, post_key) as run_number
    from gaps
),

campaigns as (
    select
        arg_min(post_key, row(created_at, post_key)) as first_post_key,
        arg_min(text_masked, row(created_at, post_key)) as sample_text,
        count(*) as posts_count,
        count(distinct account_key) as authors_count,
        count(distinct source) as sources_count,
        count(distinct text_masked) as texts_count,
        count(*) filter (where is_spam) / count(*) as spam_rate,
        min(created_at) as first_post_at,
        max(created_at) as last_post_at
    from runs
    group by group_text_key, run_number
    having count(distinct account_key) >= {{ var('copy_campaign_authors') }}
)

select
    {{ surrogate_key("'campaign'", 'first_post_key') }} as campaign_key,
    first_post_key,
    sample_text,
    posts_count,
    authors_count,
    sources_count,
    texts_count,
    spam_rate,
    first_post_at,
    last_post_at
from campaigns
