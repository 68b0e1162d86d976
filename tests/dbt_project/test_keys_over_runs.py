"""Keys of people from publication to publication: what comes, goes, merges and falls apart."""

from __future__ import annotations

import shutil

import pytest
from lake import write_lake

from orchestration.publication import publish

ONLY_IDENTITY = (
    "--select",
    "+bridge_customer_identifiers",
    "+customer_key_history",
    "mart_identity_model",
    "+mart_identity_clusters",
    "--exclude-resource-type",
    "unit_test",
    "test",
)
TABLES = [
    "bridge_customer_identifiers",
    "customer_key_history",
    "mart_identity_model",
]


def customer(customer_id, email=None, **values):
    return {"customer_id": customer_id, "email_key": email, "handles": [], **values}


def decision(decision_id, kind, one, other, day, **values):
    return {
        "decision_id": decision_id,
        "decision": kind,
        "record_id": one,
        "other_record_id": other,
        "decided_at": f"2026-01-{day:02d}",
        **values,
    }


KEPT = [customer("K5", "anna"), customer("K6", "ben"), customer("K7", "ben")]
ANN, BEA, EVA = customer("C1", "ann"), customer("C2", "bea"), customer("C3", "eva")
CROWD = [customer(name, "dora") for name in ("D1", "D2", "D3")]
DECIDED = [customer("P1", "pat"), customer("P2", "pat"), customer("P3", "quin")]
DECISIONS = [
    decision("E1", "apart", "P1", "P2", 1),
    decision("E2", "together", "P2", "P3", 2),
    decision("E3", "together", "P1", "nobody", 3),
    decision("E4", "together", "P3", "10", 4, other_record_source="x"),
]
QUIN = {"account_id": "10", "handle": "quin", "received_at": "2026-01-01"}
WITHDRAWN = decision("E1", "apart", "P1", "P2", 5, is_withdrawn=True)
RUNS = [
    ([*KEPT, ANN, BEA, EVA, *DECIDED], DECISIONS),
    # Bea gives Ann's e-mail. Anna has an earlier record, Ben another name, and all another order.
    (
        [
            *[*DECIDED[::-1], *CROWD, EVA, customer("C2", "ann"), ANN],
            *[customer("K7", "ben"), customer("K6", "ben", last_name="Roe")],
            *[customer("K1", "anna"), customer("K5", "anna"), customer("K9", "cara")],
        ],
        DECISIONS,
    ),
    # Both give Dora's. The record that Ben was named after is gone.
    (
        [
            *[*DECIDED, *CROWD, EVA, customer("C2", "dora"), customer("C1", "dora")],
            *[customer("K7", "ben"), customer("K5", "anna"), customer("K9", "cara")],
        ],
        [*DECISIONS, WITHDRAWN],
    ),
    ([*DECIDED, *CROWD, EVA, BEA, ANN], [*DECISIONS, WITHDRAWN]),
    ([*DECIDED, EVA, BEA, ANN], [*DECISIONS, WITHDRAWN]),
]
"""What each run has: customers and decisions."""


class Published:
    """What one run has published."""

    def __init__(self, warehouse) -> None:
        self.keys = dict(
            warehouse.rows(
                "select identifier, customer_key from bridge_customer_identifiers"
                " where identifier_type = 'crm_customer'"
            )
        )
        self.rules = dict(
            warehouse.rows(
                "select identifier, rule from bridge_customer_identifiers"
                " where identifier_type = 'crm_customer'"
            )
        )
        self.accounts = dict(
            warehouse.rows(
                "select identifier, customer_key from bridge_customer_identifiers"
                " where identifier_type = 'account'"
            )
        )
        self.history = warehouse.rows(
            "select customer_key, new_customer_key, current_customer_key, change, reason"
            " from customer_key_history order by changed_at, change, customer_key"
        )


@pytest.fixture(scope="module")
def runs(build_home, tmp_path_factory):
    """A company that is built and published again and again, each time on all it has by then."""
    folder = tmp_path_factory.mktemp("runs")
    found = []
    for number, (customers, decisions) in enumerate(RUNS):
        home = folder / str(number)
        ledger = [{"source": "crm", "file": "f", "captured_at": f"2026-02-{number + 1:02d}"}]
        tables = {"customers": customers, "identity_decisions": decisions, "ledger": ledger}
        write_lake(home, {**tables, "accounts": [QUIN]})
        if number:
            shutil.copytree(folder / str(number - 1) / "published", home / "published")
        warehouse = build_home(home, *ONLY_IDENTITY)
        target = home / "published" / "warehouse.duckdb"
        publish(warehouse.path, TABLES, target, str(number))
        found.append(Published(warehouse))
    return found


def test_a_key_stays_while_records_come_change_go_and_are_reordered(runs):
    first, second, third = (run.keys for run in runs[:3])
    assert first["K6"] == first["K7"] != first["K5"]
    assert {name: second[name] for name in ("K5", "K6", "K7")} == {
        name: first[name] for name in ("K5", "K6", "K7")
    }
    assert second["K1"] == first["K5"]
    assert {third[name] for name in ("K5", "K7", "K9")} == {
        second[name] for name in ("K5", "K7", "K9")
    }
    kept = {first["K5"], first["K6"]}
    assert not kept & {row[0] for row in runs[2].history}


def test_people_who_merge_leave_their_history_and_old_keys_lead_on(runs):
    first, second, third = runs[:3]
    assert second.keys["C1"] == second.keys["C2"] == first.keys["C1"]
    merged = (first.keys["C2"], first.keys["C1"], first.keys["C1"], "merged", "same e-mail")
    assert second.history == [merged]
    # They are merged once more, into a person with more records.
    dora = second.keys["D1"]
    assert {third.keys[name] for name in ("C1", "C2", "D1", "D2", "D3")} == {dora}
    leading = {row[0]: row[2] for row in third.history}
    assert leading[first.keys["C1"]] == leading[first.keys["C2"]] == dora


def test_people_who_part_get_their_keys_again(runs):
    first, _, third, fourth, _ = runs
    assert {name: fourth.keys[name] for name in ("C1", "C2", "C3")} == {
        name: first.keys[name] for name in ("C1", "C2", "C3")
    }
    dora = third.keys["D1"]
    assert fourth.keys["D1"] == dora
    parted = [row for row in fourth.history if row[3] == "split"]
    why = "nothing holds the records together any more"
    assert {row[1] for row in parted} == {first.keys["C1"], first.keys["C2"]}
    assert {(row[0], row[4]) for row in parted} == {(dora, why)}
    # A key that is in use leads to itself, whatever happened to it before.
    in_use = set(fourth.keys.values())
    assert all(row[2] == row[0] for row in fourth.history if row[0] in in_use)


def test_a_person_of_whom_nothing_is_left_is_recorded(runs):
    dora = runs[3].keys["D1"]
    why = "no record of the person is left"
    assert (dora, None, None, "removed", why) in runs[4].history


def test_decisions_win_survive_runs_and_can_be_withdrawn(runs):
    names = ("P1", "P2", "P3")
    first, second, third = ({name: run.keys[name] for name in names} for run in runs[:3])
    assert first["P2"] == first["P3"] != first["P1"]
    assert second == first
    rules = {name: runs[1].rules[name] for name in names}
    assert rules == {"P1": "own record", "P2": "own record", "P3": "decision of a steward"}
    assert set(third.values()) == {first["P2"]}
    assert [run.accounts["10"] for run in runs] == [run.keys["P3"] for run in runs]
    merged = (first["P1"], first["P2"], first["P2"], "merged", "same e-mail")
    assert merged in runs[2].history
