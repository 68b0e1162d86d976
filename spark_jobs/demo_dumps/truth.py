"""The truth of a generated landing zone, for tests; the pipeline never reads it.

Files in the truth folder, all UTF-8; times are ISO 8601 in UTC, lists are separated by '|':

``summary.json``
    seed, sizes, the crisis (brand, starts_at, peak_at: when its busiest hour began), and for each
    source how many records were written and how many are accepted, duplicates, quarantined.
``files.csv``
    the same counts for each file. A record is every tweet, user, error and compliance object of
    X, every line of Reddit, every CSV record. A duplicate has the same content as a record
    delivered before it, in the order of dates and, within a date, of names.
``broken.csv``
    source, file, position (physical line on which the record starts), kind of fault.
``posts.csv``
    one row per post: source, post_id, created_at, account_id, person_id (empty for brands), kind,
    language, sentiment, intents, brand, product, topic, is_spam, is_brand, is_crisis,
    in_reply_to, thread, repost_of, quoted. Product lists those that the text names. Sentiment and
    intents of a repost are the original's.
``aspects.csv``
    one row per service or named product that a post feels something about: source, post_id,
    aspect (a service such as delivery or network, or a product's name), sentiment. Posts of
    several sentences that praise one thing and blame another have both; the sentiment of such a
    post in ``posts.csv`` is that of what it says last. Services stand for the topic of the post,
    whether or not a word of the text names them. Reposts, remarks, replies and quotes have
    none.
``people.csv``
    one row per identifier of a person: person_id, source, identifier_type (account or
    crm_customer), native_id, handle, role, language, employer.
``links.csv``
    pairs of identifiers of one person: discoverable_by says how, is_exact whether by an exact key
    (declared_handle, same_email, same_loyalty_card) or only by likeness or not at all.
``orders.csv``
    order_id, person_id, discoverable_by (customer_id, same_email, same_loyalty_card, same_phone,
    none), currency.
``order_lines.csv``
    order_id, line_id, line_amount, has_order: whether the order is delivered too.
``surveys.csv``
    response_id, person_id, language, sentiment of the comment, has_comment.
``helpers.csv``
    one row per answer of a customer to another's question: source, question_id, asker_id,
    answer_id, helper_id, topic, is_thanked, is_accepted.
``crisis_posts.csv``, ``edits.csv``, ``deletions.csv``, ``personal_data.csv``
    the posts concerned, with what is to be known of each.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from spark_jobs.demo_dumps.consents import Consent
from spark_jobs.demo_dumps.deliveries.files import Delivery
from spark_jobs.demo_dumps.population import Population
from spark_jobs.demo_dumps.purchases import Answer, Line, Order
from spark_jobs.demo_dumps.records import Post
from spark_jobs.demo_dumps.world import Help

_COLUMNS = {
    "files": ("source", "file", "records", "accepted", "duplicates", "quarantined"),
    "broken": ("source", "file", "position", "kind"),
    "posts": (
        "source", "post_id", "created_at", "account_id", "person_id", "kind", "language",
        "sentiment", "intents", "brand", "product", "topic", "is_spam", "is_brand", "is_crisis",
        "in_reply_to", "thread", "repost_of", "quoted",
    ),
    "aspects": ("source", "post_id", "aspect", "sentiment"),
    "people": (
        "person_id", "source", "identifier_type", "native_id", "handle", "role", "language",
        "employer",
    ),
    "links": (
        "person_id", "source", "native_id", "other_source", "other_native_id", "discoverable_by",
        "is_exact",
    ),
    "orders": ("order_id", "person_id", "discoverable_by", "currency"),
    "order_lines": ("order_id", "line_id", "line_amount", "has_order"),
    "consents": ("consent_id", "person_id", "purpose", "is_granted", "changed_at"),
    "surveys": ("response_id", "person_id", "language", "sentiment", "has_comment"),
    "helpers": (
        "source", "question_id", "asker_id", "answer_id", "helper_id", "topic", "is_thanked",
        "is_accepted",
    ),
    "crisis_posts": ("source", "post_id", "created_at", "account_id", "is_new_author"),
    "edits": ("source", "post_id", "edit_id", "edited_at", "text"),
    "deletions": ("source", "post_id", "deleted_at"),
    "personal_data": ("source", "post_id", "kind", "value"),
}  # fmt: skip


def iso(moment: int) -> str:
    """A moment as ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, tz=UTC).isoformat()


