with
placed as (
    select
        * exclude (first_place, last_place),
        struct_extract(first_place, 'file') as file,
        struct_extract(first_place, 'position') as position,
        nullif(struct_extract(first_place, 'item'), '') as item
    from ({{ with_own_place(ref('stg_capture__quarantine')) }}) as places
),

quarantined as (
    select *
    from placed
    -- A file that is read again in a longer version brings the same faults again.
    qualify row_number() over (
        partition by source, file, position, item, reason
        order by detail asc, raw_excerpt asc
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
