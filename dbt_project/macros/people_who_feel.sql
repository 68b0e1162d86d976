{#-
    The people of one label of mart_feeling_scores for the company's own brands, with the rule that
    gave it; `bound` says of the feeling score what the label takes.
-#}
{% macro people_who_feel(label, bound) -%}
select
    customer_key,
    brand,
    feeling_score,
    posts_count,
    days_count,
    positive_posts_count,
    negative_posts_count,
    nps_answers_count,
    net_recommendation,
    'feeling score of {{ bound }}, '
    || 'over {{ var("feeling_minimum_posts") }} posts or more '
    || 'on {{ var("feeling_minimum_days") }} days or more' as rule,
    formula_version,
    last_post_at,
    as_of_at
from {{ ref('mart_feeling_scores') }}
where label = '{{ label }}' and not is_competitor
{%- endmacro %}
