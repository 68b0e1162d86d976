"""A small published warehouse, made by hand, with known answers to every query of the library.

Lumio sells lamps. Ana, Ben, Cleo and Dan talk to it and to one another on x; Ana is on reddit
too; a program answers as robot. All are invented.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Rows = dict[str, list[dict[str, Any]]]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026, whose second day is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def account(handle: str, **more: Any) -> dict[str, Any]:
    """An account on x that belongs to the person of the same name."""
    return {
        "account_key": f"a-{handle}",
        "source": "x",
        "channel": "x",
        "account_id": f"id-{handle}",
        "handle": handle,
        "display_name": handle.title(),
        "is_brand": False,
        "is_automated": False,
        "customer_key": f"c-{handle}",
        "posts_count": 1,
    } | more


def post(post_id: str, author: str | None, when: datetime, **more: Any) -> dict[str, Any]:
    """A public post on x with a text of its own."""
    return {
        "post_key": f"p-{post_id}",
        "source": "x",
        "channel": "x",
        "post_id": post_id,
        "account_key": None if author is None else f"a-{author}",
        "text": f"text of {post_id}",
        "is_question": False,
        "is_brand": False,
        "is_automated": False,
        "is_deleted": False,
        "is_repost": False,
        "versions_count": 1,
        "created_at": when,
        "file": "x/march.jsonl",
        "position": 1,
    } | more


def question(post_id: str, author: str, when: datetime, **more: Any) -> dict[str, Any]:
    """A post that asks."""
    return post(post_id, author, when, is_question=True, intents=["question"], **more)


def tie(start: str, end: str, weight: float, first: datetime, **more: Any) -> dict[str, Any]:
    """A weighted tie between two accounts."""
    return {
        "from_account_key": f"a-{start}",
        "to_account_key": f"a-{end}",
        "weight": weight,
        "interactions_count": int(weight),
        "first_at": first,
        "last_at": first,
    } | more


def sample_rows() -> Rows:
    """The rows of every table; a fresh copy, to be changed by tests."""
    return {
        "dim_brands": [
            {"brand_key": "b-lumio", "brand": "Lumio", "is_competitor": False},
            {"brand_key": "b-ardane", "brand": "Ardane", "is_competitor": True},
        ],
        "dim_customers": [
            _person(
                "ana",
                3,
                120.5,
                nps_score=4,
                positive=1,
                negative=2,
                customer_id="C1",
                segment="valued and unhappy",
                feeling_level="cold",
                lifetime_value_amount=80.0,
                churn_signals=["feeling", "words"],
                is_detractor=True,
            ),
            _person(
                "ben",
                1,
                20.0,
                nps_score=9,
                positive=2,
                negative=0,
                is_ambassador=True,
                segment="well-wisher",
                feeling_score=0.5,
                statements_count=3,
            ),
            _person("cleo", 2, 80.0, nps_score=6, positive=3, negative=0),
            _person("dan", 0, 0.0, nps_score=None, positive=0, negative=2),
            _person("eve", 0, 0.0, nps_score=None, positive=0, negative=0, is_employee=True),
            _person("robot", 0, 0.0, nps_score=None, positive=0, negative=0),
        ],
        "dim_accounts": [
            account("ana", page_rank_score=0.1, community_id="1", posts_count=5),
            account(
                "ana_r",
                source="reddit",
                channel="reddit",
                customer_key="c-ana",
                posts_count=2,
                page_rank_score=0.0,
            ),
            account("ben", page_rank_score=0.4, community_id="1", core_number=2),
            account("cleo", page_rank_score=0.3, community_id="2"),
            account("dan", page_rank_score=0.05, community_id="2"),
            account("robot", is_automated=True),
            account("eve", page_rank_score=0.9),
            account(
                "lumio",
                is_brand=True,
                brand="Lumio",
                department="support",
                customer_key=None,
                page_rank_score=0.15,
                community_id="1",
            ),
        ],
        "fct_posts": _posts(),
        "fct_conversations": [
            _conversation("k1", "ana", "q1", at(2, 19, 30), 1, 45_000.0, "negative", "positive"),
            _conversation("k2", "dan", "q3", at(4, 11), 0, None, "neutral", "negative"),
            # The brand wrote to somebody who wrote nothing.
            _conversation("k3", "ben", "r3", at(3, 12), 0, None, None, None)
            | {"turns_count": 0, "is_answered": None, "is_waiting": False},
        ],
        "dim_topics": [
            _topic("delivery", 5),
            _topic("app", 1),
        ],
        "bridge_post_topics": [
            {"post_key": "p-q1", "topic_key": "t-delivery"},
            {"post_key": "p-q3", "topic_key": "t-delivery"},
            {"post_key": "p-q4", "topic_key": "t-delivery"},
            {"post_key": "p-q2", "topic_key": "t-app"},
            {"post_key": "p-q5", "topic_key": "t-delivery"},
            {"post_key": "p-q6", "topic_key": "t-delivery"},
        ],
        "edge_accounts__replied_to": [
            tie("lumio", "ana", 1.0, at(3, 8)),
            tie("ana", "lumio", 3.0, at(3, 9)),
            tie("lumio", "cleo", 1.0, at(3, 12)),
            tie("ben", "cleo", 1.0, at(3, 10, 30)),
            tie("cleo", "ben", 2.0, at(3, 11)),
            tie("robot", "dan", 1.0, at(4, 11, 1)),
        ],
        "edge_accounts__mentioned": [tie("dan", "ana", 1.0, at(6, 10))],
        "edge_accounts__amplified": [
            tie("cleo", "ben", 1.0, at(5, 10)),
            tie("ana", "ben", 1.0, at(5, 12)),
            tie("dan", "cleo", 1.0, at(5, 11)),
        ],
        "edge_accounts__helped": [
            tie("ben", "cleo", 2.0, at(3, 10, 30), thanked_count=1),
            tie("cleo", "dan", 1.0, at(6, 9), thanked_count=0),
        ],
        "edge_accounts__influences": [
            tie("ben", "cleo", 1.5, at(5, 10), interactions_count=2),
            tie("ben", "ana", 1.0, at(5, 12)),
            tie("cleo", "dan", 1.0, at(5, 11)),
        ],
    }


def _posts() -> list[dict[str, Any]]:
    in_k1 = {"conversation_key": "k-k1"}
    return [
        question("q1", "ana", at(2, 19, 30), sentiment_label="negative", **in_k1),
        post("r1", "lumio", at(3, 8), in_reply_to_post_key="p-q1", is_brand=True, **in_k1),
        question("q2", "cleo", at(3, 10), sentiment_label="positive"),
        post("r2", "ben", at(3, 10, 30), in_reply_to_post_key="p-q2", is_peer_answer=True),
        post("r3", "lumio", at(3, 12), in_reply_to_post_key="p-q2", is_brand=True),
        post("t2", "cleo", at(3, 11), in_reply_to_post_key="p-r2", intents=["thanks"]),
        question("q3", "dan", at(4, 11), sentiment_label="neutral", conversation_key="k-k2"),
        post("r4", "robot", at(4, 11, 1), in_reply_to_post_key="p-q3", is_automated=True),
        post("c0", "ben", at(5, 9)),
        post("c1", "cleo", at(5, 10), repost_of_post_key="p-c0", is_repost=True),
        post("c2", "dan", at(5, 11), quoted_post_key="p-c1"),
        post("c3", "ana", at(5, 12), repost_of_post_key="p-c0", is_repost=True),
        post("o1", "ana", at(6, 8), in_reply_to_post_key="p-never-delivered"),
        post("d1", "dan", at(6, 9), is_deleted=True, text=None),
        # Its source gives a time that cannot be.
        post("u1", None, at(6, 10).replace(year=2199)),
        question("q4", "dan", at(7, 12), sentiment_label="negative"),
        # To repeat a question asks nothing, and its feeling is somebody else's.
        question("q5", "ben", at(7, 11), sentiment_label="negative", is_repost=True),
        question("q6", "eve", at(7, 11, 30), sentiment_label="negative", is_employee=True),
        # The first reply to the question, and no answer.
        post("r0", "dan", at(3, 10, 15), in_reply_to_post_key="p-q2"),
    ]


def _person(
    name: str, orders: int, amount: float, *, positive: int, negative: int, **more: Any
) -> dict[str, Any]:
    return {
        "customer_key": f"c-{name}",
        "is_known": "customer_id" in more,
        "display_name": name.title(),
        "channels": ["x"],
        "accounts_count": 1,
        "orders_count": orders,
        "orders_amount": amount,
        "positive_posts_count": positive,
        "negative_posts_count": negative,
    } | more


def _conversation(
    name: str,
    customer: str,
    first_post: str,
    started_at: datetime,
    answered_turns: int,
    first_response_seconds: float | None,
    first_sentiment: str | None,
    last_sentiment: str | None,
) -> dict[str, Any]:
    return {
        "conversation_key": f"k-{name}",
        "source": "x",
        "channel": "x",
        "account_key": f"a-{customer}",
        "brand_account_key": "a-lumio",
        "brand": "Lumio",
        "started_at": started_at,
        "last_message_at": started_at,
        "messages_count": 1 + answered_turns,
        "turns_count": 1,
        "answered_turns_count": answered_turns,
        "is_answered": answered_turns > 0,
        "is_waiting": answered_turns == 0,
        "first_response_seconds": first_response_seconds,
        "first_sentiment_label": first_sentiment,
        "last_sentiment_label": last_sentiment,
        "first_post_key": f"p-{first_post}",
        "is_public": True,
    }


def _topic(name: str, posts_count: int) -> dict[str, Any]:
    return {
        "topic_key": f"t-{name}",
        "topic_id": f"hashtag:{name}",
        "topic_kind": "hashtag",
        "label": name,
        "posts_count": posts_count,
    }
