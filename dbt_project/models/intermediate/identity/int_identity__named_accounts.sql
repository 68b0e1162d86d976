with
declared_accounts as (
    select distinct other_record_key as account_key
    from {{ ref('int_identity__key_pairs') }}
    where identifier_type = 'account'
),

accounts as (
    select
        known.account_key,
        known.source,
        {{ folded('known.display_name') }} as full_name,
        -- People write a town, with its region or country before or after it, or two towns.
        unnest(regexp_split_to_array(profiles.location, '[,;/|•·()–—]| - ')) as place
    from {{ ref('int_accounts__known') }} as known
    inner join {{ ref('int_accounts__profiles') }} as profiles
        on known.account_key = profiles.account_key
    left join declared_accounts
        on known.account_key = declared_accounts.account_key
    -- Whose an account is that somebody declares is known, or disputed.
    where
        not known.is_brand and not known.is_automated and declared_accounts.account_key is null
),

towns as (
    select distinct
        account_key,
        source,
        full_name,
        {{ town('place') }} as city
    from accounts
    where full_name is not null
),

-- Two accounts of one source are two people, as far as anybody can tell.
only_accounts as (
    select
        full_name,
        city,
        source,
        any_value(account_key) as account_key
    from towns
    where city is not null
    group by full_name, city, source
    having count(*) = 1
),

customers as (
    select
        record_key,
        names_in_order,
        given_name || ' ' || family_name as full_name,
        family_name || ' ' || given_name as name_in_reverse,
        {{ town('city') }} as city,
        count(*) over (partition by names_in_order) as namesakes_count
    from {{ ref('int_identity__source_fields') }}
    where names_in_order is not null
),

only_customers as (
    select *
    from customers
    where city is not null and namesakes_count <= {{ var('rare_name_customers') }}
    qualify count(*) over (partition by names_in_order, city) = 1
)

select
    only_customers.record_key,
    only_accounts.account_key as other_record_key,
    only_accounts.source
from only_customers
inner join only_accounts
    on
        only_customers.city = only_accounts.city
        and only_accounts.full_name in (only_customers.full_name, only_customers.name_in_reverse)
-- Who names the towns of two namesakes may be either.
qualify count(*) over (partition by only_accounts.account_key) = 1
