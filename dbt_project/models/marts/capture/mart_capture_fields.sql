with
sightings as (
    select
        source,
        file,
        first_at,
        captured_at,
        unnest(unmapped_fields) as field_name
    from {{ ref('int_capture__files') }}
)

select
    source,
    field_name,
    -- By the time of the records and not of the capture: files may arrive late.
    arg_min(file, row(coalesce(first_at, 'infinity'::timestamptz), file)) as first_file,
    count(distinct file) as files_count,
    min(first_at) as first_at,
    min(captured_at) as first_captured_at
from sightings
group by source, field_name
