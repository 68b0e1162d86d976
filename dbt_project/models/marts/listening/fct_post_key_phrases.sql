with
posts as (
    select
        post_key,
        text_key
    from {{ ref('int_posts__current') }}
),

said as (
    select
        text_key,
        language,
        unnest(key_phrases) as phrase
    from {{ ref('stg_nlp__text_annotations') }}
)

select
    posts.post_key,
    phrases.key_phrase_key,
    phrases.phrase,
    phrases.language
from posts
inner join said
    on posts.text_key = said.text_key
inner join {{ ref('int_phrases__key') }} as phrases
    on
        said.language = phrases.language
        and said.phrase = phrases.phrase
