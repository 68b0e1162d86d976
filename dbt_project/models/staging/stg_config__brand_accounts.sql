with
declared as (
    select * from {{ source('configuration', 'brand_accounts') }}
)

select
    source,
    account,
    brand,
    department,
    is_automated
from declared
