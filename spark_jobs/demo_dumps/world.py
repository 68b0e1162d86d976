"""The world while it is running: ids, the posts waiting for their day, what truth hears of.

Posts are published in any order and taken out one day at a time, so that memory holds the posts
of a few days and of the conversations they belong to, not of the whole period.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import DAY, HOUR, local
from spark_jobs.demo_dumps.population import Population
from spark_jobs.demo_dumps.records import Account, Message, Post

_SNOWFLAKE_EPOCH = 1_288_834_974_657
_SEQUENCE = 1 << 22
_CRISIS_LOAD = 5.0
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """A number as Reddit writes ids."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


class Ids:
    """Ids as each source gives them, none twice."""

    def __init__(self) -> None:
        self._sequence = 0
        self._care = 2_000_000
        self._reddit = 60_000_000_000

    def x(self, created_at: int) -> str:
        """A snowflake: milliseconds since the platform's epoch, then a sequence of 22 bits."""
        self._sequence += 1
        milliseconds = created_at * 1000 + self._sequence * 37 % 1000 - _SNOWFLAKE_EPOCH
        return str(milliseconds * _SEQUENCE + self._sequence % _SEQUENCE)

    def care(self) -> str:
        """The next number of the customer-care table."""
        self._care += 1
        return str(self._care)

    def reddit(self, prefix: str) -> str:
        """A full name: ``t1_`` for comments, ``t3_`` for submissions."""
        self._reddit += 7
        return f"{prefix}_{base36(self._reddit)}"


@dataclass(frozen=True, slots=True)
class Help:
    """One customer answered another's question."""

    question: Post
    answer: Post
    is_thanked: bool
    is_accepted: bool


@dataclass
class World:
    """Everything that episodes share. ``start`` and ``end`` are moments; ``end`` is excluded."""

    seed: int
    start: int
    end: int
    population: Population
    ids: Ids = field(default_factory=Ids)
    helps: list[Help] = field(default_factory=list)
    crisis_hours: Counter[int] = field(default_factory=Counter)
    crisis_window: range = range(0)
    """Moments during which the crisis keeps support busy."""
    published_counts: dict[str, int] = field(default_factory=dict)
    crisis_counts: dict[str, int] = field(default_factory=dict)
    _days: dict[int, list[Post]] = field(default_factory=dict)

    def crisis(self, post: Post) -> None:
        """Note that a post is of the crisis."""
        post.is_crisis = True
        self.crisis_hours[post.created_at // HOUR] += 1
        self.crisis_counts[post.source] = self.crisis_counts.get(post.source, 0) + 1

    def load(self, brand: str, moment: int) -> float:
        """How many times longer than usual a brand takes to answer what is asked then."""
        return _CRISIS_LOAD if brand == company.ONDEA and moment in self.crisis_window else 1.0

    def crisis_peak(self) -> int:
        """When the busiest hour of the crisis began."""
        return max(self.crisis_hours, key=self.crisis_hours.__getitem__) * HOUR

    def ordinary_count(self, source: str) -> int:
        """Posts of a source so far, without those of the crisis."""
        return self.published_counts.get(source, 0) - self.crisis_counts.get(source, 0)

    def new_id(self, source: str, created_at: int, *, is_submission: bool = False) -> str:
        """An id for a post of that source."""
        if source == "x":
            return self.ids.x(created_at)
        if source == "customer_care":
            return self.ids.care()
        return self.ids.reddit("t3" if is_submission else "t1")

    def publish(
        self,
        author: Account,
        created_at: int,
        message: Message,
        kind: str,
        *,
        parent: Post | None = None,
        repost_of: Post | None = None,
        quoted: Post | None = None,
        title: str = "",
        section: str = "",
        language: str = "",
    ) -> Post | None:
        """Publish a post; None where that would be after the end, which is then never written."""
        if created_at >= self.end:
            return None
        source = author.source
        post = Post(
            source=source,
            post_id=self.new_id(source, created_at, is_submission=bool(title)),
            author=author,
            created_at=created_at,
            message=message,
            language=language or author.language,
            kind=kind,
            parent=parent,
            root=(parent.root or parent) if parent else None,
            repost_of=repost_of,
            quoted=quoted,
            title=title,
            section=section or (parent.section if parent else ""),
            is_inbound=author.brand is None,
        )
        if parent is not None:
            parent.replies.append(post)
        if repost_of is not None:
            insort(repost_of.reposted_at, created_at)
        if quoted is not None:
            quoted.quotes_count += 1
        self._days.setdefault(local(created_at) // DAY, []).append(post)
        self.published_counts[source] = self.published_counts.get(source, 0) + 1
        return post

    def take(self, day: int) -> list[Post]:
        """The posts of one local day, in the order of their times; they leave the world."""
        posts = self._days.pop(day, [])
        posts.sort(key=lambda post: (post.created_at, post.post_id))
        return posts
