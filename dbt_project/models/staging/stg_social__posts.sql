with
delivered as (
    select * from {{ source('bronze', 'posts') }}
)

select
    -- ids
    source,
    post_id,
    author_id,
    in_reply_to_post_id,
    in_reply_to_account_id,
    thread_id,
    repost_of_post_id,
    quoted_post_id,
    edit_of_post_id,
    text_key,
    record_hash,
    {{ surrogate_key('source', 'post_id') }} as post_key,
    {{ surrogate_key('source', 'author_id') }} as account_key,
    -- texts
    channel,
    author_handle,
    section,
    mentions,
    hashtags,
    withheld_in_countries,
    -- numbers
    like_count,
    repost_count,
    reply_count,
    view_count,
    -- booleans
    is_inbound,
    is_automated,
    is_private,
    is_deleted,
    -- times
    created_at,
    received_at,
    edited_at,
    -- where it came from
    batch_id,
    file,
    position,
    item
from delivered
