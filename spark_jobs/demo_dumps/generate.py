"""Writes demo dumps of a given size: landing files, their sources file, and the truth.

The same seed, size and end give the same bytes. Nothing here looks at the clock or at what an
earlier run wrote; a folder that already holds files is refused rather than mixed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.aftermath import Aftermath
from spark_jobs.demo_dumps.clock import DAY, from_local, local
from spark_jobs.demo_dumps.consents import Consents
from spark_jobs.demo_dumps.deliveries.care_table import CareTable
from spark_jobs.demo_dumps.deliveries.crm_tables import CrmTables
from spark_jobs.demo_dumps.deliveries.files import Delivery
from spark_jobs.demo_dumps.deliveries.reddit_lines import RedditLines
from spark_jobs.demo_dumps.deliveries.x_pages import XPages
from spark_jobs.demo_dumps.population import populate
from spark_jobs.demo_dumps.purchases import Answer, Line, Order, Purchases, lines_of
from spark_jobs.demo_dumps.records import Post
from spark_jobs.demo_dumps.timeline import Timeline
from spark_jobs.demo_dumps.truth import Truth, iso
from spark_jobs.demo_dumps.world import World
from spark_jobs.sources import FILE_NAME

DEFAULT_POSTS = 15_000
DEFAULT_SEED = 360
DEFAULT_END = datetime(2026, 10, 31, tzinfo=UTC)
SMALLEST = 200
DAYS = 90


class DemoError(ValueError):
    """Demo dumps cannot be written as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What was written. ``records`` counts landing records by source."""

    posts: int
    posts_by_source: dict[str, int]
    people: int
    customers: int
    orders: int
    records: dict[str, int]
    crisis_starts_at: datetime
    crisis_peak_at: datetime


def _refuse_what_is_there(folder: Path, what: str) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise DemoError(f"{folder}: the {what} folder already holds files; name an empty one")


def _write_posts(
    world: World, timeline: Timeline, days: range, delivery: Delivery, truth: Truth
) -> None:
    """Let every day happen and write it down before the next.

    The hours between the last whole day and the end hold what began before them.
    """
    x_pages = XPages(world, delivery)
    care_table = CareTable(world, delivery)
    reddit_lines = RedditLines(world, delivery)
    aftermath = Aftermath(world)
    for day in range(days.start, local(world.end - 1) // DAY + 1):
        if day in days:
            timeline.run(day)
        by_source: dict[str, list[Post]] = {"x": [], "customer_care": [], "reddit": []}
        for post in world.take(day):
            aftermath.settle(post)
            by_source[post.source].append(post)
            truth.post(post)
            if post.source == "x" and post.deleted_at:
                x_pages.deletion(post)
        moment = from_local(day * DAY) + DAY // 2
        x_pages.day(moment, by_source["x"], from_local((day + 1) * DAY))
        care_table.day(moment, by_source["customer_care"])
        reddit_lines.day(day, moment, by_source["reddit"])
        truth.helps(world.helps)
        world.helps.clear()
    delivery.close()
    for source, file in (
        ("x", x_pages.clean_file),
        ("customer_care", care_table.clean_file),
        ("reddit", reddit_lines.clean_file),
    ):
        stem, _, suffix = file.rpartition(".")
        delivery.deliver_again(source, file, f"{stem}_redelivered.{suffix}")


def _write_purchases(world: World, delivery: Delivery, truth: Truth) -> tuple[int, int]:
    """Write the CRM; return how many customer rows and orders there are."""
    tables = CrmTables(world, delivery)
    purchases = Purchases(world.seed, world.end)
    allowed = Consents(world.seed, world.end)
    customers = orders = 0
    for person in world.population.people:
        for row in person.rows:
            tables.customer(person, row)
            customers += 1
            for consent in allowed.of(person, row):
                tables.consent(consent)
                truth.consent(consent)
        for record in purchases.of(person):
            tables.record(record)
            if isinstance(record, Order):
                truth.order(record)
                for line in lines_of(record):
                    truth.order_line(line)
                orders += 1
            elif isinstance(record, Line):
                truth.order_line(record)
            elif isinstance(record, Answer):
                truth.answer(record)
    delivery.close()
    return customers, orders


def generate(
    landing: Path,
    truth: Path,
    posts: int = DEFAULT_POSTS,
    seed: int = DEFAULT_SEED,
    end: datetime = DEFAULT_END,
) -> Summary:
    """Write about ``posts`` posts and their CRM into ``landing``, and the truth into ``truth``.

    ``posts`` is met to within a conversation for each source. ``end`` is the moment before which
    everything happened; one without a zone raises DemoError, as does a folder that holds files
    or a size under 200, which has too few people for conversations.
    """
    if posts < SMALLEST:
        raise DemoError(f"{posts} posts asked for; the smallest demo has {SMALLEST}")
    if end.tzinfo is None:
        raise DemoError(f"end {end.isoformat()} has no time zone; give one, such as +00:00")
    _refuse_what_is_there(landing, "landing")
    _refuse_what_is_there(truth, "truth")
    landing.mkdir(parents=True, exist_ok=True)
    end_moment = int(end.timestamp())
    end_day = local(end_moment) // DAY
    days = range(end_day - DAYS, end_day)
    start = from_local(days[0] * DAY)
    world = World(seed, start, end_moment, populate(seed, posts, start))
    timeline = Timeline(world, posts, days)
    delivery = Delivery(landing)
    ledger = Truth(truth)
    _write_posts(world, timeline, days, delivery, ledger)
    customers, orders = _write_purchases(world, delivery, ledger)
    ledger.population(world.population)
    ledger.delivery(delivery)
    colleagues = [account for each in world.population.employees.values() for account in each]
    company.write_sources(landing / FILE_NAME, colleagues)
    sources: dict[str, dict[str, int]] = {}
    for (source, _), counts in sorted(delivery.counts.items()):
        entry = sources.setdefault(
            source, {"records": 0, "accepted": 0, "duplicates": 0, "quarantined": 0}
        )
        entry["records"] += counts.records
        entry["accepted"] += counts.accepted
        entry["duplicates"] += counts.duplicates
        entry["quarantined"] += counts.quarantined
    content: dict[str, Any] = {
        "seed": seed,
        "posts_asked": posts,
        "start": iso(start),
        "end": iso(end_moment),
        "posts": dict(sorted(world.published_counts.items())),
        "people": len(world.population.people),
        "crm_customers": customers,
        "orders": orders,
        "crisis": {
            "brand": company.ONDEA,
            "starts_at": iso(timeline.crisis_starts_at),
            "peak_at": iso(world.crisis_peak()),
            "posts": sum(world.crisis_counts.values()),
        },
        "sources": sources,
    }
    ledger.close(content)
    return Summary(
        posts=sum(world.published_counts.values()),
        posts_by_source=content["posts"],
        people=len(world.population.people),
        customers=customers,
        orders=orders,
        records={source: entry["records"] for source, entry in sources.items()},
        crisis_starts_at=datetime.fromtimestamp(timeline.crisis_starts_at, tz=UTC),
        crisis_peak_at=datetime.fromtimestamp(world.crisis_peak(), tz=UTC),
    )
