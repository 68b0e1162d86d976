with
posts as (
    select *
    from {{ ref('fct_posts') }}
    -- What a person only repeats, what a program writes and what is gone tells no feeling.
    where
        customer_key is not null
        and edit_of_post_key is null
        and repost_of_post_key is null
        and not is_automated
        and sentiment_label is not null
        and created_at is not null
),

conversation_brands as (
    select
        posts.post_key,
        conversations.brand
    from posts
    inner join {{ ref('fct_conversations') }} as conversations
        on posts.conversation_key = conversations.conversation_key
),

mentioned_brands as (
    select
        mentions.post_key,
        accounts.brand
    from {{ ref('int_posts__mentions') }} as mentions
    inner join {{ ref('int_accounts__known') }} as accounts
        on mentions.mentioned_account_key = accounts.account_key
),

named_brands as (
    select
        current_posts.post_key,
        texts.brand
    from {{ ref('int_posts__current') }} as current_posts
    inner join {{ ref('int_texts__brands') }} as texts
        on current_posts.text_key = texts.text_key
),

brands as (
    select * from conversation_brands
    union
    select * from mentioned_brands
    union
    select * from named_brands
)

select
    posts.post_key,
    posts.customer_key,
    brands.brand,
    posts.sentiment_label,
    posts.sentiment_score,
    posts.emotion_label,
    coalesce(list_contains(posts.intents, 'praise'), false) as is_praise,
    coalesce(list_has_any(posts.intents, ['complaint', 'churn_risk']), false) as is_complaint,
    coalesce(list_contains(posts.intents, 'churn_risk'), false) as is_churn_risk,
    posts.created_at
from posts
inner join brands
    on posts.post_key = brands.post_key
where brands.brand is not null
