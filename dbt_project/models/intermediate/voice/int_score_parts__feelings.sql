with
scores as (
    select
        *,
        case when posts_count > 0 then net_sentiment_weight + stated_intents_weight else 0 end
        + case when answers_count > 0 then recommendation_weight else 0 end as all_weights
    from {{ ref('int_feelings__scores') }}
),

parts as (
    select
        customer_key,
        brand,
        unnest(['net_sentiment', 'stated_intents', 'recommendation']) as input,
        unnest([net_sentiment, stated_intents, recommendation]) as value,
        unnest([net_sentiment_weight, stated_intents_weight, recommendation_weight])
        / all_weights as weight,
        formula_version
    from scores
)

select
    'feeling_score' as score_name,
    customer_key,
    brand,
    input,
    value,
    weight,
    value * weight as contribution,
    formula_version
from parts
-- What is not known weighs nothing: the other inputs share its weight.
where value is not null
