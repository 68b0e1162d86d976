"""Public talk on X and cascades: opinions, plans, announcements, reposts, quotes, replies.

Sizes of cascades are heavy-tailed and grow with the author's audience.
"""

from __future__ import annotations

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import customer_moment, lognormal_seconds, peer_moment
from spark_jobs.demo_dumps.episodes.stage import ALL_BRANDS, Stage
from spark_jobs.demo_dumps.messages import Subject, names
from spark_jobs.demo_dumps.records import Account, Message, Post
from spark_jobs.demo_dumps.world import World

_SMALLEST_CAP = 25


class Chatter(Stage):
    """Single posts and what spreads from them."""

    part = "chatter"

    def __init__(self, world: World, cascade_cap: int) -> None:
        super().__init__(world)
        self._cap = max(cascade_cap, _SMALLEST_CAP)

    def opinion(self, day: int) -> None:
        """A customer says something of a brand, to nobody in particular."""
        account = self.writer("x")
        draw = self.source.random
        brand = self.brand_for(account, ALL_BRANDS)
        content = account.person.content.get(brand, 0.5) if account.person else 0.5
        subject = self.trouble(brand)
        style = self.style(account)
        words = self.say(account)
        kind = draw()
        if kind < 0.13:
            message = words.remark("purchase", style, subject)
        elif kind < 0.22:
            message = words.remark("suggestion", style, subject)
        elif kind < 0.32 and brand != company.FLUXO:
            message = words.remark("compare", style, subject)
        elif kind < 0.42:
            message = words.mixed(style, self.trouble(brand), subject)
        elif draw() < content * 0.8:
            message = words.praise(style, subject)
        else:
            message = words.complaint(style, subject)
        post = self.world.publish(account, customer_moment(self.source, day), message, "opinion")
        if post is not None:
            self.applaud(post)
            self.spread(post, subject)

    def announcement(self, day: int) -> None:
        """A brand's communication account speaks to everybody."""
        brand = self.brand_for(self.writer("x"), ALL_BRANDS)
        desk = self.world.population.desk("x", brand, company.COMMUNICATION)
        if desk is None:
            raise LookupError(f"{brand} has no communication account on x")
        subject = self.curiosity(brand)
        words = self._messages[self.language()]
        message = words.simple("announcement", "neat", "neutral", (), brand, subject=subject)
        message.text = f"{message.text} #{company.BRANDS_BY_NAME[brand].hashtag}"
        post = self.world.publish(
            desk,
            customer_moment(self.source, day),
            message,
            "announcement",
            language=words.language,
        )
        if post is not None:
            post.link = f"https://www.{desk.handle.lower()}.example/actus/{post.post_id[-6:]}"
            self.applaud(post)
            self.spread(post, subject, strength=2.0)

    def employee(self, day: int) -> None:
        """Somebody who works for a brand speaks in their own name."""
        employers = self.world.population.employees
        brands = sorted(employers)
        if not brands:
            return
        brand = brands[int(self.source.random() * len(brands))]
        account = employers[brand][int(self.source.random() * len(employers[brand]))]
        if account.source == "customer_care":
            return
        subject = self.curiosity(brand)
        message = self.say(account).simple(
            "employee", self.style(account), "positive", (), brand, subject=subject
        )
        moment = customer_moment(self.source, day)
        title, section = "", ""
        if account.source == "reddit":
            title = self.say(account).say(
                "opinion_title", self.say(account).values(brand, subject.product)
            )
            section = "ondea" if brand == company.ONDEA else "brindille"
        post = self.world.publish(
            account, moment, message, "employee", title=title, section=section
        )
        if post is not None:
            self.applaud(post)
            if post.source == "x":
                self.spread(post, subject)

    def network_status(self, day: int) -> None:
        """The automated account of the network says what it always says."""
        robot = self.world.population.automated["x", company.ONDEA]
        words = self._messages["fr"]
        message = words.simple("auto_status", "neat", "neutral", (), company.ONDEA)
        moment = customer_moment(self.source, day)
        self.world.publish(robot, moment, message, "automated", language="fr")

    def spread(self, post: Post, subject: Subject, strength: float = 1.0) -> None:
        """Reposts, quotes and replies of a post; quotes are reposted in turn."""
        draw = self.source.random
        audience = strength * (0.35 + post.author.followers_count**0.36 / 14)
        tail = self.source.paretovariate(1.15) - 1
        most = int(self._cap * (0.4 + 0.6 * draw()))
        reposts = min(int(tail * audience + draw() * 0.8), most)
        for _ in range(reposts):
            self.repost(post, self._lag(post))
        quotes = min(int(reposts * draw() * 0.25 + draw() * 0.25), self._cap // 4)
        for _ in range(quotes):
            self._quote(post, subject)
        replies = min(int(audience * tail * 0.5 + draw()), 20)
        for _ in range(replies):
            self._reply(post, subject)

    def _lag(self, post: Post) -> int:
        return post.created_at + lognormal_seconds(self.source, 95, 1.4)

    def repost(self, post: Post, moment: int, by: Account | None = None) -> Post | None:
        """Somebody repeats a post unchanged."""
        account = by or self.world.population.readers["x"].pick(self.source)
        if account is post.author:
            return None
        said = post.message
        text = f"RT @{post.author.handle}: {said.text}"
        text = text if len(text) <= 140 else text[:139].rstrip() + "…"
        return self.world.publish(
            account,
            moment,
            Message(
                text=text,
                sentiment=said.sentiment,
                intents=said.intents,
                topic=said.topic,
                brand=said.brand,
                product="|".join(name for name in said.product.split("|") if names(text, name)),
            ),
            "repost",
            repost_of=post,
            language=post.language,
        )

    def _quote(self, post: Post, subject: Subject) -> None:
        account = self.writer("x", post.language)
        if account is post.author:
            return
        is_negative = post.message.sentiment == "negative"
        message = self.say(account).simple(
            "quote_negative" if is_negative else "quote_positive",
            self.style(account),
            "negative" if is_negative else "positive",
            ("complaint",) if is_negative else ("praise",),
            subject.brand,
            subject=subject,
            more="close_negative" if is_negative else "close_positive",
        )
        quote = self.world.publish(account, self._lag(post), message, "quote", quoted=post)
        if quote is None:
            return
        quote.link = f"https://x.com/{post.author.handle}/status/{post.post_id}"
        self.applaud(quote)
        if self.source.random() < 0.3:
            for _ in range(int(self.source.paretovariate(1.3))):
                self.repost(quote, self._lag(quote))

    def _reply(self, post: Post, subject: Subject) -> None:
        draw = self.source.random()
        address = f"@{post.author.handle}"
        if draw < 0.06 and self.world.population.employees.get(subject.brand):
            colleagues = self.world.population.employees[subject.brand]
            account = colleagues[int(self.source.random() * len(colleagues))]
            if account.source != "x":
                return
            name, sentiment = "employee_answer", "neutral"
        else:
            account = self.writer("x", post.language)
            is_negative = post.message.sentiment == "negative"
            name = "agree" if draw < 0.5 else "disagree" if draw < 0.75 else "chatter"
            sentiment = "negative" if name == "agree" and is_negative else "neutral"
        if account is post.author:
            return
        message = self.say(account).simple(
            name,
            self.style(account),
            sentiment,
            ("complaint",) if sentiment == "negative" else (),
            subject.brand,
            subject=subject,
            address=address,
        )
        if name == "chatter":
            message.intents = ("question",) if "?" in message.text else ()
        moment = peer_moment(self.source, post.created_at, 60)
        self.publish_reply(account, moment, message, post)
