select
    from_account_key,
    to_account_key,
    count(*)::double as weight,
    count(*) as interactions_count,
    min(created_at) as first_at,
    max(created_at) as last_at
from {{ ref('int_edges__interactions') }}
where interaction_kind in ('repost', 'quote')
group by from_account_key, to_account_key
