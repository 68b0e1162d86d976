select
    helper_account_key as from_account_key,
    asker_account_key as to_account_key,
    count(*)::double as weight,
    count(*) as interactions_count,
    count(*) filter (where is_thanked) as thanked_count,
    count(*) filter (where is_accepted) as accepted_count,
    count(*) filter (where is_read_as_answer) as read_as_answer_count,
    avg(answer_score) as mean_answer_score,
    min(created_at) as first_at,
    max(created_at) as last_at
from {{ ref('int_peer_help__answers') }}
group by helper_account_key, asker_account_key
