{#-
    Where records were delivered, whichever of equal copies was read first.

    `with_own_place` gives the rows of `relation`, which have `source`, `batch_id`, `file`,
    `position` and `item`, two structs (file, position, item) instead: their `first_place` and
    `last_place` over all files with the same bytes, of which only one is read. `item` is '' where
    the record is the whole line.

    `with_places` looks at every copy of the record too: also at those that bronze dropped. Its
    cost follows the repeats and the copied files, which are few.
-#}
{% macro with_own_place(relation) -%}
    select
        delivered.* exclude (batch_id, file, position, item),
        {{ _place('copied_files.first_file') }} as first_place,
        {{ _place('copied_files.last_file') }} as last_place
    from {{ relation }} as delivered
    left join (
        select
            source,
            batch_id,
            file,
            first_file,
            last_file
        from {{ ref('int_capture__files') }}
        where first_file != last_file
    ) as copied_files
        on
            delivered.source = copied_files.source
            and delivered.batch_id = copied_files.batch_id
            -- A member of an archive follows its name after '!'.
            and split_part(delivered.file, '!', 1) = split_part(copied_files.file, '!', 1)
            and (
                delivered.file = copied_files.file
                or starts_with(delivered.file, copied_files.file || '!')
            )
{%- endmacro %}

{% macro with_places(relation, table_name) -%}
    select
        own.* exclude (first_place, last_place),
        least(own.first_place, repeated.first_place) as first_place,
        greatest(own.last_place, repeated.last_place) as last_place
    from ({{ with_own_place(relation) }}) as own
    left join {{ ref('int_capture__repeats') }} as repeated
        on
            own.source = repeated.source
            and own.record_hash = repeated.record_hash
            and repeated.table_name = '{{ table_name }}'
{%- endmacro %}

{% macro _place(file) -%}
    {
        'file': coalesce(
            {{ file }} || substr(delivered.file, length(copied_files.file) + 1), delivered.file
        ),
        'position': delivered.position,
        'item': coalesce(delivered.item, '')
    }
{%- endmacro %}
