with
customers as (
    select
        people.customer_key,
        customers.customer_id,
        customers.email_key,
        customers.phone_key,
        case when customers.has_postal_address then customers.customer_id end as address_owner_id,
        coalesce(customers.updated_at, customers.created_at) as seen_at
    from {{ ref('int_crm__customers') }} as customers
    inner join {{ ref('int_identity__people') }} as people
        on people.record_type = 'crm_customer' and customers.customer_id = people.record_id
    -- Who was removed from the CRM is contacted no more.
    where not coalesce(customers.is_deleted, false)
),

shared_identifiers as (
    select
        identifier_type,
        identifier
    from {{ ref('int_identity__shared_identifiers') }}
    where source = 'crm'
),

-- unpivot leaves nulls out.
contact_points as (
    select
        customer_key,
        customer_id,
        case contact_column
            when 'email_key' then 'email'
            when 'phone_key' then 'phone'
            else 'postal_address'
        end as contact_point_type,
        contact_point,
        seen_at
    from customers
    unpivot (
        contact_point for contact_column in (email_key, phone_key, address_owner_id)
    )
)

select
    contact_points.customer_key,
    contact_points.customer_id,
    contact_points.contact_point_type,
    case
        when contact_points.contact_point_type != 'postal_address' then contact_points.contact_point
    end as contact_point_key,
    contact_points.seen_at
from contact_points
left join shared_identifiers
    on
        contact_points.contact_point_type = shared_identifiers.identifier_type
        and contact_points.contact_point = shared_identifiers.identifier
-- What so many share reaches others than the person.
where shared_identifiers.identifier is null
