"""Nobody is contacted without consent: the marts against the rule, written down once more here."""

from __future__ import annotations

import random
from hashlib import md5
from typing import Any

Row = dict[str, Any]

ONLY_CONTACT = ("--exclude-resource-type", "unit_test", "test", "--select", "+restricted_contacts")


def person(customer_id: str) -> str:
    for part in ("crm", "person"):
        customer_id = md5(f"{part}|{customer_id}".encode(), usedforsecurity=False).hexdigest()
    return customer_id


def test_a_withdrawal_counts_and_contact_points_stay_restricted(company_warehouse):
    assert company_warehouse.rows(
        "select consent_id, outcome from fct_consents order by consent_id"
    ) == [
        ("K1", "withdrawn"),
        ("K2", "withdrawn by another record"),
        ("K3", "contactable"),
        ("K4", "contactable"),
        ("K5", "contactable"),
        ("K6", "nobody known by it"),
        ("K7", "no contact point"),
        ("K8", "no contact point"),
    ]
    assert company_warehouse.rows(
        "select customer_key, purpose, contact_channel, contact_point_key, contact_customer_id"
        " from mart_contactable order by contact_channel"
    ) == [
        (person("C1"), "offers", "email", "mail-1", "C2"),
        (person("C1"), "offers", "post", None, "C1"),
        (person("C1"), "offers", "sms", "phone-1", "C1"),
    ]
    assert company_warehouse.rows(
        "select contact_channel, email, phone, street, last_name"
        " from restricted.restricted_contacts order by contact_channel"
    ) == [
        ("email", "Anna.Vale@mail.example", None, None, None),
        ("post", None, None, "7 Rue Inventée", "Vale"),
        ("sms", None, "+33 1 99 00 11 22", None, "Vale"),
    ]


def drawn_consents(seed: int, customers: int) -> list[Row]:
    """Consents and withdrawals that cross one another: ids, subjects, means, moments.

    Of one person some are the customer's, some only those of an e-mail address.
    """
    source = random.Random(seed)
    rows = []
    for _ in range(customers * 5):
        number = source.randrange(customers)
        subject = (
            {"customer_id": f"C{number}"}
            if source.random() < 0.8
            else {"email_key": f"mail-{number}"}
        )
        rows.append(
            subject
            | {
                "consent_id": f"K{source.randrange(customers * 3)}",
                "purpose": source.choice(("newsletter", "offers")),
                "contact_channel": source.choice(("email", "sms", None)),
                "is_granted": source.random() < 0.75,
                "changed_at": f"2026-01-{source.randint(1, 9):02d}",
            }
        )
    return rows


def last_said(consents: list[Row]) -> dict[tuple[str, str, str, str | None], Row]:
    """The newest statement by person, subject, purpose and means; of one moment, a withdrawal."""
    in_order = sorted(consents, key=lambda row: (row["changed_at"], not row["is_granted"]))
    versions = {row["consent_id"]: row for row in in_order}
    in_order = sorted(versions.values(), key=lambda row: (row["changed_at"], not row["is_granted"]))
    said = {}
    for row in in_order:
        subject = "customer" if "customer_id" in row else "email"
        who = row.get("customer_id") or row["email_key"].replace("mail-", "C")
        said[who, subject, row["purpose"], row["contact_channel"]] = row
    return said


def allowed(consents: list[Row]) -> set[tuple[str, str, str]]:
    """Who may be contacted: (customer, purpose, channel).

    Every customer is a person of their own here, and has an e-mail address and a phone number.
    """
    said = last_said(consents)
    result = set()
    for (who, subject, purpose, channel), row in said.items():
        if not row["is_granted"] or channel is None:
            continue
        own = said.get((who, subject, purpose, None))
        other = "email" if subject == "customer" else "customer"
        others = [said.get((who, other, purpose, means)) for means in (channel, None)]
        is_withdrawn = any(veto and not veto["is_granted"] for veto in others)
        if own and not own["is_granted"] and own["changed_at"] >= row["changed_at"]:
            is_withdrawn = True
        if not is_withdrawn:
            result.add((who, purpose, channel))
    return result


def test_nobody_without_consent_is_contactable_whatever_was_said(build, tmp_path):
    customers = [
        {
            "customer_id": f"C{number}",
            "email": f"{number}@mail.example",
            "email_key": f"mail-{number}",
            "phone": f"019900{number:04d}",
            "phone_key": f"phone-{number}",
        }
        for number in range(150)
    ]
    consents = drawn_consents(1, len(customers))
    warehouse = build(tmp_path, {"customers": customers, "consents": consents}, *ONLY_CONTACT)
    found = warehouse.rows("select customer_key, purpose, contact_channel from mart_contactable")
    expected = {(person(who), purpose, channel) for who, purpose, channel in allowed(consents)}
    assert len(expected) > 30
    assert set(found) == expected
    in_the_clear = (
        "select customer_key, purpose, contact_channel from restricted.restricted_contacts"
    )
    assert set(warehouse.rows(in_the_clear)) == expected
