"""Day after day: which episodes happen, so that each source gets its share of the posts.

How an episode goes is ``episodes``. Shares hold over the whole period to within one episode; what
the crisis adds comes on top of them and is about ``_CRISIS_TOTAL`` of all posts.
"""

from __future__ import annotations

from collections.abc import Callable

from spark_jobs.demo_dumps.clock import weekday_weight
from spark_jobs.demo_dumps.episodes.chatter import Chatter
from spark_jobs.demo_dumps.episodes.crisis import Crisis
from spark_jobs.demo_dumps.episodes.forum import Forum
from spark_jobs.demo_dumps.episodes.spam import Spam
from spark_jobs.demo_dumps.episodes.support import Support
from spark_jobs.demo_dumps.streams import Weighted, stream
from spark_jobs.demo_dumps.world import World

SHARES = {"x": 0.45, "customer_care": 0.25, "reddit": 0.30}
_CRISIS_SHARE = 0.03
_CRISIS_TOTAL = 0.09
_SPAM_SHARE = 0.012
_SPAM_COPIES = 25

Episode = Callable[[int], None]


class Timeline:
    """Runs the episodes of one day at a time."""

    def __init__(self, world: World, posts: int, days: range) -> None:
        self._world = world
        self._posts = posts
        self._source = stream(world.seed, "timeline")
        support = Support(world)
        forum = Forum(world)
        self._chatter = Chatter(world, cascade_cap=posts // 120)
        self._crisis = Crisis(world, self._chatter, max(int(posts * _CRISIS_SHARE), 12))
        self._spam = Spam(world)
        self._episodes: dict[str, Weighted[Episode]] = {
            "x": Weighted(
                (
                    lambda day: support.conversation("x", day),
                    forum.peer_question,
                    self._chatter.opinion,
                    self._chatter.announcement,
                    self._chatter.employee,
                    self._chatter.network_status,
                ),
                (0.3, 0.16, 0.46, 0.035, 0.03, 0.015),
            ),
            "customer_care": Weighted(
                (lambda day: support.conversation("customer_care", day),), (1.0,)
            ),
            "reddit": Weighted((forum.question_thread, forum.opinion_thread), (0.68, 0.32)),
        }
        weights = [weekday_weight(day) for day in days]
        total, reached = sum(weights), 0.0
        self._due: dict[int, float] = {}
        for day, weight in zip(days, weights, strict=True):
            reached += weight / total
            self._due[day] = reached
        campaigns = max(2, int(posts * _SPAM_SHARE / _SPAM_COPIES))
        self._copies = max(4, int(posts * _SPAM_SHARE / campaigns))
        self._campaigns: dict[int, int] = {}
        for _ in range(campaigns):
            day = days[int(self._source.random() * (len(days) - 1))]
            self._campaigns[day] = self._campaigns.get(day, 0) + 1

    @property
    def crisis_starts_at(self) -> int:
        """When the outage began."""
        return self._crisis.starts_at

    def run(self, day: int) -> None:
        """Let a day happen: fixed events first, then what is due by its end."""
        for _ in range(self._campaigns.get(day, 0)):
            self._spam.campaign(day, self._copies)
        self._crisis.on_day(day)
        for site, share in SHARES.items():
            due = self._posts * (1 - _CRISIS_TOTAL) * share * self._due[day]
            while self._world.ordinary_count(site) < due:
                self._episodes[site].pick(self._source)(day)
