with
delivered as (
    select
        source,
        post_id,
        post_key,
        max(edit_of_post_id) as edit_of_post_id,
        max(edited_at) as edited_at
    from {{ ref('stg_social__posts') }}
    group by source, post_id, post_key
)

-- The post keeps the id it was first delivered under; later ids of its edits lead to that one.
select
    source,
    post_id,
    post_key,
    first_value(post_id) over edit_history as first_post_id,
    first_value(post_key) over edit_history as first_post_key,
    row_number() over edit_history > 1 as is_edit
from delivered
window
    edit_history as (
        partition by source, coalesce(edit_of_post_id, post_id)
        order by edit_of_post_id is not null, edited_at, post_id
    )
