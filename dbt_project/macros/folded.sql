{#- A name or address without accents, capitals and punctuation; null where nothing is left. -#}
{% macro folded(column) -%}
nullif(trim(regexp_replace(lower(strip_accents({{ column }})), '[^\pL\pN]+', ' ', 'g')), '')
{%- endmacro %}
