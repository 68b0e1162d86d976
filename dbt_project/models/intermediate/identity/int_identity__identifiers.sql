with
customers as (
    select *
    from {{ ref('int_crm__customers') }}
    -- A customer that the CRM has removed is not looked for elsewhere.
    where not coalesce(is_deleted, false)
),

removed_customers as (
    select customer_id
    from {{ ref('int_crm__customers') }}
    where is_deleted
),

separate_handles as (
    select
        customer_id,
        coalesce(updated_at, created_at) as seen_at,
        unnest(handles) as declared_handle
    from customers
),

declared_handles as (
    select
        customer_id,
        seen_at,
        split_part(declared_handle, ':', 1) as source,
        lower(substr(declared_handle, strpos(declared_handle, ':') + 1)) as handle
    from separate_handles
),

declared_accounts as (
    select
        declared_handles.customer_id,
        'account' as identifier_type,
        accounts.source,
        accounts.account_id as identifier,
        0 as rule_order,
        'declared account' as rule,
        declared_handles.seen_at
    from declared_handles
    inner join {{ ref('int_accounts__handles') }} as handles
        on
            declared_handles.source = handles.source
            and declared_handles.handle = handles.handle
    inner join {{ ref('int_accounts__known') }} as accounts
        on handles.account_key = accounts.account_key
    where not accounts.is_brand
),

contact_points as (
    select
        customer_id,
        email_key,
        phone_key,
        loyalty_card_id,
        0 as rule_order,
        'own record' as rule,
        coalesce(updated_at, created_at) as seen_at
    from customers

    union all

    select
        customer_id,
        email_key,
        phone_key,
        loyalty_card_id,
        1 as rule_order,
        'given with an order' as rule,
        ordered_at as seen_at
    from {{ ref('int_crm__orders') }}

    union all

    select
        customer_id,
        email_key,
        phone_key,
        null as loyalty_card_id,
        2 as rule_order,
        'given with a survey answer' as rule,
        answered_at as seen_at
    from {{ ref('int_crm__surveys') }}

    union all

    select
        customer_id,
        null as email_key,
        null as phone_key,
        loyalty_card_id,
        3 as rule_order,
        'holder of the moved card' as rule,
        moved_at as seen_at
    from {{ ref('int_crm__loyalty_movements') }}
),

-- One row for each contact point; unpivot leaves nulls out.
separate_contact_points as (
    select
        customer_id,
        case contact_column
            when 'email_key' then 'email'
            when 'phone_key' then 'phone'
            else 'loyalty_card'
        end as identifier_type,
        'crm' as source,
        identifier,
        rule_order,
        rule,
        seen_at
    from contact_points
    unpivot (identifier for contact_column in (email_key, phone_key, loyalty_card_id))
),

identifiers as (
    select * from declared_accounts
    union all
    select * from separate_contact_points
)

select
    identifiers.customer_id,
    identifiers.identifier_type,
    identifiers.source,
    identifiers.identifier,
    arg_min(identifiers.rule, identifiers.rule_order) as rule,
    min(identifiers.seen_at) as first_seen_at,
    max(identifiers.seen_at) as last_seen_at
from identifiers
left join removed_customers
    on identifiers.customer_id = removed_customers.customer_id
where identifiers.customer_id is not null and removed_customers.customer_id is null
group by
    identifiers.customer_id, identifiers.identifier_type, identifiers.source, identifiers.identifier
