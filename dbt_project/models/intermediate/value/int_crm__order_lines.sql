select * exclude (last_place)
from ({{ with_places(ref('stg_crm__order_lines'), 'order_lines') }}) as versions
qualify row_number() over (
    partition by order_id, line_id
    order by {{ newest_first('coalesce(updated_at, ordered_at)') }}
) = 1
