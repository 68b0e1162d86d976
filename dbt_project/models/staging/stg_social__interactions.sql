with
delivered as (
    select * from {{ source('bronze', 'interactions') }}
)

select
    -- ids
    source,
    post_id,
    account_id,
    {{ surrogate_key('source', 'post_id') }} as post_key,
    -- texts
    channel,
    interaction_type,
    -- times
    created_at
from delivered
