"""The gate before publishing: whole marts pass, lost rows and contact data are stopped."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lake import write_lake

from expectations.contact_data import EMAIL, PHONE, STREET, has_cue
from expectations.gate import GateReport
from expectations.marts import check_marts
from spark_jobs.lake import Lake

MARTS = {
    "fct_posts": """
        select * from (values
            ('x', '1', 'Bonjour', 'fr', 'v1'), ('x', '2', null, null, null)
        ) as posts (source, post_id, text, language, annotation_version)
    """,
    "bridge_customer_identifiers": """
        select 'key' as customer_key, 'crm_customer' as identifier_type, true as is_delivered
    """,
    "fct_orders": "select 'key' as order_key where false",
    "fct_order_lines": "select 'key' as order_line_key where false",
    "mart_rejected_order_lines": "select 'key' as order_line_key where false",
    "fct_survey_responses": "select 'key' as survey_response_key where false",
    "fct_loyalty_movements": "select 'key' as loyalty_movement_key where false",
    "fct_consents": "select 'key' as consent_key where false",
    "mart_identity_clusters": """
        select 'key' as customer_key, 5 as records_count, 4 as links_count, 0.4 as density
    """,
    "mart_identity_decisions": "select 'D1' as decision_id, true as is_followed",
    "mart_capture_ledger": "select 'x/a.jsonl' as file from range(2)",
    "mart_capture_fields": "select 'x' as source, unnest(['media', 'poll']) as field_name",
    "dim_customers": """
        select
            'key' as customer_key, 'Ana, 21 Jump Street' as display_name, 'Paris' as country,
            '0199001122' as loyalty_card_id, ['x'] as channels
    """,
}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for name, query in MARTS.items():
            connection.execute(f"create table marts.{name} as {query}")
    return path


@pytest.fixture
def judged(tmp_path: Path, build: Path) -> GateReport:
    twice = [{"post_id": "2"}, {"post_id": "2", "like_count": 3}]
    files = [
        {"source": "x", "file": "x/a.jsonl", "unmapped_fields": ["media"]},
        {"source": "x", "file": "x/b.jsonl", "unmapped_fields": ["media", "poll"]},
    ]
    write_lake(
        tmp_path,
        {
            "posts": [{"post_id": "1"}, *twice],
            "customers": [
                {
                    "customer_id": "C1",
                    "phone": "+33 1 99 00 11 22",
                    "street": "7 bis, Allée Inventée",
                }
            ],
            "identity_decisions": [
                {
                    "decision_id": "D1",
                    "decision": "together",
                    "record_id": "C1",
                    "other_record_id": "C2",
                    "decided_at": "2026-01-01",
                }
            ],
            "ledger": files,
        },
    )
    return check_marts(build, Lake(tmp_path), sorted(MARTS))


def spoil(build: Path, statement: str) -> None:
    with duckdb.connect(str(build)) as connection:
        connection.execute(statement)


def test_whole_marts_pass(judged: GateReport) -> None:
    assert judged.passed, str(judged)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("delete from marts.fct_posts where post_id = '2'", "posts"),
        ("insert into marts.fct_orders values ('one too many')", "orders"),
        ("insert into marts.mart_rejected_order_lines values ('one too many')", "order lines"),
        ("update marts.bridge_customer_identifiers set is_delivered = false", "CRM customers"),
        ("delete from marts.mart_capture_fields where field_name = 'poll'", "unmapped fields"),
        ("update marts.fct_posts set language = null", "post_id 1"),
        ("update marts.mart_identity_clusters set records_count = 26", "customer_key key"),
        ("update marts.mart_identity_clusters set density = 0.3", "customer_key key"),
        ("update marts.mart_identity_decisions set is_followed = false", "decision_id D1"),
        ("delete from marts.mart_identity_decisions", "identity decisions"),
        ("update marts.dim_customers set display_name = 'ana@example.org'", "ana@example.org"),
        ("update marts.dim_customers set country = '+44 (20) 7946-0000'", "+44 (20) 7946-0000"),
        ("update marts.dim_customers set country = '01 23 45 67 89'", "01 23 45 67 89"),
        (
            "update marts.fct_posts set text = 'Call +44 20 7946 0000' where post_id = '1'",
            "Call +44 20 7946 0000",
        ),
        # The CRM's own, in another layout, and inside a list.
        ("update marts.dim_customers set display_name = 'Ana 0199001122'", "Ana 0199001122"),
        ("update marts.dim_customers set channels = ['x', '01.99001122']", "01.99001122"),
        ("update marts.dim_customers set country = '12 bis rue de la Lune'", "12 bis rue"),
        ("update marts.dim_customers set country = '12 Baker Street'", "12 Baker Street"),
        ("update marts.dim_customers set country = 'Lindengasse 4'", "Lindengasse 4"),
        # The CRM's own, where people choose names freely.
        (
            "update marts.dim_customers set display_name = 'Ana (7 BIS allee inventee)'",
            "Ana (7 BIS allee inventee)",
        ),
    ],
)
def test_a_fault_is_stopped_and_named(
    request: pytest.FixtureRequest, build: Path, statement: str, named: str
) -> None:
    spoil(build, statement)
    report: GateReport = request.getfixturevalue("judged")
    assert not report.passed
    assert named in str(report)


@pytest.mark.parametrize(
    "statement",
    [
        # The shapes that the quarantine shows.
        "update marts.dim_customers set display_name = 'Xxx;xxx.xx@xxxxx.xx;99'",
        "update marts.dim_customers set country = 'Xxx;+99 9 99 99 99 99;99'",
        # Ids, dates, and what people write of shops.
        "update marts.dim_customers set country = '1545634563452345344 of 2026-05-01'",
        "update marts.dim_customers set country = '01.02.2026 10:11:12'",
        "update marts.dim_customers set country = 'r/7 allée'",
        "update marts.fct_posts set text = 'Au 12 rue de la Lune' where post_id = '1'",
    ],
)
def test_what_only_looks_like_contact_data_passes(
    request: pytest.FixtureRequest, build: Path, statement: str
) -> None:
    spoil(build, statement)
    report: GateReport = request.getfixturevalue("judged")
    assert report.passed, str(report)


LATIN = st.characters(max_codepoint=0xFF, exclude_categories=["Cc"])


@pytest.mark.parametrize("regex", [EMAIL, PHONE, STREET], ids=["address", "number", "street"])
@given(data=st.data())
def test_whatever_is_sought_has_a_cue_for_the_database(regex, data):
    found = data.draw(st.from_regex(regex, alphabet=LATIN))
    with duckdb.connect() as connection:
        assert connection.execute(f"select {has_cue('$1', regex)}", [found]).fetchall() == [(True,)]
