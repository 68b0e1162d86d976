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
    aspects,
    spam_evidence,
    toxicity_evidence,
    key_phrases,
    near_duplicate_bands,
    failed_components,
    -- numbers
    language_probability,
    sentiment_score,
    emotion_score,
    answer_score,
    spam_score,
    toxicity_score,
    -- booleans
    is_urgent,
    is_spam,
    is_insult
from annotated
