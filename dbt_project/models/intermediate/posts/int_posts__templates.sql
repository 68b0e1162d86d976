with
annotations as (
    select
        text_key,
        text_masked
    from {{ ref('stg_nlp__text_annotations') }}
),

posts as (
    select
        posts.post_key,
        posts.account_key,
        posts.created_at,
        -- What a program fills in: whom it answers, links and numbers.
        trim(regexp_replace(
            lower(annotations.text_masked), '(<[a-z]+>|[@#]\w+|https?\S*|\d+|\s)+', ' ', 'g'
        )) as template
    from {{ ref('int_posts__current') }} as posts
    inner join annotations
        on posts.text_key = annotations.text_key
    where posts.account_key is not null and posts.repost_of_post_key is null
)

select
    post_key,
    account_key,
    template,
    count(*) over (partition by account_key, template) as template_posts_count,
    count(*) over (partition by account_key) as account_posts_count,
    created_at
from posts
where length(template) >= {{ var('template_characters') }}
