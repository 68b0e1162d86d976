with
quarantined as (
    select *
    from {{ ref('stg_capture__quarantine') }}
    -- A file that is read again in a longer version brings the same faults again.
    qualify row_number() over (
        partition by source, file, position, item, reason
        order by batch_id desc, raw_excerpt asc, detail asc
    ) = 1
)

select
    source,
    file,
    position,
    item,
    reason,
    detail,
    raw_excerpt
from quarantined
qualify row_number() over (
    partition by source, file, reason order by position, item
) <= {{ var('quarantine_sample_rows') }}
