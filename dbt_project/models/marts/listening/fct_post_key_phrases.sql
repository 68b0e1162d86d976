with
posts as (
    select
        post_key,
        text_key
    from {{ ref('int_posts__current') }}
)

select
    posts.post_key,
    {{
        surrogate_key("'key phrase'", "phrases.language || '|' || phrases.phrase")
    }} as key_phrase_key,
    phrases.phrase,
    phrases.language
from posts
inner join {{ ref('int_texts__key_phrases') }} as phrases
    on posts.text_key = phrases.text_key
