with
accounts as (
    select * from {{ ref('int_accounts__known') }}
),

people as (
    select
        record_key as account_key,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'account'
),

posts as (
    select
        account_key,
        count(*) as posts_count,
        min(created_at) as first_post_at,
        max(created_at) as last_post_at
    from {{ ref('int_posts__in_context') }}
    where account_key is not null
    group by account_key
),

repetitions as (
    select
        repost_of_post_key as post_key,
        account_key
    from {{ ref('int_posts__in_context') }}
    where repost_of_post_key is not null

    union all

    select
        quoted_post_key as post_key,
        account_key
    from {{ ref('int_posts__in_context') }}
    where quoted_post_key is not null
),

-- A cascade starts with a post of one's own that another account repeats or comments on.
cascades as (
    select
        posts.account_key,
        count(distinct posts.post_key) as cascades_started_count
    from {{ ref('int_posts__in_context') }} as posts
    inner join repetitions
        on posts.post_key = repetitions.post_key
    where
        not posts.is_repost
        and posts.quoted_post_key is null
        and posts.account_key != repetitions.account_key
    group by posts.account_key
),

graph_metrics as (
    select * from {{ ref('int_graph__account_metrics') }}
)

select
    accounts.account_key,
    accounts.source,
    accounts.channel,
    accounts.account_id,
    accounts.handle,
    accounts.display_name,
    accounts.brand,
    accounts.department,
    people.customer_key,
    graph_metrics.community_id,
    accounts.followers_count,
    coalesce(posts.posts_count, 0) as posts_count,
    coalesce(cascades.cascades_started_count, 0) as cascades_started_count,
    graph_metrics.page_rank_score,
    coalesce(graph_metrics.core_number, 0) as core_number,
    coalesce(graph_metrics.betweenness_score, 0) as betweenness_score,
    accounts.is_brand,
    accounts.is_automated,
    posts.first_post_at,
    posts.last_post_at
from accounts
left join people
    on accounts.account_key = people.account_key
left join posts
    on accounts.account_key = posts.account_key
left join cascades
    on accounts.account_key = cascades.account_key
left join graph_metrics
    on accounts.account_key = graph_metrics.account_key
