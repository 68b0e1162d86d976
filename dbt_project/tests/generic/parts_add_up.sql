{#-
    The contributions that `parts` has of `score_name` add up to the score in the column, for each
    person and brand, and no score is without parts.
-#}
{% test parts_add_up(model, column_name, parts, score_name) %}
select
    scores.customer_key,
    scores.brand,
    scores.{{ column_name }},
    sum(parts.contribution) as contributions
from {{ model }} as scores
left join {{ parts }} as parts
    on
        scores.customer_key = parts.customer_key
        and scores.brand is not distinct from parts.brand
        and parts.score_name = '{{ score_name }}'
group by scores.customer_key, scores.brand, scores.{{ column_name }}
having (abs(scores.{{ column_name }} - sum(parts.contribution)) < 1e-9) is not true
{% endtest %}
