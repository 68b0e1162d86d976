"""The lake of a small invented company, Lumora, that the tests of the marts know by heart."""

from __future__ import annotations

from datetime import date
from typing import Any

from lake import annotation

from spark_jobs.adapters.outcomes import text_key

Row = dict[str, Any]

HELP = {"author_id": "1", "author_handle": "Lumora_Help"}
BOT = {"author_id": "2", "author_handle": "lumora_bot"}
ANN = {"author_id": "10", "author_handle": "Ann"}
BEN = {"author_id": "11", "author_handle": "ben"}
CARA = {"author_id": "12", "author_handle": "cara"}


def _reply(post_id: str, to: str, account: str, created_at: str, text: str) -> Row:
    return {
        "post_id": post_id,
        "in_reply_to_post_id": to,
        "in_reply_to_account_id": account,
        "created_at": created_at,
        "text": text,
    }


X_POSTS: list[Row] = [
    {
        **ANN,
        "post_id": "100",
        "created_at": "2026-01-05 08:00",
        "text": "@lumora_help my Box-One is broken #Outage",
        "mentions": ["lumora_help"],
        "hashtags": ["outage"],
    },
    {**BOT, **_reply("101", "100", "10", "2026-01-05 08:00:10", "We have your message.")},
    {**HELP, **_reply("102", "100", "10", "2026-01-05 09:00", "Did you restart it?")},
    {**ANN, **_reply("103", "102", "1", "2026-01-05 09:30", "Thank you, it works")},
    {
        **ANN,
        "post_id": "104",
        "created_at": "2026-01-10 22:00",
        "text": "@lumora_help broken again",
        "mentions": ["lumora_help"],
    },
    {
        **BEN,
        "post_id": "105",
        "created_at": "2026-01-05 10:00",
        "text": "RT @Ann: @lumora_help my Box-One is broken",
        "repost_of_post_id": "100",
        "mentions": ["ann", "lumora_help"],
    },
    {
        **CARA,
        "post_id": "106",
        "created_at": "2026-01-05 11:00",
        "text": "Look at this",
        "quoted_post_id": "100",
    },
    # An edit with an id of its own, and a reply that was written to the edit.
    {**BEN, "post_id": "200", "created_at": "2026-01-06 10:00", "text": "Frist"},
    {
        **BEN,
        "post_id": "201",
        "edit_of_post_id": "200",
        "created_at": "2026-01-06 10:10",
        "edited_at": "2026-01-06 10:10",
        "text": "First",
    },
    {**CARA, **_reply("202", "201", "11", "2026-01-06 11:00", "Well done")},
    # Read twice, then taken away.
    {
        **CARA,
        "post_id": "300",
        "created_at": "2026-01-07 10:00",
        "received_at": "2026-01-07 11:00",
        "text": "I regret this",
        "like_count": 1,
    },
    {
        **CARA,
        "post_id": "300",
        "created_at": "2026-01-07 10:00",
        "received_at": "2026-01-07 12:00",
        "text": "I regret this",
        "like_count": 5,
    },
    # A reply to what was never captured.
    {**CARA, **_reply("400", "399", "99", "2026-01-08 10:00", "Indeed")},
]

_FORUM = {"source": "reddit", "channel": "reddit", "section": "lumora", "thread_id": "t3_1"}
FORUM_POSTS: list[Row] = [
    {
        **_FORUM,
        "post_id": "t3_1",
        "author_id": "dora",
        "author_handle": "dora",
        "created_at": "2026-01-05 10:00",
        "text": "How do I open the box?",
    },
    {
        **_FORUM,
        "post_id": "t1_1",
        "author_id": "emil",
        "author_handle": "emil",
        "in_reply_to_post_id": "t3_1",
        "created_at": "2026-01-05 10:30",
        "text": "Press the lid",
    },
    {
        **_FORUM,
        "post_id": "t1_2",
        "author_id": "dora",
        "author_handle": "dora",
        "in_reply_to_post_id": "t1_1",
        "created_at": "2026-01-05 11:00",
        "text": "Thanks a lot",
    },
    # The author closed the account.
    {
        **_FORUM,
        "post_id": "t1_3",
        "in_reply_to_post_id": "t3_1",
        "created_at": "2026-01-05 12:00",
        "is_deleted": True,
    },
]

