with
profiles as (
    select
        source,
        account_id,
        account_key,
        lower(handle) as handle,
        coalesce(received_at, created_at) as seen_at
    from {{ ref('stg_social__accounts') }}
),

authors as (
    select
        source,
        author_id as account_id,
        account_key,
        lower(author_handle) as handle,
        coalesce(received_at, created_at) as seen_at
    from {{ ref('stg_social__posts') }}
    where author_id is not null
),

sightings as (
    select * from profiles
    union all
    select * from authors
),

seen_handles as (
    select
        source,
        handle,
        account_key,
        max(seen_at) as seen_at
    from sightings
    where handle is not null
    group by source, handle, account_key
),

-- Some sources address an account by its id: true of accounts that show no handle at all.
id_handles as (
    select
        source,
        lower(account_id) as handle,
        account_key,
        null::timestamptz as seen_at
    from sightings
    group by source, account_id, account_key
    having count(handle) = 0
),

candidates as (
    select
        *,
        0 as preference
    from seen_handles
    union all
    select
        *,
        1 as preference
    from id_handles
)

select
    source,
    handle,
    account_key
from candidates
-- A handle may pass from one account to another: the last one seen with it has it.
qualify row_number() over (
    partition by source, handle
    order by preference asc, seen_at desc nulls last, account_key asc
) = 1
