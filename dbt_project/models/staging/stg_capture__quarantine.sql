with
delivered as (
    select * from {{ source('bronze', 'quarantine') }}
)

select
    -- ids
    source,
    batch_id,
    file,
    position,
    item,
    -- texts
    reason,
    detail,
    raw_excerpt
from delivered
