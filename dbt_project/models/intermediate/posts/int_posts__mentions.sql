with
mentions as (
    select
        post_key,
        source,
        account_key,
        created_at,
        unnest(mentions) as handle,
        generate_subscripts(mentions, 1) as mention_number
    from {{ ref('int_posts__current') }}
    -- The names in a repost are the original's: who repeats it addresses nobody.
    where repost_of_post_key is null
),

-- A handle may have passed to another account since: the post was for whom it named then.
resolved as (
    select
        mentions.post_key,
        mentions.mention_number,
        coalesce(past_handles.account_key, handles.account_key) as mentioned_account_key
    from mentions
    inner join {{ ref('int_accounts__handles') }} as handles
        on
            mentions.source = handles.source
            and lower(mentions.handle) = handles.handle
    left join {{ ref('int_accounts__past_handles') }} as past_handles
        on
            mentions.source = past_handles.source
            and lower(mentions.handle) = past_handles.handle
            and mentions.created_at >= coalesce(past_handles.held_from, mentions.created_at)
            and mentions.created_at < past_handles.held_until
)

select
    post_key,
    mentioned_account_key,
    min(mention_number) as mention_number
from resolved
group by post_key, mentioned_account_key
