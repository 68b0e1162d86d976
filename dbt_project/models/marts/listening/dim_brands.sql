with
declared as (
    select * from {{ ref('stg_config__brands') }}
),

accounts as (
    select
        brand,
        count(*) as accounts_count
    from {{ ref('stg_config__brand_accounts') }}
    group by brand
),

sold as (
    select
        brand,
        count(*) as orders_count
    from {{ ref('fct_orders') }}
    where brand is not null
    group by brand
),

asked_about as (
    select
        brand,
        count(*) as survey_responses_count
    from {{ ref('fct_survey_responses') }}
    where brand is not null
    group by brand
),

-- The CRM may name a brand that the sources file does not declare: it is one of our own.
names as (
    select brand from declared
    union
    select brand from sold
    union
    select brand from asked_about
)

select
    {{ surrogate_key("'brand'", 'names.brand') }} as brand_key,
    names.brand,
    coalesce(declared.is_competitor, false) as is_competitor,
    coalesce(list_sort(declared.products), []) as products,
    coalesce(list_sort(declared.aliases), []) as aliases,
    coalesce(accounts.accounts_count, 0) as accounts_count,
    coalesce(sold.orders_count, 0) as orders_count,
    coalesce(asked_about.survey_responses_count, 0) as survey_responses_count,
    declared.brand is not null as is_declared
from names
left join declared
    on names.brand = declared.brand
left join accounts
    on names.brand = accounts.brand
left join sold
    on names.brand = sold.brand
left join asked_about
    on names.brand = asked_about.brand
