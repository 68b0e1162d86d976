"""What every kind of episode needs: its own random stream, people to draw, posts to publish."""

from __future__ import annotations

import random

from spark_jobs.demo_dumps import company, topics
from spark_jobs.demo_dumps.clock import lognormal_seconds
from spark_jobs.demo_dumps.messages import Messages, Subject
from spark_jobs.demo_dumps.phrases import LANGUAGES
from spark_jobs.demo_dumps.records import Account, Message, Post
from spark_jobs.demo_dumps.streams import stream
from spark_jobs.demo_dumps.world import World

FRENCH_SHARE = 0.6
_DRAWS = 8


class Stage:
    """One kind of episode in one world."""

    part = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.source: random.Random = stream(world.seed, self.part)
        self._messages = {language: Messages(self.source, language) for language in LANGUAGES}

    def say(self, account: Account) -> Messages:
        """What can be said in an account's language."""
        return self._messages[account.language]

    def language(self) -> str:
        """A language, in the shares of the population."""
        return "fr" if self.source.random() < FRENCH_SHARE else "en"

    def writer(self, site: str, language: str = "") -> Account:
        """A customer who writes, the active ones more often."""
        return self.world.population.writers[site, language or self.language()].pick(self.source)

    def other_writer(self, site: str, account: Account) -> Account:
        """Another customer of the same language, the active ones more often.

        Raises LookupError where nobody else writes there in that language.
        """
        writers = self.world.population.writers[site, account.language]
        for _ in range(_DRAWS):
            other = writers.pick(self.source)
            if other is not account:
                return other
        for other in writers.items:
            if other is not account:
                return other
        raise LookupError(f"{site}: nobody but {account.handle} writes in {account.language}")

    def style(self, account: Account) -> str:
        """How an account's person types."""
        return account.person.style if account.person else "neat"

    def brand_for(self, account: Account, brands: tuple[str, ...]) -> str:
        """A brand that the account's person buys from, among ``brands``."""
        own = account.person.brands if account.person else ()
        candidates = [brand for brand in own if brand in brands] or list(brands)
        return candidates[int(self.source.random() * len(candidates))]

    def trouble(self, brand: str) -> Subject:
        """Something that customers of a brand complain about."""
        topic = topics.trouble(self.source, brand)
        return Subject(brand, topic, topics.product_for(self.source, brand, topic))

    def curiosity(self, brand: str) -> Subject:
        """Something that customers of a brand ask about."""
        topic = topics.curiosity(self.source, brand)
        return Subject(brand, topic, topics.product_for(self.source, brand, topic))

    def publish_reply(
        self, author: Account, created_at: int, message: Message, parent: Post, kind: str = "reply"
    ) -> Post | None:
        """Publish an answer to a post."""
        post = self.world.publish(author, created_at, message, kind, parent=parent)
        if post is not None:
            self.applaud(post)
        return post

    def applaud(self, post: Post) -> None:
        """Give a post its likes: heavy-tailed, more for those with an audience."""
        audience = post.author.followers_count**0.45 if post.source == "x" else 3.0
        post.likes = int(audience * 0.12 * (self.source.paretovariate(1.2) - 0.9))

    def experience(self, account: Account, brand: str, change: float) -> None:
        """A person's contentment with a brand after what happened."""
        person = account.person
        if person is not None and brand in person.content:
            person.content[brand] = min(max(person.content[brand] + change, 0.02), 0.98)

    def name_of(self, account: Account) -> str:
        """How an agent addresses the person."""
        return account.person.first_name if account.person else account.handle

    def soon(self, moment: int, median_minutes: float) -> int:
        """A little later than ``moment``."""
        return moment + lognormal_seconds(self.source, median_minutes, 1.0)


OWN_BRANDS = (company.ONDEA, company.BRINDILLE)
ALL_BRANDS = (company.ONDEA, company.BRINDILLE, company.FLUXO)
