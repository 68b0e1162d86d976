with
surveys as (
    select
        *,
        {{ surrogate_key("'crm'", 'order_id') }} as order_key,
        case when customer_id is null then email_key end as guest_email_key
    from {{ ref('int_crm__surveys') }}
),

annotations as (
    select * from {{ ref('stg_nlp__text_annotations') }}
),

{{ crm_owners(['email']) }}

select
    surveys.survey_response_key,
    surveys.response_id,
    surveys.survey_id,
    sources.channel,
    coalesce(people.customer_key, email_owners.customer_key) as customer_key,
    surveys.customer_id,
    surveys.order_key,
    coalesce(surveys.brand, orders.brand) as brand,
    annotations.text_masked as text,
    annotations.language,
    annotations.sentiment_label,
    annotations.intents,
    annotations.annotation_version,
    surveys.nps_score,
    annotations.sentiment_score,
    surveys.answered_at
from surveys
left join {{ ref('int_crm__orders') }} as orders
    on surveys.order_key = orders.order_key
left join annotations
    on surveys.text_key = annotations.text_key
left join {{ ref('stg_config__sources') }} as sources
    on surveys.source = sources.source
left join people
    on surveys.customer_id = people.customer_id
left join email_owners
    on surveys.guest_email_key = email_owners.identifier
