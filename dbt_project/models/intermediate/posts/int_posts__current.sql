with
ids as (
    select * from {{ ref('int_posts__ids') }}
),

edits as (
    select
        post_key as edit_post_key,
        first_post_key
    from ids
    where is_edit
),

versions as (
    select
        delivered.* exclude (post_id, post_key),
        ids.first_post_key as post_key,
        ids.first_post_id as post_id,
        -- What the source itself says of the time of a version; the order in which files arrive
        -- says nothing.
        coalesce(greatest(delivered.edited_at, delivered.received_at), delivered.created_at)
            as version_at,
        count(*) over (partition by ids.first_post_key) as versions_count,
        min(delivered.created_at) over (partition by ids.first_post_key) as first_created_at,
        max(coalesce(greatest(delivered.edited_at, delivered.received_at), delivered.created_at))
            over (partition by ids.first_post_key)
            as last_version_at
    from {{ ref('stg_social__posts') }} as delivered
    inner join ids
        on delivered.post_key = ids.post_key
),

newest_versions as (
    select *
    from versions
    qualify row_number() over (
        partition by post_key
        -- Where an edit has an id of its own, the old id goes on showing the old text.
        order by
            case when edit_of_post_id is not null then edited_at end desc nulls last,
            {{ newest_first('version_at', is_deleted='is_deleted') }}
    ) = 1
),

deletions as (
    select
        ids.first_post_key as post_key,
        max(interactions.created_at) as deleted_at,
        bool_or(interactions.created_at is null) as has_unknown_time
    from {{ ref('stg_social__interactions') }} as interactions
    inner join ids
        on interactions.post_key = ids.post_key
    where interactions.interaction_type = 'deletion'
    group by ids.first_post_key
),

references_to_posts as (
    select
        post_key,
        {{ surrogate_key('source', 'in_reply_to_post_id') }} as in_reply_to_post_key,
        {{ surrogate_key('source', 'repost_of_post_id') }} as repost_of_post_key,
        {{ surrogate_key('source', 'quoted_post_id') }} as quoted_post_key
    from newest_versions
)

select
    newest_versions.post_key,
    newest_versions.source,
    newest_versions.channel,
    newest_versions.post_id,
    newest_versions.author_id,
    newest_versions.account_key,
    newest_versions.author_handle,
    newest_versions.thread_id,
    newest_versions.in_reply_to_account_id,
    coalesce(replied_edits.first_post_key, references_to_posts.in_reply_to_post_key)
        as in_reply_to_post_key,
    coalesce(reposted_edits.first_post_key, references_to_posts.repost_of_post_key)
        as repost_of_post_key,
    coalesce(quoted_edits.first_post_key, references_to_posts.quoted_post_key) as quoted_post_key,
    newest_versions.text_key,
    newest_versions.section,
    newest_versions.mentions,
    newest_versions.hashtags,
    newest_versions.like_count,
    newest_versions.repost_count,
    newest_versions.reply_count,
    newest_versions.view_count,
    newest_versions.versions_count,
    newest_versions.is_inbound,
    coalesce(newest_versions.is_automated, false) as is_marked_automated,
    newest_versions.is_private,
    -- A deletion without a time is obeyed: showing a text that was taken away is the worse error.
    -- One that is older than the newest version is not: the source delivered the post again.
    coalesce(newest_versions.is_deleted, false)
    or coalesce(deletions.has_unknown_time, false)
    or coalesce(
        deletions.deleted_at >= coalesce(newest_versions.last_version_at, deletions.deleted_at),
        false
    ) as is_deleted,
    case
        when newest_versions.edit_of_post_id is null then newest_versions.created_at
        else newest_versions.first_created_at
    end as created_at,
    newest_versions.edited_at,
    newest_versions.version_at,
    newest_versions.batch_id,
    newest_versions.file,
    newest_versions.position,
    newest_versions.item
from newest_versions
inner join references_to_posts
    on newest_versions.post_key = references_to_posts.post_key
left join deletions
    on newest_versions.post_key = deletions.post_key
left join edits as replied_edits
    on references_to_posts.in_reply_to_post_key = replied_edits.edit_post_key
left join edits as reposted_edits
    on references_to_posts.repost_of_post_key = reposted_edits.edit_post_key
left join edits as quoted_edits
    on references_to_posts.quoted_post_key = quoted_edits.edit_post_key
