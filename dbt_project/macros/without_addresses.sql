{% macro without_addresses(column) %}
    {#- People write e-mail addresses and fediverse names into their names; staging lets neither by. -#}
    regexp_replace({{ column }}, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+', '<email>', 'g')
{%- endmacro %}
