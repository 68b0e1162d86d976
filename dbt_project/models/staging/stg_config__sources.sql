with
declared as (
    select * from {{ source('configuration', 'sources') }}
)

select
    source,
    adapter,
    mapping_version,
    channel,
    time_zone
from declared
