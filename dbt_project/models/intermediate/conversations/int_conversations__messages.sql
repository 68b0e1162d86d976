with recursive
posts as (
    select *
    from {{ ref('int_posts__in_context') }}
    -- Reposts are reactions, not messages; what has no author or no time is in no conversation.
    where not is_repost and account_key is not null and created_at is not null
),

brand_accounts as (
    select account_key
    from {{ ref('int_accounts__known') }}
    where is_brand
),

human_answers as (
    select distinct
        in_reply_to_post_key as post_key,
        account_key
    from posts
    where is_brand and not is_automated and in_reply_to_post_key is not null
),

-- Of several brand accounts that are named, the one that answers was meant.
mentions as (
    select
        mentions.post_key,
        arg_min(
            mentions.mentioned_account_key,
            row(human_answers.account_key is null, mentions.mention_number)
        ) filter (
            where brand_accounts.account_key is not null
        ) as brand_account_key,
        arg_min(mentions.mentioned_account_key, mentions.mention_number) filter (
            where brand_accounts.account_key is null
        ) as customer_account_key
    from {{ ref('int_posts__mentions') }} as mentions
    left join brand_accounts
        on mentions.mentioned_account_key = brand_accounts.account_key
    left join human_answers
        on
            mentions.post_key = human_answers.post_key
            and mentions.mentioned_account_key = human_answers.account_key
    group by mentions.post_key
),

-- A brand that answers a post makes it a message to the brand, whomever it was written to.
answers as (
    select
        in_reply_to_post_key as post_key,
        arg_min(account_key, row(created_at, account_key)) as brand_account_key
    from posts
    where is_brand and in_reply_to_post_key is not null
    group by in_reply_to_post_key
),

candidates as (
    select
        posts.*,
        replied_brands.account_key is not null as replies_to_brand,
        coalesce(posts.replied_account_key = posts.account_key, false) as replies_to_itself,
        mentions.brand_account_key as mentioned_brand_account_key,
        mentions.customer_account_key as mentioned_customer_account_key,
        answers.brand_account_key as answering_brand_account_key
    from posts
    left join brand_accounts as replied_brands
        on posts.replied_account_key = replied_brands.account_key
    left join mentions
        on posts.post_key = mentions.post_key
    left join answers
        on posts.post_key = answers.post_key
),

directed as (
    select
        *,
        case
            when is_brand and replied_account_key is not null and not replies_to_brand
                then replied_account_key
            when is_brand then mentioned_customer_account_key
            when replies_to_brand then replied_account_key
            -- A reply to another customer repeats the names of the thread: they address nobody.
            when replied_account_key is null or replies_to_itself
                then coalesce(mentioned_brand_account_key, answering_brand_account_key)
            else answering_brand_account_key
        end as other_account_key
    from candidates
),

-- Who goes on under their own post goes on talking to whom that post was for.
continued as (
    select
        post_key,
        other_account_key
    from directed
    where other_account_key is not null

    union all

    select
        directed.post_key,
        continued.other_account_key
    from continued
    inner join directed
        on continued.post_key = directed.in_reply_to_post_key
    where directed.other_account_key is null and directed.replies_to_itself
),

messages as (
    select
        posts.*,
        case when posts.is_brand then continued.other_account_key else posts.account_key end
            as customer_account_key,
        case when posts.is_brand then posts.account_key else continued.other_account_key end
            as brand_account_key
    from continued
    inner join posts
        on continued.post_key = posts.post_key
),

-- A customer's message that comes with its answer, to the second, comes before it.
timed as (
    select
        *,
        max(created_at) filter (where not is_brand) over (
            conversing rows between unbounded preceding and 1 preceding
        ) as previous_customer_at,
        min(created_at) filter (where not is_brand) over pair as first_customer_at
    from messages
    window
        pair as (partition by customer_account_key, brand_account_key, channel),
        conversing as (
            partition by customer_account_key, brand_account_key, channel
            order by created_at, is_brand, post_key
        )
),

counted as (
    select
        *,
        count(*) filter (
            where
            not is_brand
            and (
                previous_customer_at is null
                or created_at - previous_customer_at
                >= to_hours('{{ var("conversation_gap_hours") }}'::bigint)
            )
        ) over (
            partition by customer_account_key, brand_account_key, channel
            order by created_at, is_brand, post_key
        ) as customer_conversation_number
    from timed
),

numbered as (
    select
        *,
        -- What a brand writes shortly before a customer's first message opens that conversation.
        case
            when
                customer_conversation_number = 0
                and first_customer_at - created_at
                < to_hours('{{ var("conversation_gap_hours") }}'::bigint)
                then 1
            else customer_conversation_number
        end as conversation_number
    from counted
),

opened as (
    select
        *,
        first_value(post_key) over (
            partition by customer_account_key, brand_account_key, channel, conversation_number
            order by created_at, is_brand, post_key
        ) as first_post_key
    from numbered
)

select
    post_key,
    first_post_key,
    {{ surrogate_key("first_post_key || '|' || customer_account_key", 'brand_account_key') }}
        as conversation_key,
    source,
    channel,
    customer_account_key,
    brand_account_key,
    sentiment_label,
    is_brand,
    is_automated,
    is_private,
    -- Thanks that also ask, or that are bitter, wait for an answer.
    not is_brand
    and coalesce(list_contains(intents, 'thanks'), false)
    and not coalesce(
        list_has_any(
            intents,
            ['question', 'request', 'problem_report', 'complaint', 'churn_risk', 'purchase_intent']
        ),
        false
    )
    and coalesce(sentiment_label, '') != 'negative' as is_only_thanks,
    created_at
from opened
