"""CRM exports as CSV: customers, consents, orders and their lines, survey answers, loyalty.

Times are naive, in the company's time zone. Customers are exported in full at the start and at
the end and as changes in between; an order is exported again when its state has changed, a consent
when it was withdrawn or given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from spark_jobs.demo_dumps.clock import DAY, naive
from spark_jobs.demo_dumps.consents import Consent
from spark_jobs.demo_dumps.deliveries.files import Delivery, Faults, csv_record
from spark_jobs.demo_dumps.personal_data import written_phone
from spark_jobs.demo_dumps.purchases import Answer, Line, Movement, Order, lines_of
from spark_jobs.demo_dumps.records import CustomerRow, Person
from spark_jobs.demo_dumps.streams import stream
from spark_jobs.demo_dumps.world import World

_EXPORT_DAYS = (0, 30, 60)
_CUSTOMERS = (
    "customer_id", "first_name", "last_name", "email", "phone", "street", "postal_code", "city",
    "country", "birth_date", "language", "loyalty_card_id", "x_handle", "reddit_handle",
    "customer_care_handle", "created_at", "updated_at", "is_deleted",
)  # fmt: skip
_ORDERS = (
    "order_id", "customer_id", "email", "phone", "loyalty_card_id", "brand", "sales_channel",
    "status", "currency", "total_amount", "product_ids", "ordered_at", "updated_at",
)  # fmt: skip
_ORDER_LINES = (
    "order_id", "line_id", "product_id", "product_name", "quantity", "unit_amount", "line_amount",
    "currency", "ordered_at",
)  # fmt: skip
_CONSENTS = (
    "consent_id", "customer_id", "email", "phone", "purpose", "channel", "is_granted",
    "changed_at", "legal_basis", "origin",
)  # fmt: skip
_SURVEYS = (
    "response_id", "survey_id", "customer_id", "email", "order_id", "brand", "nps_score",
    "comment", "answered_at",
)  # fmt: skip
_LOYALTY = (
    "movement_id", "loyalty_card_id", "customer_id", "order_id", "movement_type", "points_count",
    "moved_at",
)  # fmt: skip
_KINDS = {
    "customers": ("missing_field", "impossible_date", "not_utf8"),
    "orders": ("wrong_type", "impossible_value", "impossible_date"),
    "surveys": ("impossible_value", "broken_over_lines", "missing_field"),
    "loyalty": ("wrong_type", "impossible_value", "missing_field"),
    "order_lines": ("wrong_type", "missing_field", "impossible_date"),
    "consents": ("impossible_value", "missing_field", "impossible_date"),
}
_HEADERS = {
    "customers": _CUSTOMERS,
    "orders": _ORDERS,
    "surveys": _SURVEYS,
    "loyalty": _LOYALTY,
    "order_lines": _ORDER_LINES,
    "consents": _CONSENTS,
}
_IMPOSSIBLE = "2026-13-40 10:00:00"


class CrmTables:
    """Writes the CRM's sources, one person after the other."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._source = stream(world.seed, "delivery:crm")
        self._repeats = dict.fromkeys(_KINDS, self._source)
        for table in ("order_lines", "consents"):
            self._repeats[table] = stream(world.seed, f"delivery:crm:{table}")
        self._exports = [world.start + days * DAY for days in _EXPORT_DAYS] + [world.end]
        self._faults = {table: Faults(kinds, 0.003) for table, kinds in _KINDS.items()}

    def _file(self, table: str, export: int) -> str:
        day = datetime.fromtimestamp(self._exports[export], tz=UTC)
        return f"crm/{table}/{table}_{day:%Y-%m-%d}.csv"

    def _export_of(self, moment: int) -> int:
        """The first export that knows of something that happened then."""
        return next(
            index
            for index, exported in enumerate(self._exports)
            if moment <= exported or exported == self._world.end
        )

    def _write(
        self, table: str, export: int, row: Sequence[object], *, is_known: bool = False
    ) -> None:
        """Append a row to an export; ``is_known`` where an earlier one had the same."""
        source, file = f"crm_{table}", self._file(table, export)
        if self._delivery.is_new(file):
            self._delivery.accepted(source, file, csv_record(_HEADERS[table]), records=0)
        record = csv_record(row)
        if is_known:
            self._delivery.repeated(source, file, record)
            return
        self._delivery.accepted(source, file, record)
        if self._repeats[table].random() < 0.003:
            self._delivery.repeated(source, file, record)
        for kind in self._faults[table].due(1):
            self._broken(table, source, file, list(row), kind)

    def customer(self, person: Person, row: CustomerRow) -> None:
        """Every version of a customer row, in the exports that have it."""
        draw = self._source.random
        first_export = self._export_of(row.created_at)
        phone = written_phone(self._source, person.country, row.phone) if row.phone else ""
        first = self._customer_values(person, row, phone, min(row.updated_at, row.created_at))
        self._write("customers", first_export, first)
        current = first
        update_export = self._export_of(row.updated_at)
        if update_export > first_export:
            current = self._customer_values(person, row, phone, row.updated_at)
            self._write("customers", update_export, current)
        last = len(self._exports) - 1
        changes = draw()
        if changes < 0.04:
            current = list(current)
            current[_CUSTOMERS.index("updated_at")] = naive(self._world.end - 9 * DAY)
            if changes < 0.01:
                current[_CUSTOMERS.index("is_deleted")] = "true"
            else:
                current[_CUSTOMERS.index("street")] = f"{int(draw() * 90) + 1} {row.street[-14:]}"
            self._write("customers", last, current)
        elif max(first_export, update_export) < last:
            self._write("customers", last, current, is_known=True)

    def _customer_values(
        self, person: Person, row: CustomerRow, phone: str, updated_at: int
    ) -> list[object]:
        return [
            row.customer_id,
            row.first_name,
            row.last_name,
            row.email,
            phone,
            row.street,
            person.postal_code,
            person.city,
            person.country,
            person.birth_date,
            person.language,
            row.loyalty_card_id,
            row.handles.get("x", ""),
            row.handles.get("reddit", ""),
            row.handles.get("customer_care", ""),
            naive(row.created_at),
            naive(updated_at),
            "false",
        ]

    def record(self, record: Order | Line | Answer | Movement) -> None:
        """Every version of an order, a survey answer, a loyalty movement or a line on its own."""
        if isinstance(record, Order):
            self._order(record)
        elif isinstance(record, Line):
            export = self._export_of(record.ordered_at)
            self._write("order_lines", export, _line_values(record))
        elif isinstance(record, Answer):
            self._write("surveys", self._export_of(record.answered_at), _answer_values(record))
        else:
            self._write("loyalty", self._export_of(record.moved_at), _movement_values(record))

    def _order(self, order: Order) -> None:
        ordered, updated = self._export_of(order.ordered_at), self._export_of(order.updated_at)
        if ordered < updated:
            placed = replace(order, status="placed", updated_at=order.ordered_at)
            self._write("orders", ordered, _order_values(placed))
        self._write("orders", updated, _order_values(order))
        for line in lines_of(order):
            self._write("order_lines", ordered, _line_values(line))

    def consent(self, consent: Consent) -> None:
        """A version of a consent."""
        self._write("consents", self._export_of(consent.changed_at), _consent_values(consent))

    def _broken(self, table: str, source: str, file: str, row: list[object], kind: str) -> None:
        """A broken row under an id that nobody else has."""
        row[0] = f"{row[0]}-X"
        columns = _HEADERS[table]
        last_column = {
            "customers": "updated_at",
            "orders": "ordered_at",
            "order_lines": "ordered_at",
            "consents": "changed_at",
        }
        if kind == "missing_field":
            row[0] = ""
        elif kind == "impossible_date":
            row[columns.index(last_column[table])] = _IMPOSSIBLE
        elif kind == "wrong_type":
            number = {
                "orders": "total_amount",
                "order_lines": "quantity",
                "loyalty": "points_count",
            }[table]
            row[columns.index(number)] = "beaucoup"
        elif kind == "impossible_value":
            column, value = {
                "orders": ("status", "teleported"),
                "surveys": ("nps_score", "11"),
                "loyalty": ("movement_type", "gift"),
                "consents": ("is_granted", "peut-être"),
            }[table]
            row[columns.index(column)] = value
        elif kind == "not_utf8":
            row[columns.index("city")] = "Évry-Courcouronnes"
        elif kind == "broken_over_lines":
            row[columns.index("comment")] = "première ligne BREAK seconde ligne"
        record = csv_record(row)
        if kind == "not_utf8":
            record = record.decode("utf-8").encode("cp1252", "replace")
        elif kind == "broken_over_lines":
            record = record.replace(b" BREAK ", b"\n")
        self._delivery.broken(source, file, record, kind)


