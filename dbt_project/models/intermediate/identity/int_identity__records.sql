with
named_customers as (
    select
        customer_id,
        true as is_delivered,
        not coalesce(is_deleted, false) as is_known
    from {{ ref('int_crm__customers') }}

    union all

    select
        customer_id,
        false as is_delivered,
        false as is_known
    from {{ ref('int_crm__orders') }}

    union all

    select
        customer_id,
        false as is_delivered,
        false as is_known
    from {{ ref('int_crm__surveys') }}

    union all

    select
        customer_id,
        false as is_delivered,
        false as is_known
    from {{ ref('int_crm__loyalty_movements') }}
),

customers as (
    select
        {{ surrogate_key("'crm'", 'customer_id') }} as record_key,
        'crm_customer' as record_type,
        'crm' as source,
        customer_id as record_id,
        bool_or(is_delivered) as is_delivered,
        bool_or(is_known) as is_known
    from named_customers
    where customer_id is not null
    group by customer_id
),

accounts as (
    select
        account_key as record_key,
        'account' as record_type,
        source,
        account_id as record_id,
        is_delivered,
        false as is_known
    from {{ ref('int_accounts__known') }}
    where not is_brand
)

select * from customers
union all
select * from accounts
