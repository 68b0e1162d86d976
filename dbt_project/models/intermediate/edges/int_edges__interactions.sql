with
posts as (
    select
        *,
        -- A brand or a program that answers somebody serves them, and is not moved by them.
        is_brand or is_automated as is_service
    from {{ ref('int_posts__in_context') }}
    where account_key is not null
),

replies as (
    select
        post_key,
        'reply' as interaction_kind,
        account_key as from_account_key,
        replied_account_key as to_account_key,
        is_service,
        created_at
    from posts
    where replied_account_key is not null
),

reposts as (
    select
        posts.post_key,
        'repost' as interaction_kind,
        posts.account_key as from_account_key,
        originals.account_key as to_account_key,
        -- To repeat or to comment on somebody is a choice, also a brand's.
        false as is_service,
        posts.created_at
    from posts
    inner join posts as originals
        on posts.repost_of_post_key = originals.post_key
),

quotes as (
    select
        posts.post_key,
        'quote' as interaction_kind,
        posts.account_key as from_account_key,
        originals.account_key as to_account_key,
        false as is_service,
        posts.created_at
    from posts
    inner join posts as originals
        on posts.quoted_post_key = originals.post_key
),

-- Platforms put the name of the account that is answered into the text by themselves.
mentions as (
    select
        posts.post_key,
        'mention' as interaction_kind,
        posts.account_key as from_account_key,
        mentions.mentioned_account_key as to_account_key,
        posts.is_service,
        posts.created_at
    from posts
    inner join {{ ref('int_posts__mentions') }} as mentions
        on posts.post_key = mentions.post_key
    where mentions.mentioned_account_key is distinct from posts.replied_account_key
),

interactions as (
    select * from replies
    union all
    select * from reposts
    union all
    select * from quotes
    union all
    select * from mentions
)

select
    post_key,
    interaction_kind,
    from_account_key,
    to_account_key,
    case
        when is_service then 0.0
        else json_extract('{{ var("influence_weights") | tojson }}', interaction_kind)::double
    end as influence_weight,
    created_at
from interactions
where from_account_key != to_account_key
