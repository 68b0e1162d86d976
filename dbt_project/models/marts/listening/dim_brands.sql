select
    brand_key,
    brand,
    is_competitor,
    list_sort(products) as products
from {{ ref('stg_config__brands') }}