class Truth:
    """The truth folder while it is written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._handles: list[TextIO] = []
        self._tables: dict[str, Any] = {}
        for name, columns in _COLUMNS.items():
            handle = (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            self._handles.append(handle)
            self._tables[name] = csv.writer(handle, lineterminator="\n")
            self._tables[name].writerow(columns)

    def _row(self, table: str, *values: object) -> None:
        self._tables[table].writerow(
            [int(value) if isinstance(value, bool) else value for value in values]
        )

    def population(self, population: Population) -> None:
        """Who is who."""
        for person in population.people:
            shared = (person.role, person.language, person.employer or "")
            for account in person.accounts.values():
                self._row(
                    "people",
                    person.person_id,
                    account.source,
                    "account",
                    account.account_id,
                    account.handle,
                    *shared,
                )
            for row in person.rows:
                self._row(
                    "people", person.person_id, "crm", "crm_customer", row.customer_id, "", *shared
                )
        for link in population.links:
            self._row(
                "links",
                link.person_id,
                link.source,
                link.native_id,
                link.other_source,
                link.other_native_id,
                link.discoverable_by,
                link.is_exact,
            )

    def post(self, post: Post) -> None:
        """Labels of a post, and what became of it."""
        message = post.message
        self._tables["posts"].writerow(
            (
                post.source,
                post.post_id,
                iso(post.created_at),
                post.author.account_id,
                post.author.person_id or "",
                post.kind,
                post.language,
                message.sentiment,
                "|".join(message.intents),
                message.brand,
                message.product,
                message.topic,
                int(post.is_spam),
                int(post.author.brand is not None),
                int(post.is_crisis),
                post.parent.post_id if post.parent else "",
                post.root.post_id if post.root else post.post_id,
                post.repost_of.post_id if post.repost_of else "",
                post.quoted.post_id if post.quoted else "",
            )
        )
        if post.is_crisis:
            person = post.author.person
            is_new = person is not None and person.role == "newcomer"
            self._row(
                "crisis_posts",
                post.source,
                post.post_id,
                iso(post.created_at),
                post.author.account_id,
                is_new,
            )
        for aspect, sentiment in message.aspects:
            self._row("aspects", post.source, post.post_id, aspect, sentiment)
        for kind, value in message.personal:
            self._row("personal_data", post.source, post.post_id, kind, value)
        if post.edited_at:
            self._row(
                "edits",
                post.source,
                post.post_id,
                post.edit_id,
                iso(post.edited_at),
                post.edited_text,
            )
        if post.deleted_at:
            self._row("deletions", post.source, post.post_id, iso(post.deleted_at))

    def helps(self, helps: Sequence[Help]) -> None:
        """Who helped whom."""
        for help_ in helps:
            question, answer = help_.question, help_.answer
            self._row(
                "helpers",
                question.source,
                question.post_id,
                question.author.account_id,
                answer.post_id,
                answer.author.account_id,
                question.message.topic,
                help_.is_thanked,
                help_.is_accepted,
            )

    def order(self, order: Order) -> None:
        """Whose order it is, and in which currency."""
        self._row("orders", order.order_id, order.person_id, order.found_by, order.currency)

    def order_line(self, line: Line) -> None:
        """What was paid for a line, and whether its order is delivered."""
        self._row("order_lines", line.order_id, line.line_id, f"{line.amount:.2f}", line.has_order)

    def consent(self, consent: Consent) -> None:
        """Whose consent it is, and how it stood from when on."""
        self._row(
            "consents",
            consent.consent_id,
            consent.person_id,
            consent.purpose,
            consent.is_granted,
            iso(consent.changed_at),
        )

    def answer(self, answer: Answer) -> None:
        """Whose survey answer it is and what its comment says."""
        self._row(
            "surveys",
            answer.response_id,
            answer.person_id,
            answer.language,
            answer.sentiment,
            bool(answer.comment),
        )

    def delivery(self, delivery: Delivery) -> None:
        """What a reader of the landing folder should count."""
        for (source, file), counts in sorted(delivery.counts.items()):
            self._row(
                "files",
                source,
                file,
                counts.records,
                counts.accepted,
                counts.duplicates,
                counts.quarantined,
            )
        for fault in delivery.faults:
            self._row("broken", fault.source, fault.file, fault.position, fault.kind)

    def close(self, summary: dict[str, Any]) -> None:
        """Finish the folder."""
        for handle in self._handles:
            handle.close()
        text = json.dumps(summary, ensure_ascii=False, indent=2)
        (self._folder / "summary.json").write_text(text + "\n", encoding="utf-8")
