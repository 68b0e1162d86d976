{#-
    The contributions that `parts` has of `score_name` add up to the score in the column, within
    `tolerance`, for each person, and brand where the model has one; no score is without parts.
-#}
{% test parts_add_up(model, column_name, parts, score_name, has_brand=true, tolerance="1e-9") %}
{% set brand = "scores.brand" if has_brand else "null" %}
select
    scores.customer_key,
    {{ brand }} as brand,
    scores.{{ column_name }},
    sum(parts.contribution) as contributions
from {{ model }} as scores
left join {{ parts }} as parts
    on
        scores.customer_key = parts.customer_key
        and {{ brand }} is not distinct from parts.brand
        and parts.score_name = '{{ score_name }}'
where scores.{{ column_name }} is not null
group by all
having (abs(scores.{{ column_name }} - sum(parts.contribution)) < {{ tolerance }}) is not true
{% endtest %}
