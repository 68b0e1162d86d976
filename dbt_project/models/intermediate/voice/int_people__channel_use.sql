with
messages as (
    select
        messages.conversation_key,
        messages.channel,
        people.customer_key,
        messages.is_brand,
        messages.created_at,
        lag(messages.is_brand) over (
            partition by messages.conversation_key order by messages.created_at, messages.post_key
        ) as follows_brand,
        lag(messages.created_at) over (
            partition by messages.conversation_key order by messages.created_at, messages.post_key
        ) as previous_at
    from {{ ref('int_conversations__messages') }} as messages
    inner join {{ ref('int_identity__people') }} as people
        on people.record_type = 'account' and messages.customer_account_key = people.record_key
)

select
    customer_key,
    channel,
    count(*) filter (where not is_brand and follows_brand is null) as conversations_started_count,
    count(*) filter (where not is_brand) as messages_count,
    count(*) filter (where not is_brand and follows_brand) as answers_count,
    quantile_cont(date_diff('second', previous_at, created_at), 0.5) filter (
        where not is_brand and follows_brand
    ) as median_answer_seconds
from messages
group by customer_key, channel
