with
products as (
    select distinct unnest(products) as product
    from {{ ref('stg_config__brands') }}
),

things as (
    select
        text_key,
        unnest(entities) as thing
    from {{ ref('stg_nlp__text_annotations') }}
),

named as (
    select distinct
        text_key,
        struct_extract(thing, 'canonical') as product
    from things
    where struct_extract(thing, 'label') = 'product'
)

select
    named.text_key,
    named.product
from named
-- What the catalogue no longer declares is no topic any more.
inner join products
    on named.product = products.product
