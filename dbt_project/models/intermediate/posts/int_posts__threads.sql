with recursive
edits as (
    select
        post_key,
        first_post_key
    from {{ ref('int_posts__ids') }}
    where is_edit
),

named_threads as (
    select
        post_key,
        {{ surrogate_key('source', 'thread_id') }} as given_thread_key,
        in_reply_to_post_key as parent_post_key
    from {{ ref('int_posts__current') }}
),

-- An edit with an id of its own may name itself as the thread, and its replies either id.
posts as (
    select
        named_threads.post_key,
        coalesce(edits.first_post_key, named_threads.given_thread_key) as given_thread_key,
        named_threads.parent_post_key
    from named_threads
    left join edits
        on named_threads.given_thread_key = edits.post_key
),

-- Only sources that give no thread need one built from their replies.
replies as (
    select
        child.post_key,
        child.parent_post_key
    from posts as child
    inner join posts as parent
        on child.parent_post_key = parent.post_key
    where child.given_thread_key is null
),

descendants as (
    select
        posts.post_key,
        coalesce(posts.given_thread_key, posts.post_key) as thread_key
    from posts
    left join replies
        on posts.post_key = replies.post_key
    where replies.post_key is null

    union all

    select
        replies.post_key,
        descendants.thread_key
    from descendants
    inner join replies
        on descendants.post_key = replies.parent_post_key
)

select
    posts.post_key,
    -- Posts that answer one another in a circle have no first one: each is its own thread.
    coalesce(descendants.thread_key, posts.post_key) as thread_key
from posts
left join descendants
    on posts.post_key = descendants.post_key
