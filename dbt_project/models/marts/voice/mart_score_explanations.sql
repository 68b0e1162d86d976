select
    score_name,
    customer_key,
    brand,
    input,
    value,
    weight,
    contribution,
    formula_version
from {{ ref('int_score_parts__feelings') }}
