with
delivered as (
    select * from {{ source('bronze', 'accounts') }}
)

select
    -- ids
    source,
    account_id,
    record_hash,
    {{ surrogate_key('source', 'account_id') }} as account_key,
    -- texts
    channel,
    {{ without_addresses('handle') }} as handle,
    {{ without_contact_points('display_name') }} as display_name,
    {{ without_contact_points('location') }} as location,
    -- numbers
    followers_count,
    following_count,
    posts_count,
    -- booleans
    is_brand,
    is_automated,
    -- times
    created_at,
    received_at,
    -- where it came from
    batch_id,
    file,
    position,
    item
from delivered
