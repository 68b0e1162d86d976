select
    model,
    parameter,
    estimate,
    low,
    high,
    customers_count,
    repeat_customers_count,
    log_likelihood,
    missing_reason,
    formula_version
from {{ ref('int_lifetime__parameters') }}
