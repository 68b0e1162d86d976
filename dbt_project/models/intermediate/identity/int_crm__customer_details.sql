with
newest_customers as (
    select
        customer_id,
        record_hash,
        coalesce(updated_at, created_at) as seen_at
    from {{ ref('int_crm__customers') }}
    -- A customer that the CRM has removed is neither looked for elsewhere nor contacted.
    where not coalesce(is_deleted, false)
)

select
    {{ surrogate_key("'crm'", 'delivered.customer_id') }} as record_key,
    delivered.source,
    delivered.customer_id,
    delivered.first_name,
    delivered.last_name,
    delivered.email,
    delivered.email_key,
    delivered.phone,
    delivered.phone_key,
    delivered.street,
    delivered.postal_code,
    delivered.city,
    delivered.country,
    delivered.birth_date,
    delivered.language,
    delivered.loyalty_card_id,
    newest_customers.seen_at
from {{ source('bronze', 'customers') }} as delivered
inner join newest_customers
    on
        delivered.customer_id = newest_customers.customer_id
        and delivered.record_hash = newest_customers.record_hash
-- Two sources may have delivered the same version.
qualify row_number() over (
    partition by delivered.customer_id order by delivered.source, delivered.file
) = 1
