"""Spam: campaigns of nearly the same text, within hours, from accounts that write nothing else."""

from __future__ import annotations

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import HOUR, customer_moment
from spark_jobs.demo_dumps.episodes.stage import Stage
from spark_jobs.demo_dumps.records import Message
from spark_jobs.demo_dumps.streams import pick
from spark_jobs.demo_dumps.world import base36

_SECTIONS = ("operateurs_fr", "broadband_talk", "jardin_et_maison", "shed_and_garden")


class Spam(Stage):
    """Spam campaigns."""

    part = "spam"

    def campaign(self, day: int, copies: int) -> None:
        """One campaign: the same words again and again, with another link."""
        words = self._messages[self.language()]
        brand = pick(self.source, (company.ONDEA, company.BRINDILLE))
        template_values = words.values(brand, link="{link}")
        text = words.say("spam", template_values)
        started = customer_moment(self.source, day)
        spammers = self.world.population.spammers
        for _ in range(copies):
            site = "x" if self.source.random() < 0.8 or "reddit" not in spammers else "reddit"
            if site not in spammers:
                return
            link = f"https://bit.example/{base36(int(self.source.random() * 36**6))}"
            said = text.replace("{link}", link)
            if site == "x" and self.source.random() < 0.4:
                said = f"{said} #{company.BRANDS_BY_NAME[brand].hashtag}"
            moment = started + int(self.source.random() * 3 * HOUR)
            post = self.world.publish(
                pick(self.source, spammers[site]),
                moment,
                Message(said, "neutral", (), brand=brand if brand in said else ""),
                "spam",
                title=said[:60] if site == "reddit" else "",
                section=pick(self.source, _SECTIONS) if site == "reddit" else "",
                language=words.language,
            )
            if post is not None:
                post.is_spam = True
