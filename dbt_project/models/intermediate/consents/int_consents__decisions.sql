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

candidates as (
    select
        grants.*,
        contact_points.customer_id as contact_customer_id,
        contact_points.contact_point_key,
        contact_points.seen_at
    from grants
    inner join contact_points
        on
            grants.customer_key = contact_points.customer_key
            and grants.contact_point_type = contact_points.contact_point_type
),

-- Found by an inner join: as a condition of an outer one, coalesce compares all with all.
withdrawn_points as (
    select
        candidates.consent_key,
        candidates.contact_point_key
    from candidates
    inner join withdrawals
        on
            candidates.contact_point_type = withdrawals.protected_type
            and candidates.contact_point_key = withdrawals.protected_key
            -- What the subject itself took back before it agreed is over.
            and candidates.subject_id != withdrawals.subject_id
            and candidates.purpose = withdrawals.purpose
            and coalesce(withdrawals.contact_channel, candidates.contact_channel)
            = candidates.contact_channel
),

-- The person's newest point of the kind; the record that agreed comes first.
reachable as (
    select
        candidates.consent_key,
        candidates.contact_customer_id,
        candidates.contact_point_key
    from candidates
    anti join withdrawn_points
        on
            candidates.consent_key = withdrawn_points.consent_key
            and candidates.contact_point_key = withdrawn_points.contact_point_key
    qualify row_number() over (
        partition by candidates.consent_key
        order by
            (candidates.contact_customer_id = candidates.customer_id) desc nulls last,
            candidates.seen_at desc nulls last,
            candidates.contact_customer_id asc
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
