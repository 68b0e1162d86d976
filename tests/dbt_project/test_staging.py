"""What staging lets through: versions of consents, and no contact point, in names neither."""

from __future__ import annotations


def test_consents_keep_their_versions_and_no_contact_point(company_warehouse):
    consents = company_warehouse.rows(
        "select consent_id, is_granted, email_key from staging.stg_crm__consents"
        " where consent_id = 'K1' order by changed_at"
    )
    assert consents == [("K1", True, "mail-1"), ("K1", False, "mail-1")]
    columns = company_warehouse.rows(
        "select column_name from information_schema.columns where table_name = 'stg_crm__consents'"
    )
    assert {"email", "phone"}.isdisjoint({name for (name,) in columns})


def test_names_keep_no_contact_point(company_warehouse):
    assert company_warehouse.row(
        "select handle, display_name from staging.stg_social__accounts where account_id = '500'"
    ) == ("lurker", "Lou 2026, <email>, <phone> or <phone>")
    assert company_warehouse.row(
        "select first_name from staging.stg_crm__customers where customer_id = 'C4'"
    ) == ("Gone <phone>",)
