"""The silver tables: what is known of each distinct text, and the topics found in all of them."""

from __future__ import annotations

import pyarrow as pa

from spark_jobs.tables.declaration import (
    BOOLEAN,
    BYTES,
    INTEGER,
    NUMBER,
    STRING,
    STRINGS,
    Column,
    Table,
)

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("joy", "optimism", "anger", "sadness", "fear", "surprise", "none")
INTENTS = (
    "question",
    "complaint",
    "problem_report",
    "request",
    "purchase_intent",
    "praise",
    "thanks",
    "churn_risk",
    "suggestion",
)

ENTITY = pa.struct(
    [
        pa.field("text", pa.string()),
        pa.field("label", pa.string()),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("canonical", pa.string()),
        pa.field("origin", pa.string()),
    ]
)
ASPECT = pa.struct(
    [
        pa.field("aspect", pa.string()),
        pa.field("text", pa.string()),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("sentiment_label", pa.string()),
        pa.field("sentiment_score", pa.float64()),
        pa.field("evidence", pa.string()),
    ]
)
EVIDENCE = pa.struct(
    [
        pa.field("intent", pa.string()),
        pa.field("origin", pa.string()),
        pa.field("text", pa.string()),
        pa.field("probability", pa.float64()),
    ]
)
SIGN = pa.struct([pa.field("sign", pa.string()), pa.field("text", pa.string())])
OFFENCE = pa.struct([pa.field("category", pa.string()), pa.field("text", pa.string())])

TEXT_ANNOTATIONS = Table(
    "text_annotations",
    "one distinct text, annotated by one version of the models",
    ("text_key", "annotation_version"),
    (
        Column("text_key", STRING, "Hash of the text as delivered.", required=True),
        Column("annotation_version", STRING, "Version of all models together.", required=True),
        Column("text_masked", STRING, "The text without personal data.", required=True),
        Column("character_count", INTEGER, "Length of the text.", required=True, minimum=0),
        Column(
            "is_cut",
            BOOLEAN,
            "Whether models saw only the beginning because the text is longer than their limit.",
            required=True,
        ),
        Column("language", STRING, "ISO 639-1 code, or und where it is not known.", required=True),
        Column(
            "language_probability",
            NUMBER,
            "Probability of the language; null where it is not known.",
            minimum=0,
            maximum=1,
        ),
        Column("language_model", STRING, "Name and version of the language model.", required=True),
        Column("sentiment_label", STRING, "Feeling of the text.", allowed=SENTIMENTS),
        Column("sentiment_score", NUMBER, "Probability of the label.", minimum=0, maximum=1),
        Column("sentiment_model", STRING, "Name and version; null where no model speaks it."),
        Column("emotion_label", STRING, "Emotion of the text.", allowed=EMOTIONS),
        Column(
            "emotion_score",
            NUMBER,
            "Probability of the emotion; null where it is none or not known.",
            minimum=0,
            maximum=1,
        ),
        Column("emotion_model", STRING, "Name and version; null where no model speaks it."),
        Column("intents", STRINGS, "What the author wants; null where not known.", allowed=INTENTS),
        Column(
            "intent_evidence",
            pa.list_(EVIDENCE),
            "Why each intent: a rule with its words, or a model by name with its probability.",
        ),
        Column("intents_model", STRING, "Names and versions of the rules and of the models."),
        Column("is_urgent", BOOLEAN, "Whether it says it cannot wait; null where not known."),
        Column("urgency_evidence", STRINGS, "The words that say so."),
        Column("urgency_model", STRING, "Name and version; null where no rules speak it."),
        Column(
            "answer_score",
            NUMBER,
            "Probability that it tells what to do or how something is, as an answer does.",
            minimum=0,
            maximum=1,
        ),
        Column("answer_model", STRING, "Name and version; null where no model speaks it."),
        Column(
            "entities",
            pa.list_(ENTITY),
            "Named things, as offsets in text_masked; canonical is the name in the catalogue.",
        ),
        Column("entities_model", STRING, "Name and version; null where no model speaks it."),
        Column(
            "aspects",
            pa.list_(ASPECT),
            "Products, brands and services that the feeling is about, each with its own.",
        ),
        Column("aspects_model", STRING, "Names and versions; null where no model speaks it."),
        Column("is_spam", BOOLEAN, "Whether it is spam; null where no model speaks it."),
        Column(
            "spam_score",
            NUMBER,
            "Probability of spam by the model alone, before signs are asked for.",
            minimum=0,
            maximum=1,
        ),
        Column("spam_evidence", pa.list_(SIGN), "Signs of promotion, with their words."),
        Column("spam_model", STRING, "Name and version; null where no model speaks it."),
        Column("is_insult", BOOLEAN, "Whether it insults or threatens; null where not known."),
        Column(
            "toxicity_score",
            NUMBER,
            "Weight of insults and threats in it by rules; an order, not a probability.",
            minimum=0,
            maximum=1,
        ),
        Column("toxicity_evidence", pa.list_(OFFENCE), "Words of contempt, with their kind."),
        Column("toxicity_model", STRING, "Name and version; null where no rules speak it."),
        Column(
            "key_phrases",
            STRINGS,
            "Phrases that may tell what it is about, in lower case, the first ones of it; null "
            "where its language has no list of stop words here.",
        ),
        Column(
            "near_duplicate_bands",
            STRINGS,
            "Texts that share bands are nearly alike; null for texts of few words.",
        ),
        Column(
            "sentence_vector",
            BYTES,
            "512 signed bytes, the multilingual sentence vector; null where no model speaks it.",
        ),
        Column(
            "failed_components",
            STRINGS,
            "Parts of the pipeline that broke on the text, whose columns are therefore null; "
            "null where none did.",
        ),
    ),
)

