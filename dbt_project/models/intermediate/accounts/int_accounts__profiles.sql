select
    source,
    account_id,
    account_key,
    channel,
    handle,
    display_name,
    location,
    followers_count,
    is_brand,
    is_automated,
    coalesce(received_at, created_at) as version_at
from ({{ with_places(ref('stg_social__accounts'), 'accounts') }}) as versions
qualify row_number() over (
    partition by source, account_id
    order by {{ newest_first('coalesce(received_at, created_at)') }}
) = 1
