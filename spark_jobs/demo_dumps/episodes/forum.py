"""Customers among themselves: forum threads, questions on X that other customers answer.

A few strong helpers give most of the answers; whom an asker thanks is the truth about helping.
"""

from __future__ import annotations

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import brand_moment, customer_moment, peer_moment
from spark_jobs.demo_dumps.episodes.stage import ALL_BRANDS, Stage
from spark_jobs.demo_dumps.messages import Part, Subject
from spark_jobs.demo_dumps.records import Account, Message, Post
from spark_jobs.demo_dumps.streams import poisson
from spark_jobs.demo_dumps.topics import QUALITY
from spark_jobs.demo_dumps.world import Help

_SECTIONS = {
    ("fr", "operator"): "operateurs_fr",
    ("en", "operator"): "broadband_talk",
    ("fr", "shop"): "jardin_et_maison",
    ("en", "shop"): "shed_and_garden",
}
_BRAND_SECTIONS = {company.ONDEA: "ondea", company.BRINDILLE: "brindille"}
_COMMENT_LIMIT = 900
_TITLE_LIMIT = 200


class Forum(Stage):
    """Threads of questions and opinions, and peer help on X."""

    part = "forum"

    def section(self, account: Account, brand: str) -> str:
        """The board on which somebody would write about a brand."""
        if brand in _BRAND_SECTIONS and self.source.random() < 0.6:
            return _BRAND_SECTIONS[brand]
        return _SECTIONS[account.language, company.BRANDS_BY_NAME[brand].kind]

    def _body(self, account: Account, subject: Subject, count: int) -> Message:
        """The text below a title: some sentences of context."""
        words = self.say(account)
        values = words.values(subject.brand, subject.product)
        parts: list[Part] = [(words.say("forum_detail", values), ()) for _ in range(count)]
        parts.append((words.say("close_polite", values, 0.5), ()))
        return words.message(parts, "neutral", self.style(account), subject=subject, limit=1_500)

    def question_thread(self, day: int) -> None:
        """Somebody asks on the forum; others answer; perhaps one is thanked."""
        account = self.writer("reddit")
        subject = self.curiosity(self.brand_for(account, ALL_BRANDS))
        title = self.say(account).question(
            self.style(account), subject, limit=_TITLE_LIMIT, tag_chance=0
        )
        details = int(self.source.random() * 4)
        body = self._body(account, subject, details) if details else None
        message = Message(
            text=body.text if body else "",
            sentiment="neutral",
            intents=title.intents,
            topic=subject.topic.name,
            brand=subject.brand,
            product=title.product or (body.product if body else ""),
        )
        asked = self.world.publish(
            account,
            customer_moment(self.source, day),
            message,
            "question",
            title=title.text,
            section=self.section(account, subject.brand),
        )
        if asked is not None:
            self.applaud(asked)
            self._answers(asked, subject, 1 + poisson(self.source, 2.1), _COMMENT_LIMIT)
            self._official(asked, subject)
            self._murmur(asked, subject, poisson(self.source, 1.2))

    def peer_question(self, day: int) -> None:
        """Somebody asks on X, addressing no brand; other customers answer."""
        account = self.writer("x")
        subject = self.curiosity(self.brand_for(account, ALL_BRANDS))
        message = self.say(account).question(self.style(account), subject, tag_chance=0.6)
        moment = customer_moment(self.source, day)
        asked = self.world.publish(account, moment, message, "question")
        if asked is not None:
            self.applaud(asked)
            self._answers(asked, subject, poisson(self.source, 1.3), 280)

    def _helper(self, asked: Post, subject: Subject) -> Account:
        """Who answers: mostly those who know the topic."""
        helpers = self.world.population.helpers.get(
            (asked.source, asked.language, subject.topic.name)
        )
        if helpers is not None and self.source.random() < 0.62:
            helper = helpers.pick(self.source)
            if helper is not asked.author:
                return helper
        return self.other_writer(asked.source, asked.author)

    def _answers(self, asked: Post, subject: Subject, count: int, limit: int) -> None:
        """Answers of other customers, at most one a helper, and the asker's thanks."""
        draw = self.source.random
        answered_by: set[str] = set()
        answers: list[Post] = []
        for _ in range(count):
            helper = self._helper(asked, subject)
            if helper.account_id in answered_by:
                continue
            answered_by.add(helper.account_id)
            address = f"@{asked.author.handle}" if asked.source == "x" else ""
            message = self.say(helper).advice(self.style(helper), subject, address, limit)
            moment = peer_moment(self.source, asked.created_at, 55)
            answer = self.publish_reply(helper, moment, message, asked, "answer")
            if answer is not None:
                answers.append(answer)
        if not answers:
            return
        expert = [answer for answer in answers if _is_helper(answer.author)]
        best = expert[0] if expert else answers[0]
        is_thanked = draw() < (0.66 if expert else 0.38) and self._thank(asked, best, subject)
        is_accepted = is_thanked and asked.source == "reddit" and draw() < 0.6
        asked.is_settled = is_accepted
        for answer in answers:
            is_best = answer is best
            self.world.helps.append(
                Help(asked, answer, is_thanked and is_best, is_accepted and is_best)
            )

    def _thank(self, asked: Post, answer: Post, subject: Subject) -> bool:
        """The asker thanks the one who helped; false where that would be after the end."""
        account = asked.author
        message = self.say(account).simple(
            "thanks_peer",
            self.style(account),
            "positive",
            ("thanks",),
            subject.brand,
            subject=subject,
            address=f"@{answer.author.handle}" if asked.source == "x" else "",
            name=answer.author.handle,
        )
        moment = peer_moment(self.source, answer.created_at, 120)
        return self.publish_reply(account, moment, message, answer, "thanks") is not None

    def _official(self, asked: Post, subject: Subject) -> None:
        """Now and then the brand answers on the forum, later than customers do."""
        population = self.world.population
        desk = population.desk("reddit", subject.brand, company.SUPPORT) or population.desk(
            "reddit", subject.brand, company.COMMUNICATION
        )
        if desk is None or self.source.random() > 0.22:
            return
        words = self.say(asked.author)
        message = words.reply_of_brand(subject, "first", "", asked.author.handle, "Ed")
        service = company.BRANDS_BY_NAME[subject.brand].service
        moment = brand_moment(self.source, asked.created_at, service, 4.0)
        self.world.publish(
            desk, moment, message, "brand_reply", parent=asked, language=asked.language
        )

    def opinion_thread(self, day: int) -> None:
        """Somebody gives an opinion; a discussion follows, sometimes a long one."""
        account = self.writer("reddit")
        brand = self.brand_for(account, ALL_BRANDS)
        content = account.person.content.get(brand, 0.5) if account.person else 0.5
        is_happy = self.source.random() < content * 0.75
        subject = self.trouble(brand)
        words = self.say(account)
        style = self.style(account)
        body = (
            words.praise(style, subject, limit=600)
            if is_happy
            else words.complaint(style, subject, limit=700, tag_chance=0)
        )
        values = words.values(brand, subject.product)
        titles = "opinion_title_good" if is_happy else "opinion_title_bad"
        title = words.say("opinion_title" if self.source.random() < 0.4 else titles, values)
        if not body.product and (product := subject.named_in(title)):
            body.product = product
            body.aspects = (
                *(pair for pair in body.aspects if pair[0] != QUALITY),
                (product, body.sentiment),
            )
        asked = self.world.publish(
            account,
            customer_moment(self.source, day),
            body,
            "opinion",
            title=title,
            section=self.section(account, brand),
        )
        if asked is not None:
            self.applaud(asked)
            size = min(int(self.source.paretovariate(0.9) * 1.6), 60)
            self._murmur(asked, subject, size)

    def _murmur(self, asked: Post, subject: Subject, count: int) -> None:
        """Comments that neither ask nor answer, hanging anywhere in the thread."""
        draw = self.source.random
        said: list[Post] = [asked]
        for _ in range(count):
            parent = asked if draw() < 0.55 else said[int(draw() * len(said))]
            author = self.other_writer("reddit", asked.author)
            step = draw()
            name, sentiment = (
                ("agree", asked.message.sentiment)
                if step < 0.4
                else ("disagree", "neutral")
                if step < 0.62
                else ("chatter", "neutral")
            )
            message = self.say(author).simple(
                name,
                self.style(author),
                sentiment,
                ("complaint",) if name == "agree" and sentiment == "negative" else (),
                subject.brand,
                subject=subject,
                more="question_context" if name == "chatter" else "",
            )
            if name == "chatter":
                message.intents = ("question",) if "?" in message.text else ()
            moment = peer_moment(self.source, parent.created_at, 80)
            comment = self.publish_reply(author, moment, message, parent, "comment")
            if comment is not None:
                said.append(comment)


def _is_helper(account: Account) -> bool:
    return account.person is not None and account.person.role == "helper"
