with
delivered as (
    select * from {{ source('bronze', 'customers') }}
)

select
    -- ids
    customer_id,
    email_key,
    phone_key,
    loyalty_card_id,
    handles,
    record_hash,
    -- texts
    {{ without_contact_points('first_name') }} as first_name,
    {{ without_contact_points('last_name') }} as last_name,
    country,
    language,
    -- booleans
    is_deleted,
    street is not null and (postal_code is not null or city is not null) as has_postal_address,
    -- times
    created_at,
    updated_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
