"""The bronze tables: what sources delivered, in canonical columns, with where it came from.

Adapters fill these. A field that a source does not have is null, never a made-up value. The tables
are declared by what they are about; here they are put together.
"""

from __future__ import annotations

from spark_jobs.tables.capture_log import LEDGER, QUARANTINE, REPEATS
from spark_jobs.tables.crm import (
    CONSENTS,
    CUSTOMERS,
    IDENTITY_DECISIONS,
    LOYALTY,
    ORDER_LINES,
    ORDERS,
    SURVEYS,
)
from spark_jobs.tables.social import ACCOUNTS, INTERACTIONS, POSTS, TAGS

ENTITIES = (
    POSTS,
    ACCOUNTS,
    INTERACTIONS,
    TAGS,
    CUSTOMERS,
    ORDERS,
    ORDER_LINES,
    SURVEYS,
    LOYALTY,
    CONSENTS,
    IDENTITY_DECISIONS,
)
"""The tables that adapters fill."""

TABLES = {table.name: table for table in (*ENTITIES, LEDGER, QUARANTINE, REPEATS)}
