with
messages as (
    select
        conversation_key,
        post_key,
        customer_account_key,
        brand_account_key,
        channel,
        is_brand,
        is_only_thanks,
        created_at
    from {{ ref('int_conversations__messages') }}
    -- An automatic reply neither ends a turn nor stops a clock.
    where not (is_brand and is_automated)
),

preceded as (
    select
        *,
        lag(is_brand, 1, true) over (
            partition by conversation_key order by created_at, is_brand, post_key
        ) as follows_brand
    from messages
),

numbered as (
    select
        *,
        count(*) filter (where not is_brand and follows_brand) over (
            partition by conversation_key order by created_at, is_brand, post_key
        ) as turn_number
    from preceded
)

select
    conversation_key,
    turn_number,
    customer_account_key,
    brand_account_key,
    channel,
    count(*) filter (where not is_brand) as customer_messages_count,
    bool_and(is_only_thanks) filter (where not is_brand) as is_only_thanks,
    min(created_at) filter (where not is_brand) as started_at,
    min(created_at) filter (where is_brand) as answered_at,
    date_sub(
        'second',
        min(created_at) filter (where not is_brand),
        min(created_at) filter (where is_brand)
    ) as response_seconds
from numbered
-- What the brand writes before the customer's first message answers nothing.
where turn_number > 0
group by conversation_key, turn_number, customer_account_key, brand_account_key, channel
