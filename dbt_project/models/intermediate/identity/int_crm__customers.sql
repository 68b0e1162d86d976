{#- When a row was made says nothing of when it was removed. -#}
{% set version_at = 'coalesce(updated_at, case when is_deleted is not true then created_at end)' %}

select * exclude (first_place, last_place)
from ({{ with_places(ref('stg_crm__customers'), 'customers') }}) as versions
qualify row_number() over (
    partition by customer_id
    order by {{ newest_first(version_at, is_deleted='is_deleted') }}
) = 1
