with
products as (
    select distinct
        product,
        ' ' || trim(regexp_replace(strip_accents(lower(product)), '[^\p{L}\p{N}]+', ' ', 'g'))
        || ' ' as words
    from (select unnest(products) as product from {{ ref('stg_config__brands') }}) as catalogue
),

texts as (
    select
        text_key,
        ' ' || regexp_replace(strip_accents(lower(text_masked)), '[^\p{L}\p{N}]+', ' ', 'g')
        || ' ' as words
    from {{ ref('stg_nlp__text_annotations') }}
)

select
    texts.text_key,
    products.product
from texts
inner join products
    on contains(texts.words, products.words)
-- A product whose name holds neither letter nor digit cannot be told from a gap between words.
where trim(products.words) != ''
