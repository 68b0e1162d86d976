with
texts as (
    select
        text_key,
        near_duplicate_bands
    from {{ ref('stg_nlp__text_annotations') }}
    where near_duplicate_bands is not null
),

-- Texts with the same bands are copies but for links, names and numbers: one stands for all.
copies as (
    select
        text_key,
        near_duplicate_bands,
        min(text_key) over (partition by near_duplicate_bands) as first_text_key
    from texts
),

bands as (
    select
        text_key,
        unnest(near_duplicate_bands) as band
    from copies
    where text_key = first_text_key
),

-- A band that very many different texts share is a figure of speech; pairs of it grow as the
-- square.
telling_bands as (
    select
        text_key,
        band
    from bands
    qualify count(*) over (partition by band) <= {{ var('near_duplicate_band_texts') }}
),

alike as (
    select
        one.text_key,
        other.text_key as other_text_key,
        count(*) as shared_bands_count
    from telling_bands as one
    inner join telling_bands as other
        on one.band = other.band and one.text_key < other.text_key
    group by one.text_key, other.text_key
    having count(*) >= {{ var('near_duplicate_bands') }}
)

select
    first_text_key as text_key,
    text_key as other_text_key,
    len(near_duplicate_bands) as shared_bands_count
from copies
where text_key != first_text_key

union all

select
    text_key,
    other_text_key,
    shared_bands_count
from alike
