with
consents as (
    select
        *,
        case when customer_id is null then email_key end as guest_email_key
    from {{ ref('int_crm__consents') }}
),

{{ crm_owners(['email']) }}

select
    consents.consent_key,
    consents.consent_id,
    coalesce(people.customer_key, email_owners.customer_key) as customer_key,
    consents.customer_id,
    consents.email_key,
    consents.phone_key,
    -- Whose statement it is: what one of them says later replaces what it said before.
    coalesce(
        'customer|' || consents.customer_id,
        'email|' || consents.email_key,
        'phone|' || consents.phone_key,
        'consent|' || consents.consent_id
    ) as subject_id,
    lower(trim(consents.purpose)) as purpose,
    nullif(lower(trim(consents.contact_channel)), '') as contact_channel,
    consents.legal_basis,
    consents.origin,
    consents.is_granted,
    consents.changed_at,
    consents.counts_from_at
from consents
left join people
    on consents.customer_id = people.customer_id
left join email_owners
    on consents.guest_email_key = email_owners.identifier
