select
    post_key,
    topic_key
from {{ ref('int_posts__topics') }}
