select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__surveys'), 'surveys') }}) as versions
qualify row_number() over (
    partition by response_id
    order by {{ newest_first('answered_at') }}
) = 1
