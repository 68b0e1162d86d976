"""The customer-care table: CSV in the columns of the public "Customer Support on Twitter" set.

A file for each month; each begins with the last records of the one before, as overlapping
exports do. Customers appear under numbers, brands under their handle, and there are no profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from spark_jobs.demo_dumps.deliveries.files import Delivery, Faults, csv_record
from spark_jobs.demo_dumps.records import Post
from spark_jobs.demo_dumps.streams import stream
from spark_jobs.demo_dumps.world import World

SOURCE = "customer_care"
_HEADER = (
    "",
    "tweet_id",
    "author_id",
    "inbound",
    "created_at",
    "text",
    "response_tweet_id",
    "in_response_to_tweet_id",
)
_OVERLAP = 12
_KINDS = ("broken_over_lines", "impossible_date", "not_utf8", "rounded_id", "too_few_fields")


def stamp(moment: int) -> str:
    """A moment as the table writes it."""
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")


class CareTable:
    """Writes the customer-care source, one day after the other."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._source = stream(world.seed, "delivery:customer_care")
        self._faults = Faults(_KINDS, 0.003)
        self._index = 0
        self._last: list[list[object]] = []
        self.clean_file = ""
        """A file without faults, which can be delivered again."""

    def _row(self, post: Post) -> list[object]:
        responses = ",".join(
            reply.post_id for reply in post.replies if reply.created_at < self._world.end
        )
        return [
            post.post_id,
            post.author.account_id,
            post.is_inbound,
            stamp(post.created_at),
            post.message.text,
            responses,
            f"{post.parent.post_id}.0" if post.parent else "",
        ]

    def _record(self, row: Sequence[object]) -> bytes:
        record = csv_record([self._index, *row])
        self._index += 1
        return record

    def day(self, day_moment: int, posts: Sequence[Post]) -> None:
        """Write the posts of a day."""
        month = datetime.fromtimestamp(day_moment, tz=UTC)
        file = f"customer_care/export_{month:%Y-%m}.csv"
        if self._delivery.is_new(file):
            self._delivery.accepted(SOURCE, file, csv_record(_HEADER), records=0)
            for row in self._last:
                self._delivery.repeated(SOURCE, file, self._record(row))
            self.clean_file = self.clean_file or file
        for post in posts:
            row = self._row(post)
            record = self._record(row)
            self._delivery.accepted(SOURCE, file, record)
            if self._source.random() < 0.004:
                self._delivery.repeated(SOURCE, file, record)
            self._last = [*self._last[1 - _OVERLAP :], row]
        if file != self.clean_file:
            for kind in self._faults.due(len(posts)):
                self._broken(file, kind, day_moment)

    def _broken(self, file: str, kind: str, moment: int) -> None:
        """A broken record of a post that nobody else delivers."""
        text = "@OndeaAide toujours coupé et très déçu"
        tweet_id = self._world.ids.care()
        row: list[object] = [tweet_id, "900712", True, stamp(moment), text, "", ""]
        if kind == "impossible_date":
            row[3] = "Tue Feb 30 25:61:00 +0000 2026"
        elif kind == "rounded_id":
            row[0] = "5.7E+17"
        record = self._record(row)
        if kind == "broken_over_lines":
            head, tail = record.split("très".encode(), 1)
            record = head + b"\nvraiment\n" + tail.lstrip()
        elif kind == "not_utf8":
            record = record.decode("utf-8").encode("cp1252")
        elif kind == "too_few_fields":
            record = ",".join((str(self._index), tweet_id, "900712")).encode()
        self._delivery.broken(SOURCE, file, record, kind)
