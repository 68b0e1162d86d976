with
posts as (
    select * from {{ ref('int_posts__current') }}
),

parents as (
    select
        post_key,
        account_key
    from {{ ref('int_posts__current') }}
),

accounts as (
    select
        account_key,
        is_brand,
        is_automated
    from {{ ref('int_accounts__known') }}
),

repeating_accounts as (
    select
        account_key,
        template
    from {{ ref('int_accounts__automation') }}
    where is_repeating
),

repetitions as (
    select templates.post_key
    from {{ ref('int_posts__templates') }} as templates
    inner join repeating_accounts
        on
            templates.account_key = repeating_accounts.account_key
            and templates.template = repeating_accounts.template
),

annotations as (
    select
        text_key,
        intents,
        sentiment_label,
        answer_score
    from {{ ref('stg_nlp__text_annotations') }}
)

select
    posts.post_key,
    posts.source,
    posts.channel,
    posts.account_key,
    posts.in_reply_to_post_key,
    posts.repost_of_post_key,
    posts.quoted_post_key,
    threads.thread_key,
    coalesce(
        {{ surrogate_key('posts.source', 'posts.in_reply_to_account_id') }}, parents.account_key
    ) as replied_account_key,
    annotations.intents,
    annotations.sentiment_label,
    annotations.answer_score,
    parents.post_key is not null as has_captured_parent,
    coalesce(accounts.is_brand, false) as is_brand,
    posts.is_marked_automated
    or coalesce(accounts.is_automated, false)
    or repetitions.post_key is not null as is_automated,
    posts.is_private,
    posts.is_deleted,
    posts.repost_of_post_key is not null as is_repost,
    posts.created_at
from posts
inner join {{ ref('int_posts__threads') }} as threads
    on posts.post_key = threads.post_key
left join parents
    on posts.in_reply_to_post_key = parents.post_key
left join accounts
    on posts.account_key = accounts.account_key
left join repetitions
    on posts.post_key = repetitions.post_key
left join annotations
    on posts.text_key = annotations.text_key
