with
histories as (
    select * from {{ ref('int_lifetime__histories') }}
),

estimates as (
    select * from {{ ref('int_lifetime__estimates') }}
),

models as (
    select
        any_value(formula_version) as formula_version,
        any_value(missing_reason) filter (where model = 'bg_nbd') as no_purchases_reason,
        any_value(missing_reason) filter (where model = 'gamma_gamma') as no_amounts_reason
    from {{ ref('int_lifetime__parameters') }}
)

select
    histories.customer_key,
    histories.as_of_date,
    {{ var("lifetime_horizon_days") }}::bigint as horizon_days,
    histories.first_purchase_date,
    histories.last_purchase_date,
    histories.repeat_days_count,
    histories.mean_repeat_amount::decimal(18, 2) as mean_repeat_amount,
    estimates.alive_probability,
    estimates.expected_purchases,
    estimates.expected_purchases_low,
    estimates.expected_purchases_high,
    estimates.expected_amount::decimal(18, 2) as expected_amount,
    estimates.expected_amount_low::decimal(18, 2) as expected_amount_low,
    -- The end of an interval of amounts without a firm mean may be past all amounts.
    try_cast(estimates.expected_amount_high as decimal(18, 2)) as expected_amount_high,
    estimates.lifetime_value::decimal(18, 2) as lifetime_value_amount,
    estimates.lifetime_value_low::decimal(18, 2) as lifetime_value_low_amount,
    try_cast(estimates.lifetime_value_high as decimal(18, 2)) as lifetime_value_high_amount,
    case
        when estimates.lifetime_value is not null then null
        when models.no_purchases_reason is not null then models.no_purchases_reason
        when histories.is_of_unknown_amount then 'no amount in the reporting currency'
        else coalesce(models.no_amounts_reason, 'the expectation is not a number')
    end as missing_reason,
    models.formula_version
from histories
inner join estimates
    on histories.customer_key = estimates.customer_key
cross join models
