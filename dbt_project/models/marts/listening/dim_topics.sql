select
    topic_key,
    topic_id,
    topic_kind,
    label,
    count(*) as posts_count
from {{ ref('int_posts__topics') }}
group by topic_key, topic_id, topic_kind, label
