with
grants as (
    select
        *,
        case
            when list_contains({{ var('contact_channels')['email'] }}, contact_channel)
                then 'email'
            when list_contains({{ var('contact_channels')['phone'] }}, contact_channel)
                then 'phone'
            when list_contains({{ var('contact_channels')['postal_address'] }}, contact_channel)
                then 'postal_address'
        end as contact_point_type
    from {{ ref('int_consents__standing') }}
    where is_granted
),

withdrawals as (
    select * from {{ ref('int_consents__withdrawn') }}
),

contact_points as (
    select * from {{ ref('int_people__contact_points') }}
),

-- The person's newest point of the kind; the record that agreed comes first.
reachable as (
    select
        grants.consent_key,
        grants.contact_point_type,
        contact_points.customer_id as contact_customer_id,
        contact_points.contact_point_key
    from grants
    inner join contact_points
        on
            grants.customer_key = contact_points.customer_key
            and grants.contact_point_type = contact_points.contact_point_type
    left join withdrawals as withdrawn_points
        on
            contact_points.contact_point_type = withdrawn_points.protected_type
            and contact_points.contact_point_key = withdrawn_points.protected_key
            -- What the subject itself took back before it agreed is over.
            and grants.subject_id != withdrawn_points.subject_id
            and grants.purpose = withdrawn_points.purpose
            and coalesce(withdrawn_points.contact_channel, grants.contact_channel)
            = grants.contact_channel
    where withdrawn_points.protected_key is null
    qualify row_number() over (
        partition by grants.consent_key
        order by
            (contact_points.customer_id = grants.customer_id) desc nulls last,
            contact_points.seen_at desc nulls last,
            contact_points.customer_id asc
    ) = 1
),

withdrawn_people as (
    select distinct grants.consent_key
    from grants
    inner join withdrawals
        on
            withdrawals.protected_type = 'customer'
            and grants.customer_key = withdrawals.protected_key
            and grants.subject_id != withdrawals.subject_id
            and grants.purpose = withdrawals.purpose
            and coalesce(withdrawals.contact_channel, grants.contact_channel)
            is not distinct from grants.contact_channel
)

select
    grants.consent_key,
    grants.consent_id,
    grants.customer_key,
    grants.purpose,
    grants.contact_channel,
    grants.contact_point_type,
    reachable.contact_point_key,
    reachable.contact_customer_id,
    grants.legal_basis,
    grants.origin,
    grants.changed_at as granted_at,
    case
        when grants.customer_key is null then 'nobody known by it'
        when withdrawn_people.consent_key is not null then 'withdrawn by another record'
        when grants.contact_channel is null then 'names no means of contact'
        when grants.contact_point_type is null then 'no contact points of these means'
        when reachable.consent_key is null then 'no contact point'
        else 'contactable'
    end as decision
from grants
left join reachable
    on grants.consent_key = reachable.consent_key
left join withdrawn_people
    on grants.consent_key = withdrawn_people.consent_key
