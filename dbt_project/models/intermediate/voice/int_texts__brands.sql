with
brands as (
    select * from {{ ref('stg_config__brands') }}
),

names as (
    select
        brand,
        brand as name
    from brands

    union all

    select
        brand,
        unnest(aliases) as name
    from brands

    union all

    select
        brand,
        unnest(products) as name
    from brands
),

needles as (
    select distinct
        brand,
        ' ' || trim(regexp_replace(strip_accents(lower(name)), '[^\p{L}\p{N}]+', ' ', 'g'))
        || ' ' as words
    from names
),

texts as (
    select
        text_key,
        ' ' || regexp_replace(strip_accents(lower(text_masked)), '[^\p{L}\p{N}]+', ' ', 'g')
        || ' ' as words
    from {{ ref('stg_nlp__text_annotations') }}
)

select distinct
    texts.text_key,
    needles.brand
from texts
inner join needles
    on contains(texts.words, needles.words)
where trim(needles.words) != ''
