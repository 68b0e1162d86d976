with
declared as (
    select * from {{ source('configuration', 'sources') }}
)

select
    source,
    adapter,
    channel,
    time_zone
from declared
