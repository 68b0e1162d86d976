with
delivered as (
    select * from {{ source('bronze', 'interactions') }}
)

select
    -- ids
    source,
    interaction_id,
    post_id,
    other_post_id,
    account_id,
    {{ surrogate_key('source', 'post_id') }} as post_key,
    {{ surrogate_key('source', 'account_id') }} as account_key,
    -- texts
    channel,
    interaction_type,
    detail,
    -- times
    created_at,
    created_date
from delivered
