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
        people.score,
        people.is_delivered,
        coalesce(customer_records.first_seen_at, account_posts.first_post_at) as valid_from,
        null::timestamptz as valid_to,
        coalesce(customer_records.last_seen_at, account_posts.last_post_at) as last_seen_at
    from people
    left join customer_records
        on people.record_key = customer_records.record_key
    left join account_posts
        on people.record_key = account_posts.record_key
),

customer_versions as (
    select
        customer_id,
        email_key,
        phone_key,
        loyalty_card_id,
        coalesce(updated_at, created_at) as seen_at
    from {{ ref('stg_crm__customers') }}
    where not coalesce(is_deleted, false)
),

version_identifiers as (
    select
        customer_id,
        case contact_column
            when 'email_key' then 'email'
            when 'phone_key' then 'phone'
            else 'loyalty_card'
        end as identifier_type,
        identifier,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at
    from customer_versions
    unpivot (identifier for contact_column in (email_key, phone_key, loyalty_card_id))
    group by customer_id, identifier_type, identifier
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
        null::double as score,
        true as is_delivered,
        -- The newest version of a record says nothing of how long it has had it.
        least(min(version_identifiers.first_seen_at), min(identifiers.first_seen_at))
            as valid_from,
        null::timestamptz as valid_to,
        max(identifiers.last_seen_at) as last_seen_at
    from identifiers
    inner join people
        on people.record_type = 'crm_customer' and identifiers.customer_id = people.record_id
    left join version_identifiers
        on
            identifiers.customer_id = version_identifiers.customer_id
            and identifiers.identifier_type = version_identifiers.identifier_type
            and identifiers.identifier = version_identifiers.identifier
    left join shared_identifiers
        on
            identifiers.identifier_type = shared_identifiers.identifier_type
            and identifiers.source = shared_identifiers.source
            and identifiers.identifier = shared_identifiers.identifier
    where identifiers.identifier_type != 'account'
    group by
        people.customer_key, identifiers.identifier_type, identifiers.source, identifiers.identifier
),

-- What only earlier versions of a customer gave: valid until the first version without it.
given_up_by_customers as (
    select
        version_identifiers.customer_id,
        version_identifiers.identifier_type,
        version_identifiers.identifier,
        version_identifiers.first_seen_at,
        version_identifiers.last_seen_at,
        min(customer_versions.seen_at) as given_up_at
    from version_identifiers
    inner join customer_versions
        on
            version_identifiers.customer_id = customer_versions.customer_id
            and version_identifiers.last_seen_at < customer_versions.seen_at
    group by all
),

-- A person has it until the last of the records gives it up.
given_up_identifiers as (
    select
        people.customer_key,
        given_up_by_customers.identifier_type,
        'crm' as source,
        given_up_by_customers.identifier,
        'given up since' as rule,
        null::double as score,
        true as is_delivered,
        min(given_up_by_customers.first_seen_at) as valid_from,
        max(given_up_by_customers.given_up_at) as valid_to,
        max(given_up_by_customers.last_seen_at) as last_seen_at
    from given_up_by_customers
    inner join people
        on
            people.record_type = 'crm_customer'
            and given_up_by_customers.customer_id = people.record_id
    left join contact_identifiers
        on
            people.customer_key = contact_identifiers.customer_key
            and given_up_by_customers.identifier_type = contact_identifiers.identifier_type
            and given_up_by_customers.identifier = contact_identifiers.identifier
    where contact_identifiers.identifier is null
    group by
        people.customer_key,
        given_up_by_customers.identifier_type,
        given_up_by_customers.identifier
)

select * from record_identifiers
union all
select * from contact_identifiers
union all
select * from given_up_identifiers
