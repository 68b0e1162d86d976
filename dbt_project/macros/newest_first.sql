{#-
    How the versions of a record are ordered, newest first, for `order by` of a window.

    `clock` is the time the source itself gives a version: the order in which files arrive must not
    change what is shown. A deletion wins on equal times; where times say nothing, the later place
    in the delivery does.
-#}
{% macro newest_first(clock, is_deleted=none) -%}
    {{ clock }} desc nulls last,
    {% if is_deleted %} coalesce({{ is_deleted }}, false) desc, {% endif %}
    file desc,
    position desc,
    item desc nulls last,
    record_hash desc
{%- endmacro %}
