with
profiles as (
    select * from {{ ref('int_accounts__profiles') }}
),

posts as (
    select * from {{ ref('int_posts__current') }}
),

authors as (
    select
        source,
        author_id as account_id,
        channel,
        author_handle as handle,
        version_at as seen_at,
        is_inbound,
        true as is_delivered
    from posts
    where author_id is not null
),

sightings as (
    select
        source,
        account_id,
        channel,
        handle,
        version_at as seen_at,
        null::boolean as is_inbound,
        true as is_delivered
    from profiles

    union all

    select * from authors

    union all

    select
        source,
        in_reply_to_account_id as account_id,
        channel,
        null as handle,
        null as seen_at,
        null as is_inbound,
        false as is_delivered
    from posts
    where in_reply_to_account_id is not null
),

seen_accounts as (
    select
        source,
        account_id,
        min(channel) as channel,
        bool_or(is_delivered) as is_delivered,
        arg_max(handle, row(coalesce(seen_at, '-infinity'::timestamptz), handle)) filter (
            where handle is not null
        ) as last_handle,
        -- What the source marks as written to customers speaks for a company.
        coalesce(bool_or(not is_inbound), false) as has_outbound_posts
    from sightings
    group by source, account_id
),

accounts as (
    select
        seen_accounts.source,
        seen_accounts.account_id,
        {{ surrogate_key('seen_accounts.source', 'seen_accounts.account_id') }} as account_key,
        seen_accounts.channel,
        coalesce(profiles.handle, seen_accounts.last_handle) as handle,
        profiles.display_name,
        profiles.followers_count,
        seen_accounts.is_delivered,
        seen_accounts.has_outbound_posts or coalesce(profiles.is_brand, false) as is_marked_brand,
        coalesce(profiles.is_automated, false) as is_marked_automated
    from seen_accounts
    left join profiles
        on
            seen_accounts.source = profiles.source
            and seen_accounts.account_id = profiles.account_id
),

-- A handle that was declared stays a brand's after the account took another one, until somebody
-- else is seen with it.
declarations as (
    select
        accounts.account_key,
        brand_accounts.brand,
        brand_accounts.department,
        brand_accounts.is_automated
    from accounts
    inner join {{ ref('stg_config__brand_accounts') }} as brand_accounts
        on accounts.source = brand_accounts.source
    left join {{ ref('int_accounts__handles') }} as handles
        on
            brand_accounts.source = handles.source
            and brand_accounts.account = handles.handle
    where
        brand_accounts.account in (lower(accounts.account_id), lower(accounts.handle))
        or accounts.account_key = handles.account_key
    qualify row_number() over (
        partition by accounts.account_key
        order by brand_accounts.account = lower(accounts.account_id) desc, brand_accounts.account
    ) = 1
)

select
    accounts.account_key,
    accounts.source,
    accounts.account_id,
    accounts.channel,
    accounts.handle,
    accounts.display_name,
    accounts.followers_count,
    declarations.brand,
    declarations.department,
    accounts.is_delivered,
    declarations.account_key is not null or accounts.is_marked_brand as is_brand,
    coalesce(declarations.is_automated, false) or accounts.is_marked_automated as is_automated
from accounts
left join declarations
    on accounts.account_key = declarations.account_key
