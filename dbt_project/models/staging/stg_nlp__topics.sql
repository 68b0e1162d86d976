with
topics as (
    select * from {{ source('silver', 'topics') }}
)

select
    -- ids
    topic_id,
    -- texts
    label,
    phrases_fr,
    phrases_en
from topics
where cast(run as bigint) = (select max(cast(latest.run as bigint)) from topics as latest)
