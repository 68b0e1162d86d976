with
texts as (
    select
        text_key,
        near_duplicate_bands
    from {{ ref('stg_nlp__text_annotations') }}
    where near_duplicate_bands is not null
),

-- Texts with the same bands are copies but for links, names and numbers: one stands for all.
firsts as (
    select
        near_duplicate_bands,
        min(text_key) as text_key,
        count(*) as texts_count
    from texts
    group by near_duplicate_bands
),

bands as (
    select
        text_key,
        unnest(near_duplicate_bands) as band
    from firsts
),

-- A band that very many different texts share is a figure of speech; pairs of it grow as the
-- square.
telling as (
    select band
    from bands
    group by band
    having count(*) between 2 and {{ var('near_duplicate_band_texts') }}
),

telling_bands as (
    select bands.*
    from bands
    semi join telling
        on bands.band = telling.band
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
    firsts.text_key,
    texts.text_key as other_text_key,
    len(texts.near_duplicate_bands) as shared_bands_count
from texts
inner join firsts
    on
        texts.near_duplicate_bands = firsts.near_duplicate_bands
        and texts.text_key != firsts.text_key
where firsts.texts_count > 1

union all

select
    text_key,
    other_text_key,
    shared_bands_count
from alike
