with
annotated as (
    select * from {{ source('silver', 'text_annotations') }}
)

select
    -- ids
    text_key,
    annotation_version,
    -- texts
    text_masked,
    language,
    sentiment_label,
    emotion_label,
    intents,
    intent_evidence,
    urgency_evidence,
    entities,
    failed_components,
    -- numbers
    language_probability,
    sentiment_score,
    answer_score,
    -- booleans
    is_urgent
from annotated
