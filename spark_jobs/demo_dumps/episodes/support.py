"""Support conversations: a customer writes to a brand, agents answer in their hours.

Question or complaint, answer, details, action, thanks; or silence, or anger, or a return after
more than the 96 hours that end a conversation.
"""

from __future__ import annotations

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import DAY, brand_moment, customer_moment, peer_moment
from spark_jobs.demo_dumps.episodes.stage import ALL_BRANDS, OWN_BRANDS, Stage
from spark_jobs.demo_dumps.messages import Messages, Subject
from spark_jobs.demo_dumps.records import Account, Message, Post
from spark_jobs.demo_dumps.streams import pick

_AGENTS = ("LB", "MV", "JO", "SK", "AN", "TC", "EP", "FD", "NR", "CG")
_CARE_LIMIT = 280


class Support(Stage):
    """Conversations with a support account, on X or in the customer-care table."""

    part = "support"

    def conversation(self, site: str, day: int) -> None:
        """One conversation that starts on a day."""
        account = self.writer(site)
        brand = self.brand_for(account, ALL_BRANDS if site == "x" else OWN_BRANDS)
        desk = self.world.population.desk(site, brand, company.SUPPORT)
        if desk is None:
            raise LookupError(f"{brand} has no support account on {site}")
        started = customer_moment(self.source, day)
        draw = self.source.random
        complains = draw() < 0.62
        subject = self.trouble(brand) if complains else self.curiosity(brand)
        style = self.style(account)
        words = self.say(account)
        address = f"@{desk.handle}"
        message = (
            words.complaint(style, subject, address, _CARE_LIMIT, 0.15)
            if complains
            else words.question(style, subject, address, _CARE_LIMIT, 0.1)
        )
        first = self.world.publish(account, started, message, "initiation")
        if first is None:
            return
        self.applaud(first)
        self._acknowledge(first, brand, words)
        if site == "x" and draw() < 0.12:
            self._bystander(first, brand)
        service = company.BRANDS_BY_NAME[brand].service
        if draw() >= service.answer_rate:
            self._unanswered(first, account, brand, subject, address)
            return
        self._exchange(first, desk, subject, complains=complains)

    def _acknowledge(self, first: Post, brand: str, words: Messages) -> None:
        """An automatic reply, within a minute."""
        robot = self.world.population.automated.get((first.source, brand))
        if robot is None or self.source.random() > 0.3:
            return
        message = words.simple(
            "auto_reply", "neat", "neutral", (), brand, address=f"@{first.author.handle}"
        )
        self.world.publish(
            robot,
            first.created_at + 5 + int(self.source.random() * 40),
            message,
            "automated",
            parent=first,
            language=first.language,
        )

    def _bystander(self, first: Post, brand: str) -> None:
        other = self.other_writer(first.source, first.author)
        agrees = self.source.random() < 0.75
        message = self.say(other).simple(
            "agree" if agrees else "disagree",
            self.style(other),
            "negative" if agrees else "neutral",
            ("complaint",) if agrees else (),
            brand,
            address=f"@{first.author.handle}",
        )
        self.publish_reply(other, peer_moment(self.source, first.created_at, 45), message, first)

    def _unanswered(
        self, first: Post, account: Account, brand: str, subject: Subject, address: str
    ) -> None:
        self.experience(account, brand, -0.1)
        if self.source.random() < 0.35:
            message = self.say(account).simple(
                "unsolved",
                self.style(account),
                "negative",
                ("complaint",),
                brand,
                subject=subject,
                address=address,
                more="close_negative",
            )
            later = first.created_at + int(DAY * (0.4 + self.source.random() * 1.5))
            self.publish_reply(account, later, message, first, "follow_up")

    def _agent_reply(self, desk: Account, subject: Subject, stage: str, to: Post) -> Post | None:
        """An agent's answer in the customer's language."""
        customer = to.author
        words = self.say(customer)
        name = self.name_of(customer)
        handle = f"@{customer.handle}"
        message = words.reply_of_brand(subject, stage, handle, name, pick(self.source, _AGENTS))
        service = company.BRANDS_BY_NAME[subject.brand].service
        return self.world.publish(
            desk,
            brand_moment(
                self.source, to.created_at, service, self.world.load(subject.brand, to.created_at)
            ),
            message,
            "brand_reply",
            parent=to,
            language=customer.language,
        )

    def _exchange(self, first: Post, desk: Account, subject: Subject, *, complains: bool) -> None:
        """The brand answers, the customer gives details, until it is solved or given up."""
        draw = self.source.random
        account = first.author
        answered = self._agent_reply(desk, subject, "first", first)
        rounds = 0
        while answered is not None and rounds < 3:
            rounds += 1
            step = draw()
            if step < 0.58 / rounds:
                message = self._details(account, subject, desk)
            elif step < 0.58 / rounds + (0.14 if complains else 0.03):
                message = self._anger(account, subject, desk)
                self.experience(account, subject.brand, -0.06)
            else:
                break
            asked = self.publish_reply(
                account, self.soon(answered.created_at, 35), message, answered, "follow_up"
            )
            if asked is None or draw() < 0.08:
                self.experience(account, subject.brand, -0.04)
                return
            answered = self._agent_reply(desk, subject, "next", asked)
        if answered is None:
            return
        outcome = draw()
        if outcome < 0.5:
            self._thanks(answered, account, desk, subject)
        elif outcome < 0.6:
            self._return(answered, account, desk, subject)

    def _details(self, account: Account, subject: Subject, desk: Account) -> Message:
        person = account.person
        if person is None:
            raise LookupError(f"account {account.account_id} belongs to nobody")
        return self.say(account).details(self.style(account), subject, f"@{desk.handle}", person)

    def _anger(self, account: Account, subject: Subject, desk: Account) -> Message:
        return self.say(account).simple(
            "unsolved",
            self.style(account),
            "negative",
            ("complaint",),
            subject.brand,
            subject=subject,
            address=f"@{desk.handle}",
            more="consequence",
        )

    def _thanks(self, answered: Post, account: Account, desk: Account, subject: Subject) -> None:
        message = self.say(account).simple(
            "thanks_brand",
            self.style(account),
            "positive",
            ("thanks",),
            subject.brand,
            subject=subject,
            address=f"@{desk.handle}",
            more="solved",
        )
        self.experience(account, subject.brand, 0.07)
        moment = self.soon(answered.created_at, 90)
        thanked = self.publish_reply(account, moment, message, answered, "thanks")
        if thanked is not None and self.source.random() < 0.35:
            self._agent_reply(desk, subject, "last", thanked)

    def _return(self, answered: Post, account: Account, desk: Account, subject: Subject) -> None:
        """The customer comes back after the gap that ends a conversation."""
        message = self._anger(account, subject, desk)
        later = answered.created_at + int(DAY * (4.3 + self.source.random() * 5))
        back = self.publish_reply(account, later, message, answered, "return")
        self.experience(account, subject.brand, -0.08)
        if back is not None:
            self._agent_reply(desk, subject, "next", back)
