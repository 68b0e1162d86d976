with
accounts as (
    select record_key
    from {{ ref('int_identity__records') }}
    where record_type = 'account'
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
    left join accounts
        on pairs.other_record_key = accounts.record_key
    where pairs.is_kept
),

named_accounts as (
    select
        record_key,
        other_record_key,
        'same rare name and town' as rule,
        5 as rule_order,
        null::double as score
    from {{ ref('int_identity__named_accounts') }}
),

likely_pairs as (
    select
        record_key,
        other_record_key,
        'alike in what is known' as rule,
        4 as rule_order,
        match_probability as score
    from {{ ref('int_identity__pairs') }}
    where match_probability >= {{ var('identity_link_probability') }}
),

reasons as (
    select * from decisions
    union all
    select * from key_pairs
    union all
    select * from likely_pairs
    union all
    select * from named_accounts
)

select
    reasons.record_key,
    reasons.other_record_key,
    reasons.rule,
    reasons.rule_order,
    reasons.score,
    one.component_record_key
from reasons
inner join {{ ref('int_identity__components') }} as one
    on reasons.record_key = one.record_key
inner join {{ ref('int_identity__components') }} as other
    on
        reasons.other_record_key = other.record_key
        and one.component_record_key = other.component_record_key
