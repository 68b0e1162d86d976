with
declared as (
    select * from {{ ref('stg_config__employees') }}
),

people as (
    select * from {{ ref('int_identity__people') }}
),

declared_accounts as (
    select
        accounts.account_key as record_key,
        declared.brand
    from declared
    inner join {{ ref('int_accounts__known') }} as accounts
        on
            declared.source = accounts.source
            and declared.account in (lower(accounts.account_id), lower(accounts.handle))
),

declared_customers as (
    select
        people.record_key,
        declared.brand
    from declared
    inner join people
        on
            declared.source = people.source
            and people.record_type = 'crm_customer'
            and declared.account = lower(people.record_id)
),

declared_records as (
    select * from declared_accounts
    union all
    select * from declared_customers
)

select
    people.customer_key,
    list(distinct declared_records.brand order by declared_records.brand) as employer_brands
from declared_records
inner join people
    on declared_records.record_key = people.record_key
group by people.customer_key
