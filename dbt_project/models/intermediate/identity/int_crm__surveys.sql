select *
from {{ ref('stg_crm__surveys') }}
qualify row_number() over (
    partition by response_id
    order by {{ newest_first('answered_at') }}
) = 1
