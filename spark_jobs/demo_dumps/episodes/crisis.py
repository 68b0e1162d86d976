"""The crisis: a large outage at Ondéa two weeks before the end.

Negative posts burst, authors who were never heard before appear, and each wave of reposts is
larger than the one before until the peak.
"""

from __future__ import annotations

from spark_jobs.demo_dumps import company, topics
from spark_jobs.demo_dumps.clock import (
    DAY,
    HOUR,
    MINUTE,
    brand_moment,
    from_local,
    local,
    peer_moment,
)
from spark_jobs.demo_dumps.company import products_of
from spark_jobs.demo_dumps.episodes.chatter import Chatter
from spark_jobs.demo_dumps.episodes.stage import Stage
from spark_jobs.demo_dumps.messages import Subject
from spark_jobs.demo_dumps.records import Account, Post
from spark_jobs.demo_dumps.streams import pick
from spark_jobs.demo_dumps.world import World

DAYS_BEFORE_END = 14
_STARTS = 16 * HOUR + 40 * MINUTE
_RISE = 4.5 * HOUR
_DECAY = 9.0 * HOUR
_SITES = (("x", 0.74), ("reddit", 0.2), ("customer_care", 0.06))
_NEWCOMER_SHARE = 0.45
_ANSWERED_SHARE = 0.5
_HASHTAGS = ("panneOndéa", "Ondéa", "panne")


class Crisis(Stage):
    """Posts of the outage."""

    part = "crisis"

    def __init__(self, world: World, chatter: Chatter, posts: int) -> None:
        super().__init__(world)
        self._chatter = chatter
        day = local(world.end - DAYS_BEFORE_END * DAY) // DAY
        starts_at = from_local(day * DAY + _STARTS)
        moments = sorted(starts_at + self._delay() for _ in range(posts))
        self.starts_at = starts_at
        world.crisis_window = range(starts_at, starts_at + int(_RISE + 3 * _DECAY))
        self._moments: dict[int, list[int]] = {}
        for moment in moments:
            self._moments.setdefault(local(moment) // DAY, []).append(moment)

    def _delay(self) -> int:
        """Seconds into the crisis: a rise to the peak as a triangle, then a long decay."""
        if self.source.random() < 0.42:
            return int(_RISE * self.source.random() ** 0.5)
        return int(_RISE + min(self.source.expovariate(1 / _DECAY), 3 * DAY))

    def on_day(self, day: int) -> None:
        """Publish what the crisis adds to one day."""
        for moment in self._moments.pop(day, ()):
            self._outcry(moment)
        if local(self.starts_at) // DAY == day:
            self._statements()

    def _author(self, site: str) -> Account:
        newcomers = self.world.population.newcomers.get(site)
        if newcomers and self.source.random() < _NEWCOMER_SHARE:
            return pick(self.source, newcomers)
        return self.writer(site)

    def _outcry(self, moment: int) -> None:
        """One customer's post about the outage, with what spreads from it."""
        draw = self.source.random()
        site = next(site for site, share in _cumulative() if draw < share)
        account = self._author(site)
        topic = topics.TOPICS_BY_NAME["outage"]
        product = pick(self.source, products_of(company.ONDEA, topic.product_kinds))
        subject = Subject(company.ONDEA, topic, product)
        desk = self.world.population.desk(site, company.ONDEA, company.SUPPORT)
        addresses = site == "customer_care" or self.source.random() < 0.2
        address = f"@{desk.handle}" if desk and addresses and site != "reddit" else ""
        words = self.say(account)
        message = words.complaint(
            self.style(account), subject, address, tag_chance=0, situation="crisis"
        )
        if site == "x" and self.source.random() < 0.55:
            message.text = f"{message.text} #{pick(self.source, _HASHTAGS)}"
        title = ""
        if site == "reddit":
            title = words.say("crisis", words.values(company.ONDEA, product))
        post = self.world.publish(
            account,
            moment,
            message,
            "opinion" if not address else "initiation",
            title=title,
            section="ondea" if site == "reddit" else "",
        )
        if post is None:
            return
        self.applaud(post)
        self.experience(account, company.ONDEA, -0.1)
        self.world.crisis(post)
        if desk and address and self.source.random() < _ANSWERED_SHARE:
            self._late_answer(post, desk, subject)
        if site == "x":
            self._wave(post)
        elif site == "reddit":
            self._comments(post)

    def _late_answer(self, post: Post, desk: Account, subject: Subject) -> None:
        words = self.say(post.author)
        name = self.name_of(post.author)
        handle = f"@{post.author.handle}"
        message = words.reply_of_brand(subject, "first", handle, name, "LB")
        service = company.BRANDS_BY_NAME[subject.brand].service
        load = self.world.load(subject.brand, post.created_at)
        moment = brand_moment(self.source, post.created_at, service, load)
        self.world.publish(
            desk, moment, message, "brand_reply", parent=post, language=post.language
        )

    def _wave(self, post: Post) -> None:
        """Reposts: more of them the nearer the peak."""
        elapsed = (post.created_at - self.starts_at) / _RISE
        heat = elapsed if elapsed < 1 else max(2 - elapsed, 0.15)
        count = int((self.source.paretovariate(1.3) - 0.8) * (0.3 + 2.2 * heat))
        for _ in range(min(count, 40)):
            lag = int(self.source.expovariate(1 / (40 * MINUTE))) + 15
            newcomers = self.world.population.newcomers.get("x")
            by = pick(self.source, newcomers) if newcomers and self.source.random() < 0.3 else None
            repost = self._chatter.repost(post, post.created_at + lag, by)
            if repost is not None:
                self.world.crisis(repost)

    def _comments(self, post: Post) -> None:
        for _ in range(int(self.source.paretovariate(1.2))):
            author = self._author("reddit")
            if author is post.author:
                continue
            message = self.say(author).simple(
                "crisis_peer", self.style(author), "neutral", (), company.ONDEA, more="agree"
            )
            moment = peer_moment(self.source, post.created_at, 25)
            comment = self.publish_reply(author, moment, message, post, "comment")
            if comment is not None:
                self.world.crisis(comment)

    def _statements(self) -> None:
        """What the brand says meanwhile: late, then more often."""
        desk = self.world.population.desk("x", company.ONDEA, company.COMMUNICATION)
        if desk is None:
            raise LookupError("Ondéa has no communication account on x")
        for hours in (2.6, 5.2, 8.0, 15.5, 26.0):
            words = self._messages["fr" if self.source.random() < 0.7 else "en"]
            message = words.simple("announcement_crisis", "neat", "neutral", (), company.ONDEA)
            post = self.world.publish(
                desk,
                int(self.starts_at + hours * HOUR),
                message,
                "announcement",
                language=words.language,
            )
            if post is not None:
                self.applaud(post)


def _cumulative() -> list[tuple[str, float]]:
    total = 0.0
    table = []
    for site, share in _SITES:
        total += share
        table.append((site, total))
    return table
