with
identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

people as (
    select
        record_id as customer_id,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'crm_customer'
)

select
    identifiers.identifier_type,
    identifiers.identifier,
    any_value(people.customer_key) as customer_key
from identifiers
inner join people
    on identifiers.customer_id = people.customer_id
where identifiers.identifier_type in ('email', 'loyalty_card')
group by identifiers.identifier_type, identifiers.identifier
-- What several people share says nothing of who it was.
having count(distinct people.customer_key) = 1
