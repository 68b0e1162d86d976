"""When things happen: customers by the hour of their day, brands by their opening hours.

Moments are whole seconds since 1970 UTC. Local time is that of the company's country.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from spark_jobs.demo_dumps.company import TIME_ZONE, Service

DAY = 86_400
HOUR = 3_600
MINUTE = 60
ZONE = ZoneInfo(TIME_ZONE)

_HOURS = range(24)
_HOUR_WEIGHTS = (3, 1.5, 0.8, 0.5, 0.5, 1, 2, 4, 6, 6, 6, 6, 8, 7, 5, 5, 6, 7, 9, 10, 10, 9, 8, 6)
_WEEKDAY_WEIGHTS = (1.1, 1.08, 1.05, 1.02, 1.0, 0.9, 0.85)
_MORNING_HOUR = 7


@lru_cache(maxsize=4096)
def offset(day: int) -> int:
    """Seconds that local time is ahead of UTC at noon of a day since 1970."""
    noon = datetime.fromtimestamp(day * DAY + 12 * HOUR, tz=UTC).astimezone(ZONE)
    shift = noon.utcoffset()
    assert shift is not None
    return int(shift.total_seconds())


def local(moment: int) -> int:
    """A moment on the local clock, still in seconds since 1970."""
    return moment + offset(moment // DAY)


def from_local(moment: int) -> int:
    """The moment at which the local clock shows this."""
    return moment - offset(moment // DAY)


def weekday(local_moment: int) -> int:
    """Day of the week, Monday is 0; 1970 began on a Thursday."""
    return (local_moment // DAY + 3) % 7


def weekday_weight(day: int) -> float:
    """How much is written on that day since 1970, against the mean day."""
    return _WEEKDAY_WEIGHTS[weekday(day * DAY)]


def customer_moment(source: random.Random, day: int) -> int:
    """A moment at which a customer writes, on that day since 1970."""
    hour = source.choices(_HOURS, weights=_HOUR_WEIGHTS)[0]
    return from_local(day * DAY + hour * HOUR + int(source.random() * HOUR))


def lognormal_seconds(source: random.Random, median_minutes: float, spread: float) -> int:
    """A delay with that median, at least 20 seconds."""
    return 20 + int(MINUTE * source.lognormvariate(math.log(median_minutes), spread))


def is_open(local_moment: int, service: Service) -> bool:
    """Whether the service is open at that local moment."""
    hour = local_moment % DAY / HOUR
    return (
        weekday(local_moment) < service.weekdays
        and service.opens_hour <= hour < service.closes_hour
    )


def next_opening(local_moment: int, service: Service) -> int:
    """The local moment itself while open, otherwise the next opening."""
    if is_open(local_moment, service):
        return local_moment
    day = local_moment // DAY
    if local_moment % DAY >= service.opens_hour * HOUR:
        day += 1
    while weekday(day * DAY) >= service.weekdays:
        day += 1
    return day * DAY + service.opens_hour * HOUR


def brand_moment(source: random.Random, asked_at: int, service: Service, load: float = 1) -> int:
    """When a brand answers what was asked then; ``load`` over 1 in times of stress.

    Out of hours the answer waits for the opening and for its turn in the morning's queue.
    """
    asked = local(asked_at)
    start = next_opening(asked, service)
    delay = lognormal_seconds(source, service.median_minutes * load, 0.8)
    answered = start + delay
    if not is_open(answered, service):
        answered = next_opening(answered, service) + lognormal_seconds(source, 25, 0.7)
    return from_local(answered)


def peer_moment(source: random.Random, asked_at: int, median_minutes: float) -> int:
    """When another customer answers: soon, but seldom in the middle of the night."""
    answered = local(asked_at + lognormal_seconds(source, median_minutes, 1.1))
    if answered % DAY < _MORNING_HOUR * HOUR and source.random() < 0.85:
        answered += _MORNING_HOUR * HOUR - answered % DAY + int(source.random() * 3 * HOUR)
    return from_local(answered)


def naive(moment: int) -> str:
    """A moment as the CRM writes it: local time without a zone."""
    stamp = datetime.fromtimestamp(moment, tz=UTC).astimezone(ZONE)
    return stamp.strftime("%Y-%m-%d %H:%M:%S")
