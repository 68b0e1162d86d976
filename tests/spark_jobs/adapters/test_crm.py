"""The CRM sources: each maps the columns of its export and refuses what cannot be true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from spark_jobs.adapters.mapped_tables import fields_read
from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

Read = Callable[..., list[Outcome]]
SHIPPED = {source.name: source for source in read_sources(SHIPPED_SOURCES).sources}
ROWS: dict[str, dict[str, str]] = {
    "crm_customers": {
        "customer_id": "C-7",
        "first_name": "Ilse",
        "last_name": "Marchetal",
        "email": "ilse@",
        "phone": "call me",
        "street": "3 rue des Essais",
        "postal_code": "01234",
        "city": "Testville",
        "country": "fr",
        "birth_date": "1987-02-28",
        "language": "FR",
        "loyalty_card_id": "L-1",
        "x_handle": "@Ilse_M",
        "reddit_handle": "/u/Some-One",
        "customer_care_handle": "900712",
        "created_at": "2023-01-01 00:30:00",
        "updated_at": "2024-01-01T00:00:00Z",
        "is_deleted": "false",
    },
    "crm_orders": {
        "order_id": "O-1",
        "customer_id": "C-7",
        "email": "ilse@exemple.fr",
        "phone": "01 99 00 12 34",
        "loyalty_card_id": "L-1",
        "brand": "Brindille",
        "sales_channel": "web",
        "status": "Shipped",
        "currency": "eur",
        "total_amount": "-12.5",
        "product_ids": "P-1| P-2|",
        "ordered_at": "2024-07-01 10:00:00",
        "updated_at": "2024-07-02 10:00:00",
    },
    "crm_order_lines": {
        "order_id": "O-1",
        "line_id": "1",
        "product_id": "P-1",
        "product_name": "Serre Rosée",
        "quantity": "2.5",
        "unit_amount": "189",
        "line_amount": "-472.50",
        "currency": "eur",
        "ordered_at": "2024-07-01 10:00:00",
        "updated_at": "2024-07-02 10:00:00",
    },
    "crm_identity_decisions": {
        "decision_id": "D-1",
        "decision": "Apart",
        "record_source": "CRM",
        "record_id": "C-7",
        "other_record_source": "x",
        "other_record_id": "10",
        "author": "Lea",
        "decided_at": "2024-07-01 10:00:00",
        "is_withdrawn": "false",
        "reason": "father and son",
    },
    "crm_consents": {
        "consent_id": "K-1",
        "customer_id": "C-7",
        "email": "ilse@exemple.fr",
        "phone": "01 99 00 12 34",
        "purpose": "newsletter",
        "channel": "Email",
        "is_granted": "TRUE",
        "changed_at": "2024-07-01 10:00:00",
        "legal_basis": "consent",
        "origin": "web form",
    },
    "crm_surveys": {
        "response_id": "R-1",
        "survey_id": "S-1",
        "customer_id": "C-7",
        "email": "ilse@exemple.fr",
        "order_id": "O-1",
        "brand": "Brindille",
        "nps_score": "9",
        "comment": 'fine, "really"',
        "answered_at": "2024-07-01 10:00:00",
    },
    "crm_loyalty": {
        "movement_id": "M-1",
        "loyalty_card_id": "L-1",
        "customer_id": "C-7",
        "order_id": "O-1",
        "movement_type": "Redeem",
        "points_count": "-120",
        "moved_at": "2024-07-01 10:00:00",
    },
}
EXPECTED: dict[str, dict[str, Any]] = {
    "crm_customers": {
        **ROWS["crm_customers"],
        "country": "FR",
        "birth_date": date(1987, 2, 28),
        "language": "fr",
        "handles": ["x:ilse_m", "reddit:some-one", "customer_care:900712"],
        "created_at": datetime(2022, 12, 31, 23, 30, tzinfo=UTC),
        "updated_at": datetime(2024, 1, 1, tzinfo=UTC),
        "is_deleted": False,
    },
    "crm_orders": {
        **ROWS["crm_orders"],
        "status": "shipped",
        "currency": "EUR",
        "total_amount": Decimal("-12.50"),
        "product_ids": ["P-1", "P-2"],
        "ordered_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
        "updated_at": datetime(2024, 7, 2, 8, tzinfo=UTC),
    },
    "crm_order_lines": {
        **ROWS["crm_order_lines"],
        "quantity": 2.5,
        "unit_amount": Decimal("189.00"),
        "line_amount": Decimal("-472.50"),
        "currency": "EUR",
        "ordered_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
        "updated_at": datetime(2024, 7, 2, 8, tzinfo=UTC),
    },
    "crm_identity_decisions": {
        **ROWS["crm_identity_decisions"],
        "decision": "apart",
        "record_source": "crm",
        "decided_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
        "is_withdrawn": False,
    },
    "crm_consents": {
        **ROWS["crm_consents"],
        "contact_channel": "email",
        "is_granted": True,
        "changed_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
    },
    "crm_surveys": {
        **ROWS["crm_surveys"],
        "nps_score": 9,
        "text": 'fine, "really"',
        "text_key": text_key('fine, "really"'),
        "is_text_repaired": False,
        "answered_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
    },
    "crm_loyalty": {
        **ROWS["crm_loyalty"],
        "movement_type": "redeem",
        "points_count": -120,
        "moved_at": datetime(2024, 7, 1, 8, tzinfo=UTC),
    },
}
RENAMED = {"x_handle", "reddit_handle", "customer_care_handle", "comment", "channel"}


def lines(adapter: str, **changes: str) -> list[str]:
    fields = {**ROWS[adapter], **changes}
    quoted = ('"' + field.replace('"', '""') + '"' for field in fields.values())
    return [",".join(fields), ",".join(quoted)]


@pytest.mark.parametrize("adapter", ROWS)
def test_row(read_all: Read, adapter: str, assert_conform: Callable[[list[Outcome]], None]) -> None:
    outcomes = read_all(adapter, lines(adapter), time_zone="Europe/Paris")
    (outcome,) = outcomes
    assert isinstance(outcome, Accepted)
    expected = {k: v for k, v in EXPECTED[adapter].items() if k not in RENAMED}
    assert outcome.values == expected
    assert (outcome.table, outcome.position, outcome.item) == (adapter[4:], 2, None)
    assert outcome.raw == lines(adapter)[1]
    assert_conform(outcomes)


@pytest.mark.parametrize("adapter", ROWS)
def test_row_with_required_columns_only(
    read_all: Read, adapter: str, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    required, _, _ = fields_read(SHIPPED[adapter].mapping)
    row = {name: ROWS[adapter][name] for name in required}
    outcomes = read_all(adapter, [",".join(["extra", *row]), ",".join(["x", *row.values()])])
    (outcome,) = outcomes
    assert isinstance(outcome, Accepted)
    assert {name for name, value in outcome.values.items() if value is not None} == set(required)
    assert_conform(outcomes)


@pytest.mark.parametrize(
    ("adapter", "changes", "reason", "part_of_detail"),
    [
        ("crm_customers", {"customer_id": " "}, "missing_field", "customer_id"),
        ("crm_customers", {"customer_id": "1.2E+15"}, "rounded_id", "customer_id: found 1.2E+15"),
        ("crm_customers", {"country": "France"}, "impossible_value", "country: found 'France'"),
        ("crm_customers", {"birth_date": "1900-01-01"}, "impossible_value", "a day in 1900"),
        ("crm_customers", {"birth_date": "2023-01-02"}, "impossible_value", "after created_at"),
        ("crm_customers", {"is_deleted": "maybe"}, "impossible_value", "is_deleted"),
        ("crm_orders", {"order_id": ""}, "missing_field", "order_id"),
        ("crm_orders", {"ordered_at": ""}, "missing_field", "ordered_at"),
        ("crm_orders", {"ordered_at": "1900-01-01 00:00"}, "impossible_value", "ordered_at"),
        ("crm_orders", {"status": "lost"}, "impossible_value", "found 'lost', expected one of"),
        ("crm_orders", {"total_amount": "12,50"}, "wrong_type", "total_amount"),
        ("crm_orders", {"currency": "€"}, "impossible_value", "currency"),
        ("crm_order_lines", {"line_id": ""}, "missing_field", "line_id"),
        ("crm_order_lines", {"quantity": "two"}, "wrong_type", "quantity: found 'two'"),
        ("crm_order_lines", {"unit_amount": "1.999"}, "wrong_type", "unit_amount"),
        ("crm_order_lines", {"product_id": "3.7E+12"}, "rounded_id", "product_id"),
        ("crm_identity_decisions", {"decision": "merge"}, "impossible_value", "together"),
        ("crm_identity_decisions", {"author": ""}, "missing_field", "author"),
        ("crm_consents", {"is_granted": ""}, "missing_field", "is_granted"),
        ("crm_consents", {"is_granted": "maybe"}, "impossible_value", "is_granted"),
        ("crm_consents", {"purpose": ""}, "missing_field", "purpose"),
        ("crm_consents", {"changed_at": "2024-07-01"}, "impossible_value", "changed_at"),
        ("crm_surveys", {"nps_score": "11"}, "impossible_value", "nps_score: found '11'"),
        ("crm_surveys", {"nps_score": "ten"}, "wrong_type", "nps_score: found 'ten'"),
        ("crm_surveys", {"nps_score": "-1"}, "impossible_value", "from 0 to 10"),
        ("crm_surveys", {"answered_at": "Monday"}, "impossible_value", "answered_at"),
        ("crm_loyalty", {"loyalty_card_id": ""}, "missing_field", "loyalty_card_id"),
        ("crm_loyalty", {"movement_type": ""}, "missing_field", "movement_type"),
        ("crm_loyalty", {"movement_type": "gift"}, "impossible_value", "found 'gift'"),
        ("crm_loyalty", {"points_count": ""}, "missing_field", "points_count"),
        ("crm_loyalty", {"points_count": "120"}, "impossible_value", "a negative number"),
        ("crm_loyalty", {"movement_type": "earn"}, "impossible_value", "a number above zero"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, adapter: str, changes: dict[str, str], reason: str, part_of_detail: str
) -> None:
    header, row = lines(adapter, **changes)
    good = lines(adapter)[1]
    first, fault, last = read_all(adapter, [header, good, row, good])
    assert isinstance(first, Accepted)
    assert isinstance(fault, Quarantined)
    assert isinstance(last, Accepted)
    assert (fault.reason, fault.position, fault.raw) == (reason, 3, row)
    assert part_of_detail in fault.detail


def test_handles_are_null_where_nobody_asked_and_empty_where_nobody_answered(
    read_all: Read,
) -> None:
    without, with_column = (
        read_all("crm_customers", [header, row])[0]
        for header, row in (("customer_id,city", "C-1,x"), ("customer_id,x_handle", "C-1,"))
    )
    assert isinstance(without, Accepted)
    assert isinstance(with_column, Accepted)
    assert without.values["handles"] is None
    assert with_column.values["handles"] == []


def test_a_birth_date_is_not_shown(read_all: Read) -> None:
    for written in ("28/02/1987", "1987-02-30", "1899-01-01"):
        (fault,) = read_all("crm_customers", lines("crm_customers", birth_date=written))
        assert isinstance(fault, Quarantined)
        assert fault.detail.startswith("birth_date: found a ")
        assert not any(part in fault.detail for part in ("1987", "28/02", "-01-01"))


def test_any_source_may_have_a_column_of_handles(read_all: Read) -> None:
    header = "customer_id,mastodon_handle,_handle,stackexchange_handle"
    (outcome,) = read_all("crm_customers", [header, "C-1,@Ilse@Essai.example,x,"])
    assert isinstance(outcome, Accepted)
    assert outcome.values["handles"] == ["mastodon:ilse@essai.example"]
