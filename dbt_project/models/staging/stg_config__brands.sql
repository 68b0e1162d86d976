with
declared as (
    select * from {{ source('configuration', 'brands') }}
)

select
    brand,
    aliases,
    products,
    is_competitor,
    {{ surrogate_key("'brand'", 'brand') }} as brand_key
from declared