def _order_values(order: Order) -> list[object]:
    return [
        order.order_id,
        order.customer_id,
        order.email,
        order.phone,
        order.loyalty_card_id,
        order.brand,
        order.sales_channel,
        order.status,
        order.currency,
        f"{order.amount:.2f}",
        "|".join(order.product_ids),
        naive(order.ordered_at),
        naive(order.updated_at),
    ]


def _line_values(line: Line) -> list[object]:
    return [
        line.order_id,
        line.line_id,
        line.product.product_id,
        line.product.name,
        line.quantity,
        f"{line.product.price:.2f}",
        f"{line.amount:.2f}",
        line.currency,
        naive(line.ordered_at),
    ]


def _consent_values(consent: Consent) -> list[object]:
    return [
        consent.consent_id,
        consent.customer_id,
        consent.email,
        consent.phone,
        consent.purpose,
        consent.channel,
        str(consent.is_granted).lower(),
        naive(consent.changed_at),
        "consent",
        consent.origin,
    ]


def _answer_values(answer: Answer) -> list[object]:
    return [
        answer.response_id,
        answer.survey_id,
        answer.customer_id,
        answer.email,
        answer.order_id,
        answer.brand,
        answer.score,
        answer.comment,
        naive(answer.answered_at),
    ]


def _movement_values(movement: Movement) -> list[object]:
    return [
        movement.movement_id,
        movement.loyalty_card_id,
        movement.customer_id,
        movement.order_id,
        movement.kind,
        movement.points,
        naive(movement.moved_at),
    ]
