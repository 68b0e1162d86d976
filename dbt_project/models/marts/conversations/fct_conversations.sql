with
messages as (
    select * from {{ ref('int_conversations__messages') }}
),

turns as (
    select
        conversation_key,
        count(*) as turns_count,
        count(answered_at) as answered_turns_count,
        max(response_seconds) filter (where turn_number = 1) as first_response_seconds,
        bool_or(answered_at is null and not is_only_thanks) as is_waiting
    from {{ ref('int_conversations__turns') }}
    group by conversation_key
),

conversations as (
    select
        conversation_key,
        source,
        channel,
        customer_account_key as account_key,
        brand_account_key,
        first_post_key,
        min(created_at) as started_at,
        max(created_at) as last_message_at,
        count(*) as messages_count,
        count(*) filter (where not is_brand) as customer_messages_count,
        count(*) filter (where is_brand) as brand_messages_count,
        arg_min_null(sentiment_label, row(created_at, post_key)) filter (
            where not is_brand
        ) as first_sentiment_label,
        arg_max_null(sentiment_label, row(created_at, post_key)) filter (
            where not is_brand
        ) as last_sentiment_label,
        not coalesce(bool_or(is_private), false) as is_public
    from messages
    group by
        conversation_key, source, channel, customer_account_key, brand_account_key, first_post_key
),

accounts as (
    select
        account_key,
        customer_key,
        brand
    from {{ ref('dim_accounts') }}
)

select
    conversations.conversation_key,
    conversations.source,
    conversations.channel,
    conversations.account_key,
    customers.customer_key,
    conversations.brand_account_key,
    brands.brand,
    conversations.first_post_key,
    conversations.first_sentiment_label,
    conversations.last_sentiment_label,
    conversations.messages_count,
    conversations.customer_messages_count,
    conversations.brand_messages_count,
    coalesce(turns.turns_count, 0) as turns_count,
    coalesce(turns.answered_turns_count, 0) as answered_turns_count,
    turns.first_response_seconds,
    turns.answered_turns_count > 0 as is_answered,
    coalesce(turns.is_waiting, false) as is_waiting,
    conversations.is_public,
    conversations.started_at,
    conversations.last_message_at
from conversations
left join turns
    on conversations.conversation_key = turns.conversation_key
left join accounts as customers
    on conversations.account_key = customers.account_key
left join accounts as brands
    on conversations.brand_account_key = brands.account_key
