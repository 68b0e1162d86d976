"""What customers allow: a consent for each purpose and means, sometimes withdrawn later.

Drawn from a stream of its own, customer row by customer row; the CSV files are
``deliveries.crm_tables``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spark_jobs.demo_dumps.clock import DAY
from spark_jobs.demo_dumps.records import CustomerRow, Person
from spark_jobs.demo_dumps.streams import pick, stream

_ASKED = (
    ("newsletter", "email", 0.62),
    ("offers", "sms", 0.31),
    ("profiling", "", 0.48),
)
"""Purpose, means, and the share of customers who say yes when they become one."""
_ORIGINS = ("web form", "store", "phone call")
_WITHDRAWN = 0.11


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it stood from a moment on; the same id again is a newer version of it."""

    consent_id: str
    person_id: str
    customer_id: str
    email: str
    phone: str
    purpose: str
    channel: str
    is_granted: bool
    changed_at: int
    origin: str


class Consents:
    """Draws the consents of customers."""

    def __init__(self, seed: int, end: int) -> None:
        self._source = stream(seed, "consents")
        self._end = end
        self._count = 0

    def of(self, person: Person, row: CustomerRow) -> Iterator[Consent]:
        """Every version of every consent of a customer row, the oldest first."""
        source = self._source
        for purpose, channel, share in _ASKED:
            if channel == "sms" and not row.phone:
                continue
            self._count += 1
            is_granted = source.random() < share
            moments = [row.created_at]
            changed_at = row.created_at + int((20 + source.random() * 400) * DAY)
            if source.random() < _WITHDRAWN and changed_at < self._end:
                moments.append(changed_at)
            for number, moment in enumerate(moments):
                yield Consent(
                    consent_id=f"K{self._count:08d}",
                    person_id=person.person_id,
                    customer_id=row.customer_id,
                    email=row.email if channel == "email" else "",
                    phone=row.phone if channel == "sms" else "",
                    purpose=purpose,
                    channel=channel,
                    is_granted=is_granted != bool(number),
                    changed_at=moment,
                    origin=pick(source, _ORIGINS),
                )
