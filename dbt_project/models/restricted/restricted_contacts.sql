with
contactable as (
    select * from {{ ref('mart_contactable') }}
),

newest_customers as (
    select
        customer_id,
        record_hash
    from {{ ref('int_crm__customers') }}
),

customers as (
    select delivered.*
    from {{ source('bronze', 'customers') }} as delivered
    inner join newest_customers
        on
            delivered.customer_id = newest_customers.customer_id
            and delivered.record_hash = newest_customers.record_hash
    -- Two sources may have delivered the same version.
    qualify row_number() over (
        partition by delivered.customer_id order by delivered.source, delivered.file
    ) = 1
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
