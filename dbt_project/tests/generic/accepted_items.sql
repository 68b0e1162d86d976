{#- Every item of the list in the column is one of `values`. -#}
{% test accepted_items(model, column_name, values) %}
select item
from (select unnest({{ column_name }}) as item from {{ model }}) as items
where item not in ('{{ values | join("', '") }}')
{% endtest %}
