with
contactable as (
    select * from {{ ref('mart_contactable') }}
),

customers as (
    select * from {{ ref('int_crm__customer_details') }}
)

select
    contactable.customer_key,
    contactable.purpose,
    contactable.contact_channel,
    customers.first_name,
    customers.last_name,
    customers.language,
    case when contactable.contact_point_type = 'email' then customers.email end as email,
    case when contactable.contact_point_type = 'phone' then customers.phone end as phone,
    case when contactable.contact_point_type = 'postal_address' then customers.street end as street,
    case
        when contactable.contact_point_type = 'postal_address' then customers.postal_code
    end as postal_code,
    case when contactable.contact_point_type = 'postal_address' then customers.city end as city,
    case
        when contactable.contact_point_type = 'postal_address' then customers.country
    end as country
from contactable
inner join customers
    on contactable.contact_customer_id = customers.customer_id
