"""Reddit API objects, one per line, as in the public dumps: comments and submissions apart.

A file for each month. What is edited, deleted or grows is delivered again in a later snapshot
with the time at which it was retrieved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from spark_jobs.demo_dumps.clock import DAY, HOUR
from spark_jobs.demo_dumps.deliveries.files import Delivery, Faults
from spark_jobs.demo_dumps.names import plain
from spark_jobs.demo_dumps.records import Post
from spark_jobs.demo_dumps.streams import stream
from spark_jobs.demo_dumps.world import World

SOURCE = "reddit"
_KINDS = ("truncated_json", "wrong_type", "not_utf8", "impossible_date", "not_json")
_SNAPSHOT_DELAY = 4 * DAY
_encode = msgspec.json.Encoder().encode


def _escaped(text: str) -> str:
    """Text as the API escapes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class RedditLines:
    """Writes the Reddit source, one day after the other."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._source = stream(world.seed, "delivery:reddit")
        self._faults = Faults(_KINDS, 0.003)
        self._later: dict[int, list[Post]] = {}
        self.clean_file = ""
        """A file without faults, which can be delivered again."""

    def day(self, day: int, day_moment: int, posts: Sequence[Post]) -> None:
        """Write the posts of a day, and the later snapshots that fall on it."""
        month = datetime.fromtimestamp(day_moment, tz=UTC)
        comments = f"reddit/comments_{month:%Y-%m}.ndjson"
        submissions = f"reddit/submissions_{month:%Y-%m}.ndjson"
        if not self.clean_file and not all(post.title for post in posts):
            self.clean_file = comments
        for post in posts:
            file = submissions if post.title else comments
            retrieved_on = post.created_at + 1_800 + int(self._source.random() * 6 * HOUR)
            line = _encode(self._thing(post, retrieved_on, is_first=True))
            self._delivery.accepted(SOURCE, file, line)
            if self._source.random() < 0.003:
                self._delivery.repeated(SOURCE, file, line)
            grows = bool(post.title) and self._source.random() < 0.4
            if grows or post.edited_at or post.deleted_at or post.is_settled:
                self._later.setdefault(day + 4, []).append(post)
        for post in self._later.pop(day, ()):
            file = submissions if post.title else comments
            retrieved_on = max(post.created_at + _SNAPSHOT_DELAY, post.edited_at, post.deleted_at)
            line = _encode(self._thing(post, retrieved_on + HOUR, is_first=False))
            self._delivery.accepted(SOURCE, file, line)
        if self.clean_file and comments != self.clean_file:
            for kind in self._faults.due(len(posts)):
                self._broken(comments, kind, day_moment)

    def _thing(self, post: Post, retrieved_on: int, *, is_first: bool) -> dict[str, Any]:
        """A comment or a submission as of its retrieval."""
        is_deleted = bool(post.deleted_at) and not is_first
        is_edited = bool(post.edited_at) and not is_first
        text = post.edited_text if is_edited else post.message.text
        author = "[deleted]" if is_deleted else post.author.handle
        root = post.root or post
        age = max(retrieved_on - post.created_at, 0)
        score = (
            1
            + int(post.likes * age / (age + 5 * HOUR))
            - (3 if post.is_spam and not is_first else 0)
        )
        thing: dict[str, Any] = {
            "id": post.post_id[3:],
            "name": post.post_id,
            "subreddit": post.section,
            "subreddit_id": f"t5_{post.section.replace('_', '')[:6]}",
            "subreddit_name_prefixed": f"r/{post.section}",
            "author": author,
            "author_flair_text": None,
            "score": score,
            "ups": max(score, 0),
            "downs": 0,
            "gilded": 0,
            "distinguished": None,
            "stickied": False,
            "archived": False,
            "edited": float(post.edited_at) if is_edited else False,
            "created_utc": float(post.created_at),
            "retrieved_on": retrieved_on,
        }
        if not is_deleted:
            thing["author_fullname"] = "t2_" + plain(author)[:9]
        slug = plain(root.title)[:24] or "post"
        permalink = f"/r/{post.section}/comments/{root.post_id[3:]}/{slug}/"
        if post.title:
            thing.update(
                title=_escaped(post.title),
                selftext="[deleted]" if is_deleted else _escaped(text),
                is_self=True,
                over_18=False,
                locked=False,
                spoiler=False,
                domain=f"self.{post.section}",
                url=f"https://www.reddit.com{permalink}",
                permalink=permalink,
                num_comments=self._comments(post, retrieved_on),
                link_flair_text=("Résolu" if post.language == "fr" else "Solved")
                if post.is_settled and not is_first
                else None,
            )
        else:
            parent = post.parent or root
            thing.update(
                body="[deleted]" if is_deleted else _escaped(text),
                link_id=root.post_id,
                parent_id=parent.post_id,
                is_submitter=post.author is root.author and not is_deleted,
                controversiality=0,
                permalink=f"{permalink}{post.post_id[3:]}/",
            )
        return thing

    def _comments(self, post: Post, moment: int) -> int:
        """Comments anywhere below a submission, up to that moment."""
        moments = []
        waiting = list(post.replies)
        while waiting:
            reply = waiting.pop()
            moments.append(reply.created_at)
            waiting.extend(reply.replies)
        moments.sort()
        return bisect_right(moments, moment)

    def _broken(self, file: str, kind: str, moment: int) -> None:
        """A broken line of a comment that nobody else delivers."""
        fullname = self._world.ids.reddit("t1")
        comment: dict[str, Any] = {
            "id": fullname[3:],
            "name": fullname,
            "subreddit": "operateurs_fr",
            "author": "[deleted]",
            "body": "Pareil ici, ça coupe à répétition",
            "link_id": "t3_" + fullname[3:],
            "parent_id": "t3_" + fullname[3:],
            "score": 1,
            "edited": False,
            "created_utc": float(moment),
            "retrieved_on": moment + HOUR,
        }
        if kind == "wrong_type":
            comment["created_utc"] = "yesterday"
        elif kind == "impossible_date":
            comment["created_utc"] = 99_999_999_999.0
        line = _encode(comment)
        if kind == "truncated_json":
            line = line[: len(line) * 2 // 3]
        elif kind == "not_utf8":
            line = line.decode("utf-8").encode("cp1252")
        elif kind == "not_json":
            line = b"Too Many Requests"
        self._delivery.broken(SOURCE, file, line, kind)
