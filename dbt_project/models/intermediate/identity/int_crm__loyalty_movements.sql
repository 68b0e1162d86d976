select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__loyalty_movements'), 'loyalty') }}) as versions
qualify row_number() over (
    partition by movement_id
    order by {{ newest_first('moved_at') }}
) = 1
