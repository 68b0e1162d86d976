"""The gate after topics: has every text its reason, and did the topics that texts had stay?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from expectations.files import TableFiles, UnreadableError
from expectations.gate import Finding, GateReport, Judgement, merged
from expectations.suites import judge_files, look_at_shapes, reconciliation, shape_of
from spark_jobs.paths import for_duckdb
from spark_jobs.tables.silver import TEXT_TOPICS, TOPICS
from spark_jobs.topic_store import is_whole, rows_of

GATE = "topics"
BATCH = "batch"
PLACE_IN_BATCH = ("total", "table", "part", "column")


def check_topics(candidate: Path, before: Sequence[Path], texts_count: int) -> GateReport:
    """Judge a run of the topic job.

    Args:
        candidate: its folder, of ``topic_store``.
        before: folders of the runs in force, the oldest first; none where there was none.
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


def _totals(
    candidate: Path, before: Sequence[Path], texts_count: int
) -> list[tuple[str, int, int]]:
    with duckdb.connect() as connection:

        def count(rows: str, counted: str = "count(*)") -> int:
            ((found,),) = connection.execute(f"select {counted} from {rows}").fetchall()
            return int(found)

        stay = "false" if is_whole(candidate) else "text_key not in (select text_key from written)"
        connection.execute(
            f"""
            create view written as from {for_duckdb(candidate / "text_topics", "*.parquet")};
            create view topics as from {for_duckdb(candidate / "topics", "*.parquet")};
            create view topics_before as from {_topics(before)};
            -- No text loses its topic, so that the only one of its rows is the newest.
            create table had as
                select text_key, max(topic_id) as topic_id
                from ({rows_of(before)}) group by text_key;
            create view have as
                select text_key, topic_id from written
                union all
                select text_key, topic_id from had where {stay};
            """
        )
        both = "(from had where topic_id is not null) as had join have using (text_key)"
        return [
            ("texts with a reason", texts_count, count("have")),
            (
                "texts whose topic exists",
                count("have where topic_id is not null"),
                count("have semi join topics using (topic_id)"),
            ),
            (
                "texts that topics count",
                count("have where topic_id is not null"),
                count("topics", "coalesce(sum(texts_count), 0)"),
            ),
            (
                "texts that are about the topic they have",
                count("written where topic_id is not null"),
                count("written where topic_reason = 'about_topic'"),
            ),
            (
                "texts that kept their topic",
                count(both),
                count(f"{both} where had.topic_id = have.topic_id"),
            ),
            (
                "topics that stayed",
                count("topics_before"),
                count("topics_before semi join topics using (topic_id)"),
            ),
        ]


def _topics(before: Sequence[Path]) -> str:
    return for_duckdb(before[-1] / "topics", "*.parquet") if before else "topics limit 0"
