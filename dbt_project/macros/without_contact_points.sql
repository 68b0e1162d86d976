{#-
    People write e-mail addresses, fediverse names and phone numbers into their names; staging lets
    none of them by. A handle is never in the layout of a phone number, and may be all digits.
-#}
{% macro without_addresses(column) -%}
    regexp_replace({{ column }}, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+', '<email>', 'g')
{%- endmacro %}

{#- Numbers with a plus, or ten digits that begin with 0, in the layouts that people give them. -#}
{% macro without_contact_points(column) -%}
    regexp_replace(
        {{ without_addresses(column) }},
        '\+\d([ .()/-]{0,2}\d){7,14}|\b0[1-9]([ .-]?\d{2}){4}\b',
        '<phone>',
        'g'
    )
{%- endmacro %}
