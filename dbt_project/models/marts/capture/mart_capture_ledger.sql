select
    source,
    file,
    content_hash,
    duplicate_of_file,
    reasons,
    unmapped_fields,
    batch_id,
    byte_count,
    rows_read_count,
    rows_accepted_count,
    rows_duplicate_count,
    rows_quarantined_count,
    -- A file without a record has no share of anything.
    rows_quarantined_count / nullif(rows_read_count, 0) as rows_quarantined_rate,
    seconds,
    first_at,
    last_at,
    captured_at
from {{ ref('int_capture__files') }}
