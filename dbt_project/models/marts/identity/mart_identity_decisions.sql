with
decisions as (
    select * from {{ ref('int_identity__decisions') }}
),

people as (
    select
        record_key,
        customer_key
    from {{ ref('int_identity__people') }}
)

select
    decisions.decision_id,
    decisions.decision,
    decisions.record_source,
    decisions.record_id,
    decisions.other_record_source,
    decisions.other_record_id,
    one.customer_key,
    other.customer_key as other_customer_key,
    decisions.author,
    decisions.reason,
    decisions.outcome,
    -- Two decisions may say, over a third record, what cannot both be.
    case
        when decisions.is_in_force
            then (decisions.decision = 'together') = (one.customer_key = other.customer_key)
    end as is_followed,
    decisions.decided_at
from decisions
left join people as one
    on decisions.record_key = one.record_key
left join people as other
    on decisions.other_record_key = other.record_key
