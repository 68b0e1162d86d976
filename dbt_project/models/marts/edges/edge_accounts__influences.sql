select
    -- Influence runs against the interaction: from who is answered or repeated to who does it.
    to_account_key as from_account_key,
    from_account_key as to_account_key,
    -- Decimals add up to the same in any order, floating point numbers do not.
    sum(influence_weight::decimal(18, 6))::double as weight,
    count(*) as interactions_count,
    min(created_at) as first_at,
    max(created_at) as last_at
from {{ ref('int_edges__interactions') }}
where influence_weight > 0
group by to_account_key, from_account_key
