with
rfm as (
    select * from {{ ref('mart_rfm') }}
    where rfm_score is not null
),

rfm_weights as (
    select
        {{ var("rfm_weights")["recency"] }}::double as recency,
        {{ var("rfm_weights")["frequency"] }}::double as frequency,
        {{ var("rfm_weights")["monetary"] }}::double as monetary
),

rfm_parts as (
    select
        'rfm_score' as score_name,
        rfm.customer_key,
        unnest(['recency_quintile', 'frequency_quintile', 'monetary_quintile']) as input,
        unnest([rfm.recency_quintile, rfm.frequency_quintile, rfm.monetary_quintile])::double
            as value,
        unnest([weights.recency, weights.frequency, weights.monetary])
        / (weights.recency + weights.frequency + weights.monetary) as weight,
        rfm.formula_version
    from rfm
    cross join rfm_weights as weights
),

expected as (
    select
        estimates.customer_key,
        estimates.expected_purchases as purchases,
        estimates.expected_amount as amount,
        -- Averages in decimals do not depend on the order of the rows.
        avg(estimates.expected_purchases::decimal(18, 6)) over () as average_purchases,
        avg(estimates.expected_amount::decimal(18, 6)) over () as average_amount,
        marts.formula_version
    from {{ ref('int_lifetime__estimates') }} as estimates
    inner join {{ ref('mart_lifetime_value') }} as marts
        on estimates.customer_key = marts.customer_key
    where estimates.lifetime_value is not null
),

-- A product has no addends; from what an average buyer is worth to it there are two steps.
lifetime_parts as (
    select
        'lifetime_value_amount' as score_name,
        customer_key,
        unnest(['average_purchases', 'purchases_above_average', 'amount_above_average']) as input,
        unnest([average_purchases, purchases - average_purchases, amount - average_amount])
            as value,
        unnest([average_amount, average_amount, purchases]) as weight,
        formula_version
    from expected
),

parts as (
    select * from rfm_parts
    union all
    select * from lifetime_parts
)

select
    score_name,
    customer_key,
    input,
    value,
    weight,
    value * weight as contribution,
    formula_version
from parts
