with
declared as (
    select * from {{ source('configuration', 'employees') }}
)

select distinct
    source,
    account,
    brand
from declared
