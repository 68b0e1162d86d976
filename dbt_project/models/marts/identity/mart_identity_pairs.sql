with
pairs as (
    select * from {{ ref('int_identity__pairs') }}
),

people as (
    select * from {{ ref('int_identity__people') }}
),

parting_decisions as (
    select
        record_key,
        other_record_key
    from {{ ref('int_identity__decisions') }}
    where is_in_force and decision = 'apart'
)

select
    pairs.record_key,
    pairs.other_record_key,
    one.record_id as customer_id,
    other.record_id as other_customer_id,
    one.customer_key,
    other.customer_key as other_customer_key,
    case
        when one.customer_key = other.customer_key then 'one person'
        when parting_decisions.record_key is not null then 'decision of a steward'
        when pairs.match_probability < {{ var('identity_link_probability') }} then 'too unlikely'
        when pairs.most_beyond_names <= 0 then 'alike in their names only'
        else 'other records speak against it'
    end as outcome,
    pairs.match_weight,
    pairs.match_probability,
    pairs.most_beyond_names,
    pairs.model_version
from pairs
inner join people as one
    on pairs.record_key = one.record_key
inner join people as other
    on pairs.other_record_key = other.record_key
left join parting_decisions
    on
        pairs.record_key = parting_decisions.record_key
        and pairs.other_record_key = parting_decisions.other_record_key
