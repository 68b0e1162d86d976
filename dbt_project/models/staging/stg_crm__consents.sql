with
delivered as (
    select * from {{ source('bronze', 'consents') }}
)

select
    -- ids
    consent_id,
    customer_id,
    email_key,
    phone_key,
    record_hash,
    {{ surrogate_key("'crm'", 'consent_id') }} as consent_key,
    -- texts
    purpose,
    contact_channel,
    legal_basis,
    origin,
    -- booleans
    is_granted,
    -- times
    changed_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
