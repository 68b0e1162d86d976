select
    source,
    file,
    content_hash,
    duplicate_of_file,
    reasons,
    batch_id,
    byte_count,
    rows_read_count,
    rows_accepted_count,
    rows_duplicate_count,
    rows_quarantined_count,
    first_at,
    last_at,
    captured_at
from {{ ref('stg_capture__ledger') }}
