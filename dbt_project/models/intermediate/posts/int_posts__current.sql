{#- What the source itself says of the time of a version; the order of arrival says nothing. -#}
{% set version_at
    = 'coalesce(greatest(delivered.edited_at, delivered.received_at), delivered.created_at)' %}

with recursive
edits as (
    select
        post_key as edit_post_key,
        first_post_key
    from {{ ref('int_posts__ids') }}
    where is_edit
),

totals as (
    select
        ids.first_post_key as post_key,
        count(*) as versions_count,
        min(delivered.created_at) as first_created_at,
        max({{ version_at }}) as last_version_at
    from {{ ref('stg_social__posts') }} as delivered
    inner join {{ ref('int_posts__ids') }} as ids
        on delivered.post_key = ids.post_key
    group by ids.first_post_key
),

versions as (
    select
        delivered.* exclude (post_id, post_key),
        ids.first_post_key as post_key,
        ids.first_post_id as post_id,
        {{ version_at }} as version_at,
        totals.versions_count,
        totals.first_created_at,
        totals.last_version_at
    from ({{ with_places(ref('stg_social__posts'), 'posts') }}) as delivered
    inner join {{ ref('int_posts__ids') }} as ids
        on delivered.post_key = ids.post_key
    inner join totals
        on ids.first_post_key = totals.post_key
),

newest_of_several as (
    select *
    from versions
    where versions_count > 1
    qualify row_number() over (
        partition by post_key
        -- Where an edit has an id of its own, the old id goes on showing the old text.
        order by
            case when edit_of_post_id is not null then edited_at end desc nulls last,
            {{ newest_first('version_at', is_deleted='is_deleted') }}
    ) = 1
),

-- Nearly all posts have one version, and wide rows are dear to put in order.
newest_versions as (
    select * from versions
    where versions_count = 1

    union all

    select * from newest_of_several
),

referring as (
    select
        *,
        {{ surrogate_key('source', 'in_reply_to_post_id') }} as in_reply_to_post_key,
        {{ surrogate_key('source', 'repost_of_post_id') }} as repost_of_post_key,
        {{ surrogate_key('source', 'quoted_post_id') }} as quoted_post_key
    from newest_versions
),

-- Of posts that were never captured too: others may repeat them.
events as (
    select
        coalesce(ids.first_post_key, interactions.post_key) as post_key,
        bool_or(interactions.interaction_type = 'deletion') as has_deletion,
        max(interactions.created_at) filter (where interactions.interaction_type = 'deletion')
            as deleted_at,
        bool_or(interactions.created_at is null and interactions.interaction_type = 'deletion')
            as has_undated_deletion,
        bool_or(interactions.interaction_type = 'withholding') as has_withholding
    from {{ ref('stg_social__interactions') }} as interactions
    left join {{ ref('int_posts__ids') }} as ids
        on interactions.post_key = ids.post_key
    where interactions.interaction_type in ('deletion', 'withholding')
    group by coalesce(ids.first_post_key, interactions.post_key)
),

posts as (
    select
        referring.post_key,
        referring.source,
        referring.channel,
        referring.post_id,
        referring.author_id,
        referring.account_key,
        referring.author_handle,
        referring.thread_id,
        referring.in_reply_to_account_id,
        coalesce(replied_edits.first_post_key, referring.in_reply_to_post_key)
            as in_reply_to_post_key,
        coalesce(reposted_edits.first_post_key, referring.repost_of_post_key) as repost_of_post_key,
        coalesce(quoted_edits.first_post_key, referring.quoted_post_key) as quoted_post_key,
        referring.text_key,
        referring.section,
        referring.mentions,
        referring.hashtags,
        referring.like_count,
        referring.repost_count,
        referring.reply_count,
        referring.view_count,
        referring.versions_count,
        referring.is_inbound,
        coalesce(referring.is_automated, false) as is_marked_automated,
        referring.is_private,
        -- A deletion without a time is obeyed: showing a text that was taken away is the worse
        -- error. One that is older than the newest version is not: the source delivered the post
        -- again.
        coalesce(referring.is_deleted, false)
        or coalesce(events.has_undated_deletion, false)
        or coalesce(
            events.deleted_at >= coalesce(referring.last_version_at, events.deleted_at), false
        ) as is_deleted,
        -- Withheld in a country is not taken away: others go on reading it.
        coalesce(len(referring.withheld_in_countries) > 0, false)
        or coalesce(events.has_withholding, false) as is_withheld,
        -- XX stands for all countries, XY for a claim of copyright, which holds in all of them.
        coalesce(list_has_any(referring.withheld_in_countries, ['XX', 'XY']), false)
            as is_withheld_everywhere,
        case
            when referring.edit_of_post_id is null then referring.created_at
            else referring.first_created_at
        end as created_at,
        referring.edited_at,
        referring.version_at,
        referring.first_place
    from referring
    left join events
        on referring.post_key = events.post_key
    left join edits as replied_edits
        on referring.in_reply_to_post_key = replied_edits.edit_post_key
    left join edits as reposted_edits
        on referring.repost_of_post_key = reposted_edits.edit_post_key
    left join edits as quoted_edits
        on referring.quoted_post_key = quoted_edits.edit_post_key
),

deleted_elsewhere as (
    select events.post_key
    from events
    anti join posts
        on events.post_key = posts.post_key
    where events.has_deletion
),

reposts as (
    select
        post_key,
        repost_of_post_key
    from posts
    where repost_of_post_key is not null
),

-- What is gone is gone from what repeats it, and from what repeats that.
gone as (
    select post_key
    from posts
    where is_deleted or is_withheld_everywhere

    union

    select post_key
    from deleted_elsewhere

    union

    select reposts.post_key
    from gone
    inner join reposts
        on gone.post_key = reposts.repost_of_post_key
),

traced as (
    select
        posts.*,
        gone.post_key is not null as is_text_gone
    from posts
    left join gone
        on posts.post_key = gone.post_key
)

select
    * exclude (text_key, hashtags, is_withheld_everywhere, is_text_gone),
    -- Nothing that was read from a text outlives the text, and a repost has no other.
    case when not is_text_gone then text_key end as text_key,
    case when not is_text_gone then hashtags end as hashtags
from traced
