{#-
    A town as addresses and profiles write it, in one spelling: folded, without the number of its
    district and the word cedex, saints written out; null where nothing is left.
-#}
{% macro town(column) -%}
nullif(
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    {{ folded(column) }}, '\b(cedex|\d+(er|e|eme|st|nd|rd|th)?)\b', '', 'g'
                ),
                '\bst(e?)\b', 'saint\1', 'g'
            ),
            '\s+', ' ', 'g'
        )
    ),
    ''
)
{%- endmacro %}
