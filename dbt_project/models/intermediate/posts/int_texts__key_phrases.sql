with
annotations as (
    select
        text_key,
        language,
        unnest(key_phrases) as phrase
    from {{ ref('stg_nlp__text_annotations') }}
),

counted as (
    select
        language,
        phrase,
        count(*) as texts_count
    from annotations
    group by language, phrase
    having count(*) >= {{ var('key_phrase_texts') }}
),

shared as (
    select
        annotations.text_key,
        annotations.language,
        annotations.phrase,
        counted.texts_count
    from annotations
    inner join counted
        on
            annotations.language = counted.language
            and annotations.phrase = counted.phrase
),

-- Part of a longer phrase and never said without it: the longer one tells more.
partial as (
    select distinct
        part.language,
        part.phrase
    from shared as part
    inner join shared as longer
        on
            part.text_key = longer.text_key
            and part.texts_count = longer.texts_count
            and part.phrase != longer.phrase
            and contains(' ' || longer.phrase || ' ', ' ' || part.phrase || ' ')
)

select
    shared.text_key,
    shared.language,
    shared.phrase
from shared
anti join partial
    on
        shared.language = partial.language
        and shared.phrase = partial.phrase
