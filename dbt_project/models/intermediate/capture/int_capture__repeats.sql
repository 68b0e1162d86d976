select
    source,
    table_name,
    record_hash,
    min(first_place) as first_place,
    max(last_place) as last_place
from ({{ with_own_place(ref('stg_capture__repeats')) }}) as repeats
group by source, table_name, record_hash
