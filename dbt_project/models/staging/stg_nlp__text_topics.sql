with
text_topics as (
    select * from {{ source('silver', 'text_topics') }}
),

-- A run writes the texts that are new or have changed: of each, the newest row is in force.
newest_rows as (
    select *
    from text_topics
    qualify row_number() over (partition by text_key order by cast(run as bigint) desc) = 1
)

select
    -- ids
    text_key,
    topic_id,
    -- numbers
    topic_score
from newest_rows
where topic_id is not null
