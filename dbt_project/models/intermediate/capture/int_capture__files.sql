select
    source,
    batch_id,
    file,
    content_hash,
    duplicate_of_file,
    adapter,
    reasons,
    -- A file with the bytes of another is not read: what was found in the other is in it too.
    max(unmapped_fields) over same_bytes as unmapped_fields,
    min(file) over same_bytes as first_file,
    max(file) over same_bytes as last_file,
    byte_count,
    rows_read_count,
    rows_accepted_count,
    rows_duplicate_count,
    rows_quarantined_count,
    seconds,
    min(first_at) over same_bytes as first_at,
    max(last_at) over same_bytes as last_at,
    captured_at
from {{ ref('stg_capture__ledger') }}
window
    same_bytes as (partition by source, content_hash)
