select *
from {{ ref('stg_crm__loyalty_movements') }}
qualify row_number() over (
    partition by movement_id
    order by {{ newest_first('moved_at') }}
) = 1
