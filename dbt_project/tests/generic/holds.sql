{#- `expression` is true of every row; a row for which it is null fails. -#}
{% test holds(model, expression) %}
select *
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
