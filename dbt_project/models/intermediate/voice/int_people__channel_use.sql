with
messages as (
    select
        messages.conversation_key,
        messages.post_key,
        messages.channel,
        people.customer_key,
        messages.is_brand,
        messages.is_brand and messages.is_automated as is_automatic_reply,
        messages.created_at,
        row_number() over (
            partition by messages.conversation_key
            order by messages.created_at, messages.is_brand, messages.post_key
        ) = 1 as is_first
    from {{ ref('int_conversations__messages') }} as messages
    inner join {{ ref('int_identity__people') }} as people
        on people.record_type = 'account' and messages.customer_account_key = people.record_key
),

-- What comes after the reply of a program is no answer to anybody.
preceded as (
    select
        *,
        lag(is_brand) over conversation as follows_brand,
        lag(created_at) over conversation as previous_at
    from messages
    where not is_automatic_reply
    window
        conversation as (
            partition by conversation_key order by created_at, is_brand, post_key
        )
)

select
    customer_key,
    channel,
    count(*) filter (where not is_brand and is_first) as conversations_started_count,
    count(*) filter (where not is_brand) as messages_count,
    count(*) filter (where not is_brand and follows_brand) as answers_count,
    quantile_cont(date_diff('second', previous_at, created_at), 0.5) filter (
        where not is_brand and follows_brand
    ) as median_answer_seconds
from preceded
group by customer_key, channel
