select
    customer_key,
    purpose,
    contact_channel,
    contact_point_type,
    contact_point_key,
    contact_customer_id,
    consent_key,
    legal_basis,
    origin,
    granted_at
from {{ ref('int_consents__decisions') }}
where decision = 'contactable'
-- Several records of one person may agree: the newest consent is shown.
qualify row_number() over (
    partition by customer_key, purpose, contact_channel
    order by granted_at desc, consent_key asc
) = 1
