{#- The column tells rows apart: it is never null, and no two rows have the same value. -#}
{% test key(model, column_name) %}
select
    {{ column_name }},
    count(*) as rows_count
from {{ model }}
group by {{ column_name }}
having {{ column_name }} is null or count(*) > 1
{% endtest %}
