with
stated as (
    select * from {{ ref('stg_config__currency_rates') }}
)

select
    currency,
    origin,
    rate,
    valid_from,
    lead(valid_from) over (partition by currency order by valid_from) as valid_until
from stated
where in_currency = '{{ var("reporting_currency") }}'

union all

select
    '{{ var("reporting_currency") }}' as currency,
    'same currency' as origin,
    1::decimal(18, 8) as rate,
    '-infinity'::date as valid_from,
    null::date as valid_until
