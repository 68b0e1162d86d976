with
records as (
    select * from {{ ref('int_identity__records') }}
),

components as (
    select * from {{ ref('int_identity__components') }}
),

reasons as (
    select * from {{ ref('int_identity__reasons') }}
),

reasons_of_records as (
    select *
    from reasons
    -- That an account is its own is no reason why a customer is somebody.
    where rule not in ('declared account', 'same rare name and town')

    union all

    select * replace (other_record_key as record_key, record_key as other_record_key) from reasons
),

-- The strongest evidence counts.
strongest_reasons as (
    select
        record_key,
        arg_min(rule, rule_order) as rule,
        max(score) as score
    from reasons_of_records
    group by record_key
)

select
    records.record_key,
    records.record_type,
    records.source,
    records.record_id,
    records.is_delivered,
    records.is_known,
    keys.customer_key,
    records.record_key = components.component_record_key as is_first_record,
    -- The first record is the person's own; an account is always there for a reason.
    case
        when records.record_key = components.component_record_key or reasons.rule is null
            then 'own record'
        else reasons.rule
    end as rule,
    case when records.record_key != components.component_record_key then reasons.score end as score
from records
inner join components
    on records.record_key = components.record_key
inner join {{ ref('int_identity__keys') }} as keys
    on components.component_record_key = keys.component_record_key
left join strongest_reasons as reasons
    on records.record_key = reasons.record_key
