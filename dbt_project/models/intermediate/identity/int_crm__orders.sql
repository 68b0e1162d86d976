select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__orders'), 'orders') }}) as versions
qualify row_number() over (
    partition by order_id
    order by {{ newest_first('coalesce(updated_at, ordered_at)') }}
) = 1
