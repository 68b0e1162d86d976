"""The gate after topics: has every text its reason, and did the topics that texts had stay?"""

from __future__ import annotations

from pathlib import Path

import duckdb

from expectations.files import TableFiles, UnreadableError
from expectations.gate import Finding, GateReport, Judgement, merged
from expectations.suites import judge_files, look_at_shapes, reconciliation, shape_of
from spark_jobs.tables.silver import TEXT_TOPICS, TOPICS

GATE = "topics"
BATCH = "batch"
PLACE_IN_BATCH = ("total", "table", "part", "column")


def check_topics(candidate: Path, before: Path | None, texts_count: int) -> GateReport:
    """Judge a run of the topic job.

    Args:
        candidate: its folder, of ``topic_store``.
        before: folder of the run in force; None where there was none.
        texts_count: how many annotated texts there are.
    """
    files = {table.name: TableFiles(candidate / table.name) for table in (TOPICS, TEXT_TOPICS)}
    batch = Judgement(GATE, BATCH, PLACE_IN_BATCH)
    reports = []
    try:
        broken = look_at_shapes(
            batch, [shape_of(table, files[table.name]) for table in (TOPICS, TEXT_TOPICS)]
        )
        reports = [
            judge_files(GATE, table, files[table.name], table.key, broken[table.name])
            for table in (TOPICS, TEXT_TOPICS)
        ]
        if not any(broken.values()):
            batch.look(*reconciliation(_totals(candidate, before, texts_count)))
    except UnreadableError as error:
        finding = Finding(BATCH, f"a Parquet file cannot be read: {error}", None)
        reports.append(GateReport(GATE, 1, (finding,)))
    return merged(GATE, [batch.report(), *reports])


def _totals(candidate: Path, before: Path | None, texts_count: int) -> list[tuple[str, int, int]]:
    after = f"'{candidate}/text_topics/*.parquet'"
    topics = f"'{candidate}/topics/*.parquet'"
    with duckdb.connect() as connection:

        def count(sql: str) -> int:
            ((rows,),) = connection.execute(f"select count(*) from {sql}").fetchall()
            return int(rows)

        totals = [
            ("texts with a reason", texts_count, count(after)),
            (
                "texts whose topic exists",
                count(f"{after} where topic_id is not null"),
                count(f"{after} semi join {topics} using (topic_id)"),
            ),
            (
                "texts that are about the topic they have",
                count(f"{after} where topic_id is not null"),
                count(f"{after} where topic_reason = 'about_topic'"),
            ),
        ]
        if before is not None:
            had = (
                f"(from '{before}/text_topics/*.parquet' where topic_id is not null) as had "
                f"join {after} as have using (text_key)"
            )
            kept = f"{had} where had.topic_id = have.topic_id"
            totals += [
                ("texts that kept their topic", count(had), count(kept)),
                (
                    "topics that stayed",
                    count(f"'{before}/topics/*.parquet'"),
                    count(f"'{before}/topics/*.parquet' semi join {topics} using (topic_id)"),
                ),
            ]
    return totals
