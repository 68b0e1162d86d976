select
    customer_key,
    records_count,
    links_count,
    bridges_count,
    links_count * 2.0 / (records_count * (records_count - 1)) as density
from {{ ref('int_identity__clusters') }}
