{#-
    The key of a record: 32 hexadecimal digits of the MD5 of its source and native id, null where
    the id is null. Both arguments are SQL expressions.
-#}
{% macro surrogate_key(source, id) -%}
    md5({{ source }} || '|' || {{ id }})
{%- endmacro %}