CRM: dict[str, list[Row]] = {
    "customers": [
        {
            "customer_id": "C1",
            "first_name": "Anna",
            "last_name": "Vale",
            "email": "anna.vale@mail.example",
            "email_key": "mail-1",
            "phone": "+33 1 99 00 11 22",
            "phone_key": "phone-1",
            "street": "7 Rue Inventée",
            "city": "Montbrison-sur-Lune",
            "postal_code": "99123",
            "country": "FR",
            "loyalty_card_id": "card-1",
            "handles": ["x:ann"],
            "created_at": "2025-06-01",
        },
        {
            "customer_id": "C2",
            "email": "Anna.Vale@mail.example",
            "email_key": "mail-1",
            "first_name": "A.",
            "created_at": "2025-07-01",
        },
        {"customer_id": "C3", "handles": ["reddit:Emil", "x:lumora_help", "x:nobody"]},
        {
            "customer_id": "C4",
            "first_name": "Gone 0199001125",
            "handles": ["x:ben"],
            "is_deleted": True,
        },
        *({"customer_id": f"D{number}", "email_key": "office"} for number in range(6)),
    ],
    "orders": [
        {
            "order_id": "O1",
            "customer_id": "C1",
            "total_amount": "20.00",
            "ordered_at": "2026-01-02",
            "updated_at": "2026-01-03",
        },
        {
            "order_id": "O1",
            "customer_id": "C1",
            "total_amount": "25.00",
            "ordered_at": "2026-01-02",
            "updated_at": "2026-01-04",
        },
        {
            "order_id": "O2",
            "email": "anna.vale@mail.example",
            "email_key": "mail-1",
            "total_amount": "10.50",
            "ordered_at": "2026-01-09",
        },
        {
            "order_id": "O3",
            "email_key": "stranger",
            "total_amount": "1",
            "ordered_at": "2026-01-02",
        },
        {"order_id": "O4", "customer_id": "C9", "total_amount": "2", "ordered_at": "2026-01-02"},
        {
            "order_id": "O5",
            "customer_id": "C1",
            "status": "cancelled",
            "total_amount": "99",
            "ordered_at": "2026-01-20",
        },
        {
            "order_id": "O6",
            "customer_id": "C1",
            "currency": "USD",
            "total_amount": "50",
            "ordered_at": "2026-01-05",
        },
        {"order_id": "O7", "email_key": "office", "total_amount": "3", "ordered_at": "2026-01-02"},
        {
            "order_id": "O8",
            "email_key": "stranger",
            "currency": "CHF",
            "total_amount": "-10",
            "ordered_at": "2026-01-06",
        },
    ],
    "order_lines": [
        {
            "order_id": "O1",
            "line_id": "1",
            "product_id": "P1",
            "quantity": 2.0,
            "unit_amount": "12.50",
            "line_amount": "25.00",
            "ordered_at": "2026-01-02",
        },
        {"order_id": "O1", "line_id": "2", "line_amount": "20.00", "ordered_at": "2026-01-01"},
        {"order_id": "O2", "line_id": "1", "line_amount": "10.50"},
        {"order_id": "O99", "line_id": "1", "line_amount": "4.00", "file": "lines.csv"},
    ],
    "consents": [
        {
            "consent_id": "K1",
            "customer_id": "C1",
            "email": "anna.vale@mail.example",
            "email_key": "mail-1",
            "contact_channel": "email",
            "changed_at": "2026-01-02",
        },
        {
            "consent_id": "K1",
            "customer_id": "C1",
            "email_key": "mail-1",
            "contact_channel": "email",
            "is_granted": False,
            "changed_at": "2026-01-20",
        },
        # Another record of the same person agrees to what the first one withdrew.
        {
            "consent_id": "K2",
            "customer_id": "C2",
            "contact_channel": "email",
            "changed_at": "2026-01-25",
        },
        *(
            {"purpose": "offers", "changed_at": "2026-01-03", **row}
            for row in (
                {"consent_id": "K3", "customer_id": "C2", "contact_channel": "sms"},
                {"consent_id": "K4", "customer_id": "C1", "contact_channel": "post"},
                {"consent_id": "K5", "email_key": "mail-1", "contact_channel": "email"},
                {"consent_id": "K6", "email_key": "stranger", "contact_channel": "email"},
                {"consent_id": "K7", "customer_id": "D1", "contact_channel": "email"},
                {"consent_id": "K8", "customer_id": "C4", "contact_channel": "email"},
            )
        ),
    ],
    "surveys": [
        {"response_id": "S1", "customer_id": "C1", "nps_score": 3, "answered_at": "2026-01-06"},
        {
            "response_id": "S2",
            "customer_id": "C2",
            "order_id": "O1",
            "nps_score": 9,
            "text": "Better now",
            "answered_at": "2026-01-12",
        },
    ],
    "loyalty": [
        {
            "movement_id": "L1",
            "loyalty_card_id": "card-1",
            "points_count": 100,
            "moved_at": "2026-01-02",
        },
        {
            "movement_id": "L2",
            "loyalty_card_id": "card-1",
            "customer_id": "C1",
            "movement_type": "redeem",
            "points_count": -30,
            "moved_at": "2026-01-12",
        },
    ],
}

CONFIGURATION: dict[str, list[Row]] = {
    "currency_rates": [{"currency": "CHF", "rate": "1.0705"}],
    "brands": [
        {"brand": "Lumora", "products": ["Box One", "Lamp"]},
        {"brand": "Rival", "is_competitor": True},
    ],
    "brand_accounts": [
        {"source": "x", "account": "lumora_help", "brand": "Lumora", "department": "support"},
        {"source": "x", "account": "2", "brand": "Lumora", "is_automated": True},
    ],
    "employees": [
        {"source": "x", "account": "cara", "brand": "Lumora"},
        {"source": "crm", "account": "d5", "brand": "Lumora"},
        {"source": "x", "account": "nobody", "brand": "Lumora"},
    ],
}


