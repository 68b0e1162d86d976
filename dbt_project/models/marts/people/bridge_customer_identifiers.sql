with
people as (
    select * from {{ ref('int_identity__people') }}
),

identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

shared_identifiers as (
    select * from {{ ref('int_identity__shared_identifiers') }}
),

customer_records as (
    select
        {{ surrogate_key("'crm'", 'customer_id') }} as record_key,
        coalesce(created_at, updated_at) as first_seen_at,
        coalesce(updated_at, created_at) as last_seen_at
    from {{ ref('int_crm__customers') }}
),

account_posts as (
    select
        account_key as record_key,
        first_post_at,
        last_post_at
    from {{ ref('dim_accounts') }}
),

record_identifiers as (
    select
        people.customer_key,
        people.record_type as identifier_type,
        people.source,
        people.record_id as identifier,
        people.rule,
        people.is_delivered,
        coalesce(customer_records.first_seen_at, account_posts.first_post_at) as first_seen_at,
        coalesce(customer_records.last_seen_at, account_posts.last_post_at) as last_seen_at
    from people
    left join customer_records
        on people.record_key = customer_records.record_key
    left join account_posts
        on people.record_key = account_posts.record_key
),

-- The same e-mail or card may come from several records of one person.
contact_identifiers as (
    select
        people.customer_key,
        identifiers.identifier_type,
        identifiers.source,
        identifiers.identifier,
        case
            when count(shared_identifiers.identifier) > 0 then 'shared by too many to identify'
            -- The strongest of the ways in which it was given comes first in this list.
            else arg_min(
                identifiers.rule,
                list_position(
                    [
                        'own record',
                        'given with an order',
                        'given with a survey answer',
                        'holder of the moved card'
                    ],
                    identifiers.rule
                )
            )
        end as rule,
        true as is_delivered,
        min(identifiers.first_seen_at) as first_seen_at,
        max(identifiers.last_seen_at) as last_seen_at
    from identifiers
    inner join people
        on people.record_type = 'crm_customer' and identifiers.customer_id = people.record_id
    left join shared_identifiers
        on
            identifiers.identifier_type = shared_identifiers.identifier_type
            and identifiers.source = shared_identifiers.source
            and identifiers.identifier = shared_identifiers.identifier
    where identifiers.identifier_type != 'account'
    group by
        people.customer_key, identifiers.identifier_type, identifiers.source, identifiers.identifier
)

select * from record_identifiers
union all
select * from contact_identifiers
