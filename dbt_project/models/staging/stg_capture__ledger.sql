with
delivered as (
    select * from {{ source('bronze', 'ledger') }}
)

select
    -- ids
    source,
    batch_id,
    file,
    content_hash,
    duplicate_of_file,
    -- texts
    adapter,
    reasons,
    unmapped_fields,
    -- numbers
    byte_count,
    rows_read_count,
    rows_accepted_count,
    rows_duplicate_count,
    rows_quarantined_count,
    seconds,
    -- times
    first_at,
    last_at,
    captured_at
from delivered
