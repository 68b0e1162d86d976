with
-- Only what shows when a handle was seen: when an account was opened says nothing of it.
sightings as (
    select
        source,
        lower(handle) as handle,
        account_key,
        received_at as seen_at
    from {{ ref('stg_social__accounts') }}
    where handle is not null and received_at is not null

    union all

    select
        source,
        lower(author_handle) as handle,
        account_key,
        coalesce(received_at, created_at) as seen_at
    from {{ ref('stg_social__posts') }}
    where
        author_handle is not null
        and account_key is not null
        and coalesce(received_at, created_at) is not null
),

-- Nearly all handles are one account's for good.
moved as (
    select
        source,
        handle
    from sightings
    group by source, handle
    having min(account_key) != max(account_key)
),

changes as (
    select
        sightings.source,
        sightings.handle,
        sightings.account_key,
        sightings.seen_at
    from sightings
    semi join moved
        on sightings.source = moved.source and sightings.handle = moved.handle
    qualify sightings.account_key is distinct from lag(sightings.account_key) over (
        partition by sightings.source, sightings.handle
        order by sightings.seen_at, sightings.account_key
    )
),

spells as (
    select
        source,
        handle,
        account_key,
        seen_at as held_from,
        lead(seen_at) over (
            partition by source, handle order by seen_at, account_key
        ) as held_until
    from changes
)

select
    source,
    handle,
    account_key,
    -- Whoever is seen with it first is taken to have had it before.
    case
        when held_from > min(held_from) over (partition by source, handle) then held_from
    end as held_from,
    held_until
from spells
where held_until > held_from
