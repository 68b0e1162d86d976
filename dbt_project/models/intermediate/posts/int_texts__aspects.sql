with
annotations as (
    select
        text_key,
        unnest(aspects) as found
    from {{ ref('stg_nlp__text_annotations') }}
),

aspects as (
    select
        text_key,
        struct_extract(found, 'aspect') as aspect,
        struct_extract(found, 'sentiment_label') as sentiment_label,
        struct_extract(found, 'sentiment_score') as sentiment_score,
        struct_extract(found, 'evidence') as evidence
    from annotations
),

products as (
    select distinct
        brand,
        unnest(products) as product
    from {{ ref('stg_config__brands') }}
),

-- A product that two brands declare belongs to neither.
owners as (
    select
        product,
        case when count(*) = 1 then any_value(brand) end as brand
    from products
    group by product
),

brands as (
    select brand from {{ ref('stg_config__brands') }}
)

select
    aspects.text_key,
    aspects.aspect,
    aspects.sentiment_label,
    aspects.sentiment_score,
    aspects.evidence,
    case
        when owners.product is not null then 'product'
        when brands.brand is not null then 'brand'
        else 'service'
    end as aspect_kind,
    coalesce(owners.brand, brands.brand) as brand
from aspects
left join owners
    on aspects.aspect = owners.product
left join brands
    on aspects.aspect = brands.brand
