with
delivered as (
    select * from {{ source('bronze', 'repeats') }}
)

select
    -- ids
    table_name,
    record_hash,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
