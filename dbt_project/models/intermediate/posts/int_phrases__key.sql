with
-- What was taken away, and what an edit replaced, says nothing any more.
shown as (
    select text_key from {{ ref('int_posts__current') }}
    union
    select text_key from {{ ref('int_crm__surveys') }}
),

texts as (
    select
        annotations.language,
        unnest(annotations.key_phrases) as phrase
    from {{ ref('stg_nlp__text_annotations') }} as annotations
    semi join shown
        on annotations.text_key = shown.text_key
),

counted as (
    select
        language,
        phrase,
        count(*) as texts_count,
        string_split(phrase, ' ') as words
    from texts
    group by language, phrase
    having count(*) >= {{ var('key_phrase_texts') }}
),

first_words as (
    select
        language,
        phrase,
        texts_count,
        words,
        unnest(range(1, len(words) + 1)) as first_word
    from counted
),

runs_of_words as (
    select
        language,
        phrase,
        texts_count,
        words[first_word:unnest(range(first_word, len(words) + 1))] as run
    from first_words
),

-- Part of a longer phrase and never said without it: the longer one tells more. A text that says
-- the longer one says its parts, so that equally many texts are the same ones; not quite so for
-- texts of more phrases than the annotation keeps.
partial as (
    select distinct
        part.language,
        part.phrase
    from counted as part
    inner join runs_of_words as longer
        on
            part.language = longer.language
            and part.words = longer.run
            and part.texts_count = longer.texts_count
            and part.phrase != longer.phrase
)

select
    {{ surrogate_key("'key phrase'", "counted.language || '|' || counted.phrase") }}
        as key_phrase_key,
    counted.language,
    counted.phrase
from counted
anti join partial
    on
        counted.language = partial.language
        and counted.phrase = partial.phrase
