select
    identifier_type,
    source,
    identifier,
    count(*) as customers_count
from {{ ref('int_identity__identifiers') }}
group by identifier_type, source, identifier
having count(*) > {{ var('shared_identifier_customers') }}
