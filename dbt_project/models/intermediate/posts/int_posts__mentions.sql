with
mentions as (
    select
        post_key,
        source,
        account_key,
        unnest(mentions) as handle,
        generate_subscripts(mentions, 1) as mention_number
    from {{ ref('int_posts__current') }}
    -- The names in a repost are the original's: who repeats it addresses nobody.
    where repost_of_post_key is null
)

select
    mentions.post_key,
    handles.account_key as mentioned_account_key,
    min(mentions.mention_number) as mention_number
from mentions
inner join {{ ref('int_accounts__handles') }} as handles
    on
        mentions.source = handles.source
        and lower(mentions.handle) = handles.handle
group by mentions.post_key, handles.account_key
