select *
from {{ ref('stg_crm__orders') }}
qualify row_number() over (
    partition by order_id
    order by {{ newest_first('coalesce(updated_at, ordered_at)') }}
) = 1
