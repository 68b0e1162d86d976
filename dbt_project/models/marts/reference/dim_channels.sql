with
declared as (
    select
        channel,
        source
    from {{ ref('stg_config__sources') }}
),

posts as (
    select
        channel,
        source,
        count(*) as posts_count,
        count(*) filter (where is_brand) as brand_posts_count,
        min(created_at) as first_post_at,
        max(created_at) as last_post_at
    from {{ ref('fct_posts') }}
    -- An edit is no further post.
    where edit_of_post_key is null
    group by channel, source
),

-- A source that the file no longer declares still has its posts.
channels as (
    select
        coalesce(declared.channel, posts.channel) as channel,
        coalesce(declared.source, posts.source) as source,
        declared.source is not null as is_declared,
        posts.posts_count,
        posts.brand_posts_count,
        posts.first_post_at,
        posts.last_post_at
    from declared
    full join posts
        on declared.channel = posts.channel and declared.source = posts.source
)

select
    {{ surrogate_key("'channel'", 'channel') }} as channel_key,
    channel,
    list(distinct source order by source) as sources,
    coalesce(sum(posts_count), 0)::bigint as posts_count,
    coalesce(sum(brand_posts_count), 0)::bigint as brand_posts_count,
    bool_or(is_declared) as is_declared,
    min(first_post_at) as first_post_at,
    max(last_post_at) as last_post_at
from channels
group by channel
