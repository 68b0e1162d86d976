with
declared as (
    select * from {{ source('configuration', 'currency_rates') }}
)

select
    currency,
    in_currency,
    origin,
    rate,
    valid_from
from declared
