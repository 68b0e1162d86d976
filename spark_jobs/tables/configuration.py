"""What the sources file declares, as tables the warehouse joins with."""

from __future__ import annotations

from spark_jobs.tables.declaration import (
    BOOLEAN,
    DATE,
    RATE,
    STRING,
    STRINGS,
    Column,
    Table,
)

BRANDS = Table(
    "brands",
    "one brand",
    ("brand",),
    (
        Column("brand", STRING, "Name as people write it.", required=True),
        Column("aliases", STRINGS, "Other ways people write it.", required=True),
        Column("products", STRINGS, "Products to recognise in texts.", required=True),
        Column("is_competitor", BOOLEAN, "Whether it is somebody else's.", required=True),
    ),
)

BRAND_ACCOUNTS = Table(
    "brand_accounts",
    "one account that speaks for a brand",
    ("source", "account"),
    (
        Column("source", STRING, "Source of the account.", required=True),
        Column("account", STRING, "Its id or handle, lower case.", required=True),
        Column("brand", STRING, "Brand it speaks for.", required=True),
        Column("department", STRING, "Department that answers from it."),
        Column("is_automated", BOOLEAN, "Whether a program writes there.", required=True),
    ),
)

CURRENCY_RATES = Table(
    "currency_rates",
    "one rate of a currency in another, from a day on",
    ("currency", "in_currency", "valid_from"),
    (
        Column("currency", STRING, "Currency, ISO 4217.", required=True),
        Column("in_currency", STRING, "Currency it is changed into.", required=True),
        Column("valid_from", DATE, "First day, in UTC, on which it holds.", required=True),
        Column("rate", RATE, "Units of the other for one unit.", required=True),
        Column("origin", STRING, "Who states it.", required=True),
    ),
)

EMPLOYEES = Table(
    "employees",
    "one account or CRM customer of somebody who works for a brand",
    ("source", "account", "brand"),
    (
        Column("source", STRING, "Source of the account, or crm.", required=True),
        Column("account", STRING, "Its id or handle, or customer id, lower case.", required=True),
        Column("brand", STRING, "Brand they work for.", required=True),
    ),
)

SOURCES = Table(
    "sources",
    "one source",
    ("source",),
    (
        Column("source", STRING, "Name of the source.", required=True),
        Column("adapter", STRING, "Adapter that reads it.", required=True),
        Column("channel", STRING, "Medium.", required=True),
        Column(
            "mapping_version",
            STRING,
            "Hash of the mapping that reads it; null where another adapter does.",
        ),
        Column("time_zone", STRING, "Zone of times written without one.", required=True),
    ),
)

TABLES = {
    table.name: table for table in (BRANDS, BRAND_ACCOUNTS, CURRENCY_RATES, EMPLOYEES, SOURCES)
}
