"""What a build gives whatever the lake holds, and in whatever order it came."""

from __future__ import annotations

import shutil

import company_lake as company
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake import ANNOTATION_VERSION, annotation, write_lake

from spark_jobs.tables import bronze

from .conftest import Warehouse

ENTITIES = {table.name for table in bronze.ENTITIES}
WITHOUT_TESTS = ("--exclude-resource-type", "unit_test", "test")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


def test_building_again_changes_nothing_whatever_the_order_of_arrival(
    run_dbt, company_warehouse, tmp_path
):
    home = tmp_path / "home"
    (home / "warehouse").mkdir(parents=True)
    again = Warehouse(shutil.copy(company_warehouse.path, home / "warehouse"), {})
    before = {mart: company_warehouse.contents(mart) for mart in company_warehouse.marts()}
    arrived_backwards = {
        name: [
            {"position": position, "batch_id": f"late-{position % 3}", **row}
            if name in ENTITIES
            else row
            for position, row in enumerate(rows, start=1)
        ][::-1]
        for name, rows in company.TABLES.items()
    }
    write_lake(tmp_path, arrived_backwards)
    lake = f"{{bronze_path: {tmp_path / 'bronze'}, silver_path: {tmp_path / 'silver'}}}"
    outcome = run_dbt(home, "build", *WITHOUT_TESTS, "--vars", lake)
    assert outcome.returncode == 0, outcome.stdout
    assert {mart: again.contents(mart) for mart in again.marts()} == before


@pytest.mark.parametrize(
    ("tables", "filled"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param(
            company.CRM,
            {
                "bridge_customer_identifiers",
                "dim_customers",
                "dim_dates",
                "fct_consents",
                "fct_loyalty_movements",
                "fct_order_lines",
                "fct_orders",
                "fct_survey_responses",
                "mart_lifetime_parameters",
                "mart_lifetime_value",
                "mart_loyalty_cards",
                "mart_rejected_order_lines",
                "mart_rfm",
                "mart_score_explanations",
                "mart_affective_segments",
                "mart_churn_evidence",
                "mart_churn_signals",
                "mart_contactable",
                "mart_identity_clusters",
                "mart_nps",
                "mart_source_duplicates",
                "mart_survey_participation",
            },
            id="only a CRM",
        ),
        pytest.param(
            {"posts": company.FORUM_POSTS},
            {
                "bridge_customer_identifiers",
                "bridge_post_topics",
                "dim_accounts",
                "dim_channels",
                "dim_customers",
                "dim_dates",
                "dim_topics",
                "edge_accounts__influences",
                "edge_accounts__replied_to",
                "fct_posts",
                "mart_affective_segments",
            },
            id="only a forum",
        ),
    ],
)
def test_any_landing_builds(build, company_warehouse, tmp_path, tables, filled):
    # Tests that hold of no rows at all are tried once.
    warehouse = build(tmp_path, tables, *(WITHOUT_TESTS if tables else WITHOUT_UNIT_TESTS))
    marts = warehouse.marts()
    assert marts == company_warehouse.marts()
    assert {
        mart for mart in marts if warehouse.row(f"select count(*) from {mart}") != (0,)
    } == filled | {"mart_identity_model"}  # which says why there is no model
    types = (
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema in ('intermediate', 'marts') order by table_name, ordinal_position"
    )
    assert warehouse.rows(types) == company_warehouse.rows(types)


def test_people_keep_their_keys_as_more_data_comes(build, company_warehouse, tmp_path):
    more = {
        **company.TABLES,
        "customers": [
            *company.CRM["customers"],
            {"customer_id": "E1", "loyalty_card_id": "card-1", "email_key": "mail-9"},
            {"customer_id": "E2", "email_key": "mail-9"},
        ],
        "posts": [*company.TABLES["posts"], {"post_id": "900", "author_id": "9"}],
    }
    later = build(tmp_path, more, *WITHOUT_TESTS)
    keys = "select customer_key from dim_customers"
    assert set(company_warehouse.rows(keys)) < set(later.rows(keys))
    # Two new rows join the person whose card one of them carries, one through the other.
    assert later.rows(
        "select identifier, rule from bridge_customer_identifiers where identifier_type ="
        " 'crm_customer' and customer_key = (select customer_key from dim_customers"
        " where customer_id = 'C1') order by identifier"
    ) == [
        ("C1", "own record"),
        ("C2", "same e-mail"),
        ("E1", "same loyalty card"),
        ("E2", "same e-mail"),
    ]


def test_a_null_that_a_mart_must_not_hold_fails_its_build_and_is_named(run_dbt, tmp_path):
    write_lake(tmp_path, {"posts": [{"post_id": "1", "author_id": "9", "text": "hello"}]})
    (file,) = (tmp_path / "bronze" / "posts").glob("source=x/part=*/*.parquet")
    posts = pq.read_table(file, partitioning=None)
    number = posts.schema.get_field_index("channel")
    pq.write_table(posts.set_column(number, "channel", [pa.nulls(1, pa.string())]), file)
    outcome = run_dbt(tmp_path, "build", "--select", "+fct_posts", *WITHOUT_TESTS)
    assert outcome.returncode != 0
    assert "NOT NULL constraint failed: fct_posts__dbt_tmp.channel" in outcome.stdout


def test_a_value_that_a_mart_must_not_hold_fails_its_build_and_the_rule_is_told(run_dbt, tmp_path):
    write_lake(
        tmp_path,
        {
            "posts": [{"post_id": "1", "text": "hello"}],
            "text_annotations": [annotation("hello", sentiment_label="glad")],
        },
    )
    outcome = run_dbt(tmp_path, "build", "--select", "+fct_posts", *WITHOUT_TESTS)
    assert outcome.returncode != 0
    assert (
        "CHECK constraint failed on table fct_posts__dbt_tmp with expression"
        " CHECK((sentiment_label IN ('negative', 'neutral', 'positive')))"
    ) in outcome.stdout


def test_silver_in_two_versions_is_refused(run_dbt, tmp_path):
    write_lake(tmp_path, {"posts": [{"post_id": "1", "text": "hello"}]})
    folder = tmp_path / "silver" / "text_annotations"
    current = folder / f"annotation_version={ANNOTATION_VERSION}"
    (folder / "annotation_version=v2").mkdir()
    (current / "batch_id=batch-1").rename(folder / "annotation_version=v2" / "batch_id=batch-1")
    write_lake(
        tmp_path,
        {
            "posts": [{"post_id": "1", "text": "hello"}],
            "text_annotations": [annotation("hello", language="en")],
        },
    )
    outcome = run_dbt(tmp_path, "build", "--select", "stg_nlp__text_annotations")
    assert outcome.returncode != 0
    assert "key_stg_nlp__text_annotations_text_key" in outcome.stdout


def test_missing_home_is_named(run_dbt, tmp_path):
    outcome = run_dbt(tmp_path, "parse", without="CAUSERIE_HOME")
    assert outcome.returncode != 0
    assert "CAUSERIE_HOME" in outcome.stdout
