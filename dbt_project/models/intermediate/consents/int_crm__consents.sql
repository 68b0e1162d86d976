select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__consents'), 'consents') }}) as versions
qualify row_number() over (
    partition by consent_id
    -- Of two versions of the same moment the withdrawal counts.
    order by {{ newest_first('changed_at', is_deleted='not is_granted') }}
) = 1