def named_product(text: str, product: str, start: int) -> Row:
    """A name of the catalogue that stands in a text, as silver has it."""
    return {
        "text": text,
        "label": "product",
        "start": start,
        "end": start + len(text),
        "canonical": product,
        "origin": "catalogue",
    }


ANNOTATIONS: list[Row] = [
    annotation(
        "@lumora_help my Box-One is broken #Outage",
        language="en",
        sentiment_label="negative",
        sentiment_score=0.9,
        intents=["problem_report", "complaint"],
        entities=[named_product("Box-One", "Box One", start=16)],
        key_phrases=["box", "broken"],
        aspects=[
            {
                "aspect": "Box One",
                "text": "Box-One",
                "start": 16,
                "end": 23,
                "sentiment_label": "negative",
                "sentiment_score": 0.9,
                "evidence": "my Box-One is broken",
            },
            {
                "aspect": "network",
                "text": "Outage",
                "start": 35,
                "end": 41,
                "sentiment_label": "negative",
                "sentiment_score": 0.9,
                "evidence": "my Box-One is broken",
            },
        ],
    ),
    annotation(
        "RT @Ann: @lumora_help my Box-One is broken",
        entities=[named_product("Box-One", "Box One", start=25)],
    ),
    annotation(
        "Thank you, it works",
        language="en",
        sentiment_label="positive",
        sentiment_score=0.8,
        intents=["thanks"],
        key_phrases=["works", "box"],
    ),
    annotation(
        "How do I open the box?",
        language="en",
        intents=["question"],
        key_phrases=["open", "box"],
    ),
    annotation("Thanks a lot", language="en", sentiment_label="positive", intents=["thanks"]),
    annotation("I regret this", language="en", sentiment_label="negative", intents=[]),
]

TOPIC = {
    "topic_id": "f0",
    "label": "broken box",
    "phrases_fr": [],
    "phrases_en": ["broken box"],
    "founded_run": 1,
    "founding_texts_count": 20,
    "texts_count": 1,
    "topics_version": "t1",
    "centre": b"",
}
TEXT_TOPICS: list[Row] = [
    {
        "text_key": text_key("@lumora_help my Box-One is broken #Outage"),
        "topic_id": "f0",
        "topic_score": 0.9,
        "topic_reason": "about_topic",
        "seen_run": 1,
    },
    {
        "text_key": text_key("Did you restart it?"),
        "topic_reason": "by_brand",
        "seen_run": 1,
    },
]

CAPTURE: dict[str, list[Row]] = {
    "ledger": [
        {
            "source": "x",
            "file": "x/a.jsonl",
            "rows_read_count": 5,
            "rows_accepted_count": 3,
            "rows_duplicate_count": 1,
            "rows_quarantined_count": 1,
            "reasons": '{"not_json": 1}',
            "unmapped_fields": ["media", "poll"],
            "seconds": 0.5,
            "first_at": "2026-01-05 08:00",
        },
        # Arrived after the first, and holds older records.
        {
            "source": "x",
            "file": "x/b.jsonl",
            "content_hash": "01",
            "unmapped_fields": ["media"],
            "first_at": "2026-01-04 08:00",
            "captured_at": "2026-02-01",
        },
        {
            "source": "x",
            "file": "x/b_again.jsonl",
            "content_hash": "01",
            "duplicate_of_file": "x/b.jsonl",
            "captured_at": "2026-02-02",
        },
    ],
    "quarantine": [
        {
            "source": "x",
            "file": "x/a.jsonl",
            "position": position,
            "reason": "not_json",
            "raw": "{broken, call +33 1 99 00 11 22",
            "raw_excerpt": "{xxxxxx",
        }
        for position in range(1, 31)
    ],
}

TABLES: dict[str, list[Row]] = {
    **CRM,
    **CONFIGURATION,
    **CAPTURE,
    "posts": [*X_POSTS, *FORUM_POSTS],
    "accounts": [
        {"account_id": "10", "handle": "Ann", "display_name": "Ann V.", "followers_count": 7},
        {
            "account_id": "500",
            "handle": "lurker",
            "display_name": "Lou 2026, lou@mail.example, +33 (1) 99 00 11 23 or 01.99.00.11.24",
        },
    ],
    "interactions": [
        {"interaction_type": "deletion", "post_id": "300", "created_at": "2026-01-09 00:00"},
        {"interaction_type": "badge", "account_id": "10", "created_at": "2026-01-09 00:00"},
        {"interaction_type": "deletion_vote", "post_id": "100", "created_date": date(2026, 1, 9)},
    ],
    "text_annotations": ANNOTATIONS,
    "topics": [TOPIC],
    "text_topics": TEXT_TOPICS,
}
