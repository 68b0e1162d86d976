with
posts as (
    select
        post_key,
        text_key
    from {{ ref('int_posts__current') }}
)

select
    {{
        surrogate_key(
            "'aspect'",
            "posts.post_key || '|' || aspects.aspect || '|' || coalesce(aspects.sentiment_label, '')"
        )
    }} as post_aspect_key,
    posts.post_key,
    aspects.aspect,
    aspects.aspect_kind,
    aspects.brand,
    aspects.sentiment_label,
    aspects.evidence,
    aspects.sentiment_score
from posts
inner join {{ ref('int_texts__aspects') }} as aspects
    on posts.text_key = aspects.text_key
