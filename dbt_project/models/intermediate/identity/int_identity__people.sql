with
records as (
    select * from {{ ref('int_identity__records') }}
),

links as (
    select
        record_key,
        node_key,
        identifier_type,
        count(*) over (partition by node_key) as records_count
    from {{ ref('int_identity__links') }}
),

-- What a CRM customer has in common with another one, the strongest evidence first.
common_identifiers as (
    select
        record_key,
        arg_min(
            case identifier_type
                when 'loyalty_card' then 'same loyalty card'
                when 'account' then 'same declared account'
                else 'same e-mail'
            end,
            case identifier_type when 'loyalty_card' then 0 when 'account' then 1 else 2 end
        ) as rule
    from links
    where records_count > 1
    group by record_key
),

declared_accounts as (
    select distinct node_key as record_key
    from links
    where identifier_type = 'account'
)

select
    records.record_key,
    records.record_type,
    records.source,
    records.record_id,
    records.is_delivered,
    records.is_known,
    {{ surrogate_key("'person'", 'components.component_record_key') }} as customer_key,
    records.record_key = components.component_record_key as is_first_record,
    case
        when declared_accounts.record_key is not null then 'declared account'
        when records.record_key = components.component_record_key then 'own record'
        else common_identifiers.rule
    end as rule
from records
inner join {{ ref('int_identity__components') }} as components
    on records.record_key = components.record_key
left join common_identifiers
    on records.record_key = common_identifiers.record_key
left join declared_accounts
    on records.record_key = declared_accounts.record_key
