with
versions as (
    select
        delivered.*,
        -- A consent of the future has a mistaken date: it is no reason to overrule a withdrawal.
        case
            when
                not delivered.is_granted
                or (delivered.changed_at > newest_capture.possible_until_at) is not true
                then delivered.changed_at
        end as counts_from_at
    from ({{ with_places(ref('stg_crm__consents'), 'consents') }}) as delivered
    cross join {{ ref('int_capture__newest') }} as newest_capture
)

select * exclude (first_place, last_place)
from versions
qualify row_number() over (
    partition by consent_id
    -- Of two versions of the same moment the withdrawal counts.
    order by {{ newest_first('counts_from_at', is_deleted='not is_granted') }}
) = 1
