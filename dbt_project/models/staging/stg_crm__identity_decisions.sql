with
delivered as (
    select * from {{ source('bronze', 'identity_decisions') }}
)

select
    -- ids
    decision_id,
    record_id,
    other_record_id,
    record_hash,
    {{ surrogate_key('record_source', 'record_id') }} as record_key,
    {{ surrogate_key('other_record_source', 'other_record_id') }} as other_record_key,
    -- texts
    decision,
    record_source,
    other_record_source,
    author,
    reason,
    -- booleans
    coalesce(is_withdrawn, false) as is_withdrawn,
    -- times
    decided_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
