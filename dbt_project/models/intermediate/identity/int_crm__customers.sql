select *
from {{ ref('stg_crm__customers') }}
qualify row_number() over (
    partition by customer_id
    order by {{ newest_first('coalesce(updated_at, created_at)', is_deleted='is_deleted') }}
) = 1
