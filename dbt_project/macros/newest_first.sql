{#-
    How the versions of a record are ordered, newest first, for `order by` of a window over
    `with_places`.

    `clock` is the time the source itself gives a version: the order in which files arrive must not
    change what is shown. A deletion wins on equal times, and where it has none: nobody can say that
    it was taken back. Where times say nothing else, the version that has the last place of all, by
    the names of the files, is the newest.
-#}
{% macro newest_first(clock, is_deleted=none) -%}
    coalesce(
        {{ clock }},
        case when {{ is_deleted or "false" }} then 'infinity'::timestamptz end
    ) desc nulls last,
    {% if is_deleted %} coalesce({{ is_deleted }}, false) desc, {% endif %}
    last_place desc,
    record_hash desc
{%- endmacro %}
