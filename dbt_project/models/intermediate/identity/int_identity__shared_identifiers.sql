select
    identifier_type,
    source,
    identifier,
    count(*) as customers_count
from {{ ref('int_identity__identifiers') }}
-- Phones are kept as identifiers and link nobody in any case: families and offices share them.
where identifier_type != 'phone'
group by identifier_type, source, identifier
having count(*) > {{ var('shared_identifier_customers') }}
