with
edits as (
    select
        post_key,
        first_post_key
    from {{ ref('int_posts__ids') }}
    where is_edit
)

select
    delivered.post_key,
    edits.first_post_key as edit_of_post_key,
    delivered.source,
    delivered.channel,
    delivered.post_id,
    delivered.account_key,
    count(*) over (partition by delivered.post_key) as versions_count,
    delivered.created_at,
    delivered.edited_at,
    delivered.first_place
from ({{ with_places(ref('stg_social__posts'), 'posts') }}) as delivered
inner join edits
    on delivered.post_key = edits.post_key
qualify row_number() over (
    partition by delivered.post_key
    order by {{ newest_first('coalesce(received_at, edited_at)', is_deleted='is_deleted') }}
) = 1
