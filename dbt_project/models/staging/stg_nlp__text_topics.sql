with
text_topics as (
    select * from {{ source('silver', 'text_topics') }}
)

select
    -- ids
    text_key,
    topic_id,
    -- numbers
    topic_score
from text_topics
where
    cast(run as bigint) = (select max(cast(latest.run as bigint)) from text_topics as latest)
    and topic_id is not null
