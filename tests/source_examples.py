"""One example for each shipped source: how its records look, whole and broken.

A source that ships without an example here fails the gates' tests. All texts, names and numbers
are our own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """Files of one source: ``good`` and ``bad`` write record ``number``, ``head`` opens a file.

    ``table`` and ``field`` name a required value of what a record becomes.
    """

    file: str
    good: Callable[[int], str]
    bad: Callable[[int], str]
    table: str
    field: str
    head: str = ""
    tail: str = ""

    def content(self, good: int, bad: int = 0) -> str:
        """A file with that many records of each kind."""
        lines = [
            *([self.head] if self.head else []),
            *(self.good(number) for number in range(good)),
            *(self.bad(number) for number in range(good, good + bad)),
            *([self.tail] if self.tail else []),
        ]
        return "\n".join(lines) + "\n"


def _lines(
    file: str, record: Callable[[int], dict[str, Any]], spoilt: dict[str, Any], table: str = "posts"
) -> Example:
    return Example(
        file,
        good=lambda number: json.dumps(record(number)),
        bad=lambda number: json.dumps({**record(number), **spoilt}),
        table=table,
        field="post_id",
    )


def _rows(
    file: str, record: dict[str, str], identity: str, spoilt: dict[str, str], table: str, field: str
) -> Example:
    def row(number: int, changes: dict[str, str]) -> str:
        return ",".join({**record, identity: f"{number + 1}", **changes}.values())

    return Example(
        file,
        good=lambda number: row(number, {}),
        bad=lambda number: row(number, spoilt),
        table=table,
        field=field,
        head=",".join(record),
    )


def _x(number: int) -> dict[str, Any]:
    return {
        "id": str(1_500_000_000_000_000_000 + number),
        "text": f"@Brindille parcel {number} is late #Retard",
        "author_id": str(70 + number % 9),
        "created_at": "2024-05-01T08:30:00.000Z",
        "conversation_id": "1500000000000000000",
        "public_metrics": {"like_count": 1, "retweet_count": 0, "reply_count": 2},
        "lang": "en",
    }


def _x_v1(number: int) -> dict[str, Any]:
    return {
        "id": 900_000_000_000_000_000 + number,
        "id_str": str(900_000_000_000_000_000 + number),
        "created_at": "Tue Oct 31 22:10:47 +0000 2017",
        "text": f"look, number {number}",
        "user": {"id": 11 + number, "id_str": str(11 + number), "screen_name": f"lise_{number}"},
        "favorite_count": 1,
        "retweet_count": 2,
    }


def reddit_comment(number: int) -> dict[str, Any]:
    return {
        "name": f"t1_{number}",
        "id": str(number),
        "author": "mireille",
        "body": f"message {number}",
        "subreddit": "jardin",
        "link_id": "t3_1",
        "parent_id": "t3_1",
        "score": 1,
        "created_utc": 1_780_000_000 + number,
        "edited": False,
    }


def _mastodon(number: int) -> dict[str, Any]:
    return {
        "id": str(100 + number),
        "created_at": "2024-05-01T08:30:00.000Z",
        "content": f"<p>Number {number}</p>",
        "visibility": "public",
        "favourites_count": 1,
        "account": {"id": str(11 + number), "acct": f"lise{number}@exemple.social"},
    }


def _hacker_news(number: int) -> dict[str, Any]:
    return {
        "id": 8_000 + number,
        "type": "comment",
        "by": "lise",
        "time": 1_780_000_000 + number,
        "text": f"Number {number}",
        "parent": 7_999,
    }


def _stackexchange(number: int, written: str = "2024-05-01T08:30:00.123") -> str:
    return (
        f'  <row Id="{4 + number}" PostTypeId="1" CreationDate="{written}" Score="1" '
        f'Title="Where?" Body="&lt;p&gt;Parcel {number}&lt;/p&gt;" OwnerUserId="7" />'
    )


def _discourse(number: int) -> dict[str, Any]:
    return {
        "id": 800 + number,
        "topic_id": 57,
        "post_number": 3 + number,
        "user_id": 12,
        "username": "Lise",
        "cooked": f"<p>Answer {number}</p>",
        "created_at": "2024-05-01T10:30:00.000Z",
        "updated_at": "2024-05-01T10:30:00.000Z",
        "version": 1,
    }


_FACEBOOK = {
    "id": "9_1",
    "created_time": "2024-05-01T08:30:00+0000",
    "message": "Bravo",
    "parent_id": "",
    "post_id": "9",
    "like_count": "1",
    "comment_count": "0",
    "is_private": "false",
    "from_id": "",
    "from_name": "",
}
_CARE = {
    "tweet_id": "1",
    "author_id": "900712",
    "inbound": "True",
    "created_at": "Tue Oct 31 22:10:47 +0000 2017",
    "text": "no answer",
    "response_tweet_id": "",
    "in_response_to_tweet_id": "",
}
_YOUTUBE = {
    "COMMENT_ID": "z1",
    "AUTHOR": "Lise",
    "DATE": "2013-11-07T06:20:48",
    "CONTENT": "first!",
}
_CUSTOMER = {
    "customer_id": "C-1",
    "first_name": "Ilse",
    "email": "ilse@exemple.fr",
    "phone": "01 99 00 12 34",
    "birth_date": "1987-02-28",
    "created_at": "2023-01-01 00:30:00",
    "updated_at": "2024-01-01T00:00:00Z",
    "is_deleted": "false",
}
_ORDER = {
    "order_id": "O-1",
    "customer_id": "C-1",
    "status": "shipped",
    "currency": "EUR",
    "total_amount": "12.50",
    "ordered_at": "2024-07-01 10:00:00",
}
_ORDER_LINE = {
    "order_id": "O-1",
    "line_id": "1",
    "product_id": "P-1",
    "product_name": "Lamp",
    "quantity": "2",
    "unit_amount": "10.00",
    "line_amount": "20.00",
    "currency": "EUR",
    "ordered_at": "2024-07-01 10:00:00",
    "updated_at": "",
}
_CONSENT = {
    "consent_id": "1",
    "customer_id": "C-1",
    "email": "",
    "phone": "",
    "purpose": "newsletter",
    "channel": "email",
    "is_granted": "true",
    "changed_at": "2024-07-01 10:00:00",
    "legal_basis": "",
    "origin": "web form",
}
_SURVEY = {
    "response_id": "R-1",
    "survey_id": "S-1",
    "customer_id": "C-1",
    "nps_score": "9",
    "comment": "fine",
    "answered_at": "2024-07-01 10:00:00",
}
_LOYALTY = {
    "movement_id": "M-1",
    "loyalty_card_id": "L-1",
    "movement_type": "earn",
    "points_count": "10",
    "moved_at": "2024-07-01 10:00:00",
}

_DECISION = {
    "decision_id": "D-1",
    "decision": "apart",
    "record_source": "crm",
    "record_id": "C-1",
    "other_record_source": "x",
    "other_record_id": "10",
    "author": "Lea",
    "decided_at": "2024-07-01 10:00:00",
}

EXAMPLES: dict[str, Example] = {
    "x": _lines("x/a.jsonl", _x, {"created_at": "never"}),
    "x_v1": _lines("x_v1/a.jsonl", _x_v1, {"created_at": "never"}),
    "reddit": _lines("reddit/a.ndjson", reddit_comment, {"created_utc": "never"}),
    "mastodon": _lines("mastodon/a.ndjson", _mastodon, {"created_at": "never"}),
    "discourse": _lines("discourse/a.json", _discourse, {"created_at": "never"}),
    "stackexchange": Example(
        "stackexchange/meta/Posts.xml",
        good=_stackexchange,
        bad=lambda number: _stackexchange(number, "never"),
        table="posts",
        field="post_id",
        head='<?xml version="1.0" encoding="utf-8"?>\n<posts>',
        tail="</posts>",
    ),
    "hacker_news": _lines("hacker_news/a.jsonl", _hacker_news, {"time": "never"}),
    "facebook": _rows(
        "facebook/a.csv", _FACEBOOK, "id", {"created_time": "never"}, "posts", "post_id"
    ),
    "customer_care": _rows(
        "customer_care/a.csv", _CARE, "tweet_id", {"created_at": "never"}, "posts", "post_id"
    ),
    "youtube": _rows(
        "youtube/a.csv", _YOUTUBE, "COMMENT_ID", {"DATE": "never"}, "posts", "post_id"
    ),
    "crm_customers": _rows(
        "crm/customers/a.csv",
        _CUSTOMER,
        "customer_id",
        {"birth_date": "never"},
        "customers",
        "customer_id",
    ),
    "crm_orders": _rows(
        "crm/orders/a.csv", _ORDER, "order_id", {"status": "lost"}, "orders", "order_id"
    ),
    "crm_order_lines": _rows(
        "crm/order_lines/a.csv",
        _ORDER_LINE,
        "line_id",
        {"quantity": "many"},
        "order_lines",
        "line_id",
    ),
    "crm_consents": _rows(
        "crm/consents/a.csv",
        _CONSENT,
        "consent_id",
        {"changed_at": "never"},
        "consents",
        "consent_id",
    ),
    "crm_identity_decisions": _rows(
        "crm/identity_decisions/a.csv",
        _DECISION,
        "decision_id",
        {"decision": "perhaps"},
        "identity_decisions",
        "decision_id",
    ),
    "crm_surveys": _rows(
        "crm/surveys/a.csv", _SURVEY, "response_id", {"nps_score": "99"}, "surveys", "response_id"
    ),
    "crm_loyalty": _rows(
        "crm/loyalty/a.csv",
        _LOYALTY,
        "movement_id",
        {"points_count": "many"},
        "loyalty",
        "movement_id",
    ),
}
