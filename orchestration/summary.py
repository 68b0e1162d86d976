"""What came out of a run, for a person at a terminal: counts, gates, answers, and where to look."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import datetime
from pathlib import Path

import duckdb

from graph.connection import GraphConnection, open_driver
from graph.local_server import status
from graph.query_library import read_library, run_query
from orchestration.checks import GATE
from orchestration.customer_summary import print_customers
from orchestration.graph_server import running_connection
from orchestration.home import Home
from orchestration.run import Outcome
from orchestration.settings import DEFAULT_HOME, Settings
from orchestration.terminal import console, duration, print_table

INFLUENCERS_SHOWN = 10
INFLUENCER_COLUMNS = (
    "handle",
    "channel",
    "page_rank_score",
    "influence_weight",
    "amplifiers_count",
    "leading_amplifiers",
    "followers_count",
)
SHOWN_TABLES = (
    "fct_posts",
    "dim_accounts",
    "dim_customers",
    "fct_conversations",
    "fct_orders",
    "fct_survey_responses",
    "fct_loyalty_movements",
    "dim_topics",
)
CAPTURED = """
    select
        source,
        count(*),
        sum(rows_read_count)::bigint,
        sum(rows_accepted_count)::bigint,
        sum(rows_duplicate_count)::bigint,
        sum(rows_quarantined_count)::bigint
    from mart_capture_ledger
    group by source
    order by source
"""
QUARANTINED = """
    with by_file as (
        select source, reasons, unnest(json_keys(reasons)) as reason from mart_capture_ledger
    )
    select source, reason, sum((reasons ->> reason)::bigint)::bigint
    from by_file
    group by source, reason
    order by source, reason
"""
NEW_FIELDS = """
    select source, field_name, first_file, files_count
    from mart_capture_fields
    where first_captured_at >= ?
    order by source, field_name
    limit 20
"""
RESPONSE_TIMES = """
    select
        times.brand,
        coalesce(accounts.handle, accounts.account_id),
        accounts.source,
        times.measure,
        times.turns_count,
        times.response_rate,
        times.median_seconds
    from mart_response_times as times
    inner join dim_accounts as accounts on times.brand_account_key = accounts.account_key
    order by times.turns_count desc, times.brand_account_key, times.measure
    limit 12
"""


def print_summary(home: Home, settings: Settings, outcome: Outcome) -> None:
    """Print the summary of a run that did its work, be it without what was refused."""
    with duckdb.connect(str(home.published), read_only=True) as warehouse:
        captured = ("source", "files", "read", "accepted", "duplicate", "quarantined")
        print_table("Captured, by source", captured, warehouse.execute(CAPTURED).fetchall())
        print_table(
            "In quarantine, by reason",
            ("source", "reason", "records"),
            warehouse.execute(QUARANTINED).fetchall(),
        )
        _print_new_fields(warehouse, outcome.started_at)
        print_table("In the warehouse", ("table", "rows"), _rows_of_tables(warehouse))
        print_customers(warehouse)
        _print_response_times(warehouse)
    connection = running_connection(home, settings)
    _print_influencers(connection)
    if outcome.refusals:
        print_table(
            "Refused: not in bronze, and not in anything above",
            ("source", "why", "what to do"),
            [(entry.source, entry.findings, entry.advice) for entry in outcome.refusals],
        )
    terminal = console()
    terminal.print(_verdict(outcome), soft_wrap=True)
    for line in _where_to_look(home, settings, connection):
        terminal.print(line, soft_wrap=True)


def _rows_of_tables(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return [
        (name, warehouse.execute(f'select count(*) from "{name}"').fetchall()[0][0])
        for name in SHOWN_TABLES
    ]


def _print_new_fields(warehouse: duckdb.DuckDBPyConnection, since: datetime) -> None:
    fields = warehouse.execute(NEW_FIELDS, [since]).fetchall()
    if fields:
        print_table(
            "Fields seen for the first time, kept in the raw records only",
            ("source", "field", "first file", "files"),
            fields,
        )


def _print_response_times(warehouse: duckdb.DuckDBPyConnection) -> None:
    print_table(
        "Median response times",
        ("brand", "account", "source", "measure", "turns", "answered", "median"),
        [
            (*names, turns, "" if rate is None else f"{rate:.0%}", duration(median))
            for *names, turns, rate, median in warehouse.execute(RESPONSE_TIMES).fetchall()
        ],
    )


def _print_influencers(connection: GraphConnection) -> None:
    query = read_library()["influencers"]
    with open_driver(connection) as driver:
        answer = run_query(query, driver, connection.database, {"limit": INFLUENCERS_SHOWN})
    print_table(
        f"{INFLUENCERS_SHOWN} influencers, by graph/queries/influencers.cypher",
        INFLUENCER_COLUMNS,
        [[record[name] for name in INFLUENCER_COLUMNS] for record in answer.records()],
    )


def _verdict(outcome: Outcome) -> str:
    gates = [check for check in outcome.checks if check.name == GATE]
    tests = Counter(check.passed for check in outcome.checks if check.name != GATE)
    seconds = ", ".join(f"{name} {value:.0f} s" for name, value in outcome.seconds.items())
    unchanged = (
        "Nothing new: every stage found its work done, the publication is the one before.\n"
        if outcome.unchanged
        else ""
    )
    return (
        f"\n{unchanged}{sum(gate.passed for gate in gates)} of {len(gates)} gates and "
        f"{tests[True]} of {tests.total()} tests passed. Stages: {seconds}.\n"
    )


def _where_to_look(home: Home, settings: Settings, connection: GraphConnection) -> list[str]:
    server = connection.uri
    # A home that is not the default one must be named to every later command.
    at_home = (
        ""
        if home.root == DEFAULT_HOME.resolve()
        else f"CAUSERIE_HOME={shlex.quote(str(home.root))} "
    )
    if settings.neo4j_uri is None and (own := status(home.neo4j)) is not None:
        server = (
            f"{own.browser_url} (server {connection.uri}, user {connection.user}, "
            f"password in {_relative(own.password_file)}; {at_home}make stop ends it)"
        )
    return [
        f"Warehouse   {_relative(home.published)}, a DuckDB file: open it read-only",
        f"Dagster     {at_home}make dev, then http://127.0.0.1:{settings.dagster_port}",
        f"Neo4j       {server}",
    ]


def _relative(path: Path) -> str:
    working = Path.cwd()
    return str(path.relative_to(working) if path.is_relative_to(working) else path)
