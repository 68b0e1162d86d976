with
consents as (
    select * from {{ ref('int_consents__people') }}
),

standing as (
    select
        consent_key,
        is_granted
    from {{ ref('int_consents__standing') }}
),

decisions as (
    select
        consent_key,
        decision
    from {{ ref('int_consents__decisions') }}
)

select
    consents.consent_key,
    consents.consent_id,
    consents.customer_key,
    consents.customer_id,
    consents.purpose,
    consents.contact_channel,
    consents.legal_basis,
    consents.origin,
    case
        when standing.consent_key is null then 'replaced by a newer consent'
        when not consents.is_granted then 'withdrawn'
        when not standing.is_granted then 'withdrawn for all means'
        else decisions.decision
    end as outcome,
    consents.is_granted,
    consents.changed_at
from consents
left join standing
    on consents.consent_key = standing.consent_key
left join decisions
    on consents.consent_key = decisions.consent_key
