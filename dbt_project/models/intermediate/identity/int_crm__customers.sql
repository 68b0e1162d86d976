select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__customers'), 'customers') }}) as versions
qualify row_number() over (
    partition by customer_id
    order by {{ newest_first('coalesce(updated_at, created_at)', is_deleted='is_deleted') }}
) = 1
