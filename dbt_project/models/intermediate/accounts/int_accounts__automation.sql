with
templates as (
    select
        account_key,
        template,
        count(*) as template_posts_count,
        max(account_posts_count) as posts_count,
        min(created_at) as first_post_at,
        max(created_at) as last_post_at
    from {{ ref('int_posts__templates') }}
    group by account_key, template
),

commonest as (
    select *
    from templates
    qualify row_number() over (
        partition by account_key order by template_posts_count desc, template asc
    ) = 1
)

select
    account_key,
    template,
    template_posts_count,
    posts_count,
    template_posts_count / posts_count as template_rate,
    template_posts_count >= {{ var('template_posts') }}
    and template_posts_count / posts_count >= {{ var('template_rate') }} as is_repeating,
    first_post_at,
    last_post_at
from commonest
