with
delivered as (
    select * from {{ source('bronze', 'surveys') }}
)

select
    -- ids
    response_id,
    survey_id,
    customer_id,
    email_key,
    phone_key,
    order_id,
    text_key,
    record_hash,
    {{ surrogate_key("'crm'", 'response_id') }} as survey_response_key,
    -- texts
    brand,
    -- numbers
    nps_score,
    -- times
    answered_at,
    -- where it came from
    source,
    batch_id,
    file,
    position,
    item
from delivered
