"""What staging lets through of the CRM: lines and consents that no mart reads yet."""

from __future__ import annotations


def test_lines_hang_on_their_order(company_warehouse):
    lines = (
        "select order_id, line_id, quantity, line_amount::varchar from staging.stg_crm__order_lines"
    )
    assert company_warehouse.rows(f"{lines} order by all") == [
        ("O1", "1", 2.0, "25.00"),
        ("O2", "1", None, "10.50"),
    ]
    orphans = """
        select count(*) from staging.stg_crm__order_lines as lines
        anti join staging.stg_crm__orders as orders on lines.order_key = orders.order_key
    """
    assert company_warehouse.row(orphans) == (0,)


def test_consents_keep_their_versions_and_no_contact_point(company_warehouse):
    consents = company_warehouse.rows(
        "select consent_id, is_granted, email_key from staging.stg_crm__consents"
        " order by changed_at"
    )
    assert consents == [("K1", True, "mail-1"), ("K1", False, "mail-1")]
    columns = company_warehouse.rows(
        "select column_name from information_schema.columns where table_name = 'stg_crm__consents'"
    )
    assert {"email", "phone"}.isdisjoint({name for (name,) in columns})