TOPIC_REASONS = ("about_topic", "no_language", "in_context", "by_brand", "too_short", "no_topic")
"""Why a text has its topic, or none. Texts that only make sense in their conversation, greetings
and links have none of their own rather than a wrong one."""

TEXT_TOPICS = Table(
    "text_topics",
    "one distinct text",
    ("text_key",),
    (
        Column("text_key", STRING, "Hash of the text as delivered.", required=True),
        Column("topic_id", STRING, "Topic of the text; null where it has none of its own."),
        Column(
            "topic_score",
            NUMBER,
            "Cosine of the text to the nearest topic's centre; null where it was not compared.",
            minimum=-1.001,
            maximum=1.001,
        ),
        Column("topic_reason", STRING, "Why it is so.", required=True, allowed=TOPIC_REASONS),
        Column("seen_run", INTEGER, "First run of the topic job that saw it.", required=True),
    ),
)

TOPICS = Table(
    "topics",
    "one topic, kept for ever under its id",
    ("topic_id",),
    (
        Column("topic_id", STRING, "Hash of the texts that founded it.", required=True),
        Column("label", STRING, "Its most distinguishing phrases.", required=True),
        Column("phrases_fr", STRINGS, "Distinguishing phrases in French, the clearest first."),
        Column("phrases_en", STRINGS, "Distinguishing phrases in English, the clearest first."),
        Column("founded_run", INTEGER, "Run that found it.", required=True, minimum=1),
        Column("founding_texts_count", INTEGER, "Texts of its group.", required=True, minimum=1),
        Column("texts_count", INTEGER, "Distinct texts about it.", required=True, minimum=0),
        Column("mean_score", NUMBER, "Mean cosine of its texts to its centre.", minimum=0),
        Column("topics_version", STRING, "Version of what finds topics.", required=True),
        Column("centre", BYTES, "Its place in the topic space, float32.", required=True),
    ),
)

TABLES = {table.name: table for table in (TEXT_ANNOTATIONS, TEXT_TOPICS, TOPICS)}
