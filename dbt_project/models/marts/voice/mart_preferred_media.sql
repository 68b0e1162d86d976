select
    customer_key,
    channel,
    conversations_started_count,
    messages_count,
    answers_count,
    median_answer_seconds,
    conversations_started_count > 0
    and row_number() over (
        partition by customer_key
        order by
            conversations_started_count desc,
            median_answer_seconds asc nulls last,
            messages_count desc,
            channel asc
    ) = 1 as is_preferred,
    conversations_started_count >= {{ var('preferred_minimum_conversations') }} as is_supported
from {{ ref('int_people__channel_use') }}
