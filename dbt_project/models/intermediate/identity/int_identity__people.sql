with
records as (
    select * from {{ ref('int_identity__records') }}
),

components as (
    select * from {{ ref('int_identity__components') }}
),

decisions as (
    select
        record_key,
        other_record_key,
        'decision of a steward' as rule,
        0 as rule_order,
        null::double as score
    from {{ ref('int_identity__decisions') }}
    where is_in_force and decision = 'together'
),

key_pairs as (
    select
        pairs.record_key,
        pairs.other_record_key,
        case
            when pairs.identifier_type = 'loyalty_card' then 'same loyalty card'
            when pairs.identifier_type = 'email' then 'same e-mail'
            when accounts.record_key is null then 'same declared account'
            else 'declared account'
        end as rule,
        case pairs.identifier_type when 'loyalty_card' then 2 when 'account' then 1 else 3 end
            as rule_order,
        null::double as score
    from {{ ref('int_identity__key_pairs') }} as pairs
    left join records as accounts
        on pairs.other_record_key = accounts.record_key and accounts.record_type = 'account'
    where pairs.is_kept
),

likely_pairs as (
    select
        record_key,
        other_record_key,
        'alike in what is known' as rule,
        4 as rule_order,
        match_probability as score
    from {{ ref('int_identity__pairs') }}
),

reasons as (
    select * from decisions
    union all
    select * from key_pairs
    union all
    select * from likely_pairs
),

reasons_of_records as (
    select *
    from reasons
    -- That it declared an account is no reason why a customer is somebody.
    where rule != 'declared account'

    union all

    select * replace (other_record_key as record_key, record_key as other_record_key) from reasons
),

-- What holds a record to another one of the same person: the strongest evidence counts.
strongest_reasons as (
    select
        reasons_of_records.record_key,
        arg_min(reasons_of_records.rule, reasons_of_records.rule_order) as rule,
        max(reasons_of_records.score) as score
    from reasons_of_records
    inner join components as one
        on reasons_of_records.record_key = one.record_key
    inner join components as other
        on
            reasons_of_records.other_record_key = other.record_key
            and one.component_record_key = other.component_record_key
    group by reasons_of_records.record_key
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
