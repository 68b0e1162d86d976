"""X API v2 response pages, as twarc2 collects them: one page a line, a file for each ISO week.

Pages hold the posts of some hours, newest first, with the users and the referenced posts they
expand to, each with its metrics at the time of retrieval. An edit is a new post with the history
of its ids. Deletions come as compliance events in files of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from spark_jobs.demo_dumps.clock import HOUR, MINUTE
from spark_jobs.demo_dumps.deliveries.files import Delivery, Faults
from spark_jobs.demo_dumps.records import Account, Post
from spark_jobs.demo_dumps.streams import stream
from spark_jobs.demo_dumps.world import World, base36

SOURCE = "x"
_TOKEN = re.compile(r"(?P<url>https?://\S+)|(?<!\w)@(?P<name>\w{1,15})\b|(?<!\w)#(?P<tag>\w+)")
_CLIENTS = ("Twitter for iPhone", "Twitter for Android", "Twitter Web App", "TweetDeck")
_KINDS = (
    "truncated_json",
    "impossible_date",
    "not_utf8",
    "wrong_type",
    "not_json",
    "unknown_object",
)
_encode = msgspec.json.Encoder().encode


def stamp(moment: int) -> str:
    """A moment as the API writes it."""
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _display(url: str) -> str:
    shown = url.split("://", 1)[1]
    return shown if len(shown) <= 26 else shown[:26] + "…"


class XPages:
    """Writes the X source, one day after the other."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._source = stream(world.seed, "delivery:x")
        self._faults = Faults(_KINDS, 0.0016)
        self._handles = {
            account.handle.lower(): account
            for account in world.population.accounts
            if account.source == SOURCE
        }
        self._last_retrieval = 0
        self._edits: list[Post] = []
        self._first_file = ""
        self.clean_file = ""
        """A file without faults, which can be delivered again."""

    def day(self, day_moment: int, posts: Sequence[Post], next_day: int) -> None:
        """Write the posts of a day, and the edits that fall before ``next_day``."""
        iso = datetime.fromtimestamp(day_moment, tz=UTC).isocalendar()
        file = f"x/ondea_brindille_{iso.year}-W{iso.week:02d}.jsonl"
        self._first_file = self._first_file or file
        if not self.clean_file and posts and file != self._first_file:
            self.clean_file = file
        entries = [(post.created_at, post, False) for post in posts]
        self._edits.extend(post for post in posts if post.edited_at)
        entries.extend(
            (post.edited_at, post, True) for post in self._edits if post.edited_at < next_day
        )
        self._edits = [post for post in self._edits if post.edited_at >= next_day]
        entries.sort(key=lambda entry: (entry[0], entry[1].post_id, entry[2]))
        position = 0
        while position < len(entries):
            size = 40 + int(self._source.random() * 61)
            self._page(file, entries[position : position + size])
            position += size
        if file != self.clean_file and (self.clean_file or file == self._first_file):
            for kind in self._faults.due(len(posts)):
                self._broken(file, kind, day_moment)

    def _page(self, file: str, entries: Sequence[tuple[int, Post, bool]]) -> None:
        retrieved_at = max(
            entries[-1][0] + 3 * MINUTE + int(self._source.random() * 2 * HOUR),
            self._last_retrieval + 1,
        )
        self._last_retrieval = retrieved_at
        data = [
            self._tweet(post, retrieved_at, as_edit=as_edit)
            for _, post, as_edit in reversed(entries)
        ]
        delivered = {tweet["id"] for tweet in data}
        referenced: dict[str, Post] = {}
        users: dict[str, Account] = {}
        for _, post, _ in reversed(entries):
            users[post.author.account_id] = post.author
            for other in (post.parent, post.repost_of, post.quoted):
                if other is not None:
                    referenced[other.post_id] = other
                    users[other.author.account_id] = other.author
        tweets = [self._tweet(post, retrieved_at) for post in referenced.values()]
        duplicates = sum(post_id in delivered for post_id in referenced)
        page: dict[str, Any] = {
            "data": data,
            "includes": {"users": [self._user(account) for account in users.values()]},
        }
        if tweets:
            page["includes"]["tweets"] = tweets
        errors = self._errors() if file != self.clean_file else []
        if errors:
            page["errors"] = errors
        page["meta"] = {
            "newest_id": data[0]["id"],
            "oldest_id": data[-1]["id"],
            "result_count": len(data),
            "next_token": base36(int(self._source.random() * 36**20)),
        }
        self._sign(page, retrieved_at)
        line = _encode(page)
        records = len(data) + len(users) + len(tweets)
        position = self._delivery.accepted(
            SOURCE, file, line, records=records, duplicates=duplicates
        )
        for _ in errors:
            self._delivery.fault(SOURCE, file, position, "source_error")
        if not errors and self._source.random() < 0.01:
            self._delivery.repeated(SOURCE, file, line, records=records)

    def _sign(self, page: dict[str, Any], retrieved_at: int) -> None:
        retrieved = datetime.fromtimestamp(retrieved_at, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        page["__twarc"] = {
            "url": "https://api.twitter.com/2/tweets/search/recent?query=demo&max_results=100",
            "version": "2.14.0",
            "retrieved_at": retrieved,
        }

    def _errors(self) -> list[dict[str, str]]:
        """What the API says could not be found, on some pages."""
        if self._source.random() > 0.08:
            return []
        missing = self._world.ids.x(self._world.start - int(self._source.random() * 10**7))
        return [
            {
                "value": missing,
                "detail": f"Could not find tweet with referenced_tweets.id: [{missing}].",
                "title": "Not Found Error",
                "resource_type": "tweet",
                "parameter": "referenced_tweets.id",
                "resource_id": missing,
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
        ]

    def _entities(self, post: Post, text: str) -> dict[str, Any]:
        entities: dict[str, list[dict[str, Any]]] = {}
        for token in _TOKEN.finditer(text):
            span = {"start": token.start(), "end": token.end()}
            if token["url"]:
                expanded = post.link or token["url"]
                entities.setdefault("urls", []).append(
                    {
                        **span,
                        "url": token["url"],
                        "expanded_url": expanded,
                        "display_url": _display(expanded),
                    }
                )
            elif token["name"]:
                known = self._handles.get(token["name"].lower())
                mention = {**span, "username": token["name"]}
                if known is not None:
                    mention["id"] = known.account_id
                entities.setdefault("mentions", []).append(mention)
            else:
                entities.setdefault("hashtags", []).append({**span, "tag": token["tag"]})
        return entities

    def _tweet(self, post: Post, retrieved_at: int, *, as_edit: bool = False) -> dict[str, Any]:
        """A tweet object as of its retrieval."""
        tweet_id = post.edit_id if as_edit else post.post_id
        text = post.edited_text if as_edit else post.message.text
        if post.link:
            text = f"{text} https://t.co/{base36(int(post.post_id) % 36**10)}"
        age = max(retrieved_at - post.created_at, 0)
        tweet: dict[str, Any] = {
            "id": tweet_id,
            "text": text,
            "author_id": post.author.account_id,
            "created_at": stamp(post.edited_at if as_edit else post.created_at),
            "lang": post.language,
            "source": _CLIENTS[int(post.author.account_id) % len(_CLIENTS)],
            "conversation_id": (post.root or post).post_id,
            "reply_settings": "everyone",
            "possibly_sensitive": False,
            "edit_history_tweet_ids": [post.post_id, post.edit_id] if as_edit else [post.post_id],
            "edit_controls": {
                "edits_remaining": 4 if as_edit else 5,
                "is_edit_eligible": post.parent is None and post.repost_of is None,
                "editable_until": stamp(post.created_at + HOUR),
            },
            "public_metrics": {
                "retweet_count": bisect_right(post.reposted_at, retrieved_at),
                "reply_count": sum(reply.created_at <= retrieved_at for reply in post.replies),
                "like_count": int(post.likes * age / (age + 3 * HOUR)),
                "quote_count": post.quotes_count,
                "bookmark_count": 0,
                "impression_count": int(
                    (post.author.followers_count * 0.11 + post.likes * 23) * age / (age + 2 * HOUR)
                )
                if post.repost_of is None
                else 0,
            },
        }
        entities = self._entities(post, text)
        if entities:
            tweet["entities"] = entities
        references = [
            {"type": kind, "id": other.post_id}
            for kind, other in (
                ("replied_to", post.parent),
                ("retweeted", post.repost_of),
                ("quoted", post.quoted),
            )
            if other is not None
        ]
        if references:
            tweet["referenced_tweets"] = references
        if post.parent is not None:
            tweet["in_reply_to_user_id"] = post.parent.author.account_id
        return tweet

    def _user(self, account: Account) -> dict[str, Any]:
        user: dict[str, Any] = {
            "id": account.account_id,
            "name": account.display_name,
            "username": account.handle,
            "created_at": stamp(account.created_at),
            "description": account.description,
            "protected": False,
            "verified": account.brand is not None,
            "public_metrics": {
                "followers_count": account.followers_count,
                "following_count": account.following_count,
                "tweet_count": account.posts_count,
                "listed_count": account.followers_count // 180,
            },
            "profile_image_url": "https://img.example/default_normal.png",
        }
        if account.location:
            user["location"] = account.location
        return user

    def deletion(self, post: Post) -> None:
        """A compliance event: the post is gone."""
        month = datetime.fromtimestamp(post.deleted_at, tz=UTC)
        event = {
            "id": post.post_id,
            "action": "delete",
            "created_at": stamp(post.created_at),
            "reason": "deleted",
            "redacted_at": stamp(post.deleted_at),
        }
        self._delivery.accepted(SOURCE, f"x/compliance_{month:%Y-%m}.jsonl", _encode(event))

    def _broken(self, file: str, kind: str, moment: int) -> None:
        """A line with one broken record, of a post that nobody else delivers."""
        author = self._world.population.readers["x"].pick(self._source)
        created_at = moment + int(self._source.random() * HOUR)
        tweet: dict[str, Any] = {
            "id": self._world.ids.x(created_at),
            "text": "Très déçu, coupé à nouveau… ça fait longtemps déjà",
            "author_id": author.account_id,
            "created_at": stamp(created_at),
            "lang": "fr",
        }
        page: dict[str, Any] = {"data": [tweet], "includes": {"users": [self._user(author)]}}
        self._last_retrieval += 1
        self._sign(page, self._last_retrieval)
        beside = 0
        if kind == "impossible_date":
            tweet["created_at"] = "2026-13-45T25:61:00.000Z"
            beside = 1
        elif kind == "wrong_type":
            tweet["text"] = {"full": 12}
            beside = 1
        line = _encode(page)
        if kind == "truncated_json":
            line = line[: len(line) // 2]
        elif kind == "not_utf8":
            line = line.decode("utf-8").encode("cp1252", "replace")
        elif kind == "not_json":
            line = b"<html><title>503 Service Unavailable</title></html>"
        elif kind == "unknown_object":
            line = _encode({"weather": "rain", "degrees": 11})
        self._delivery.broken(SOURCE, file, line, kind, beside=beside)
