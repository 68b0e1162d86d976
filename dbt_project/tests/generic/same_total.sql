{#-
    Nothing is lost or made up on the way: `expression` over the model equals
    `other_expression` over `other`. Both are aggregates.
-#}
{% test same_total(model, expression, other, other_expression) %}
select
    here.total as total_here,
    there.total as total_there
from (select {{ expression }} as total from {{ model }}) as here
cross join (select {{ other_expression }} as total from {{ other }}) as there
where here.total is distinct from there.total
{% endtest %}
