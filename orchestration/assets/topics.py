"""Silver: which topic each text is about, by one job over the annotations."""

from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    asset,
)

from expectations.topics import check_topics
from orchestration.assets.annotation import ANNOTATIONS
from orchestration.checks import gate_result, gate_spec, stopped, unchanged_result
from orchestration.data_docs import documented, links
from orchestration.fingerprint import fingerprint_of, read_mark, write_mark
from orchestration.home import Home
from orchestration.processes import run_job
from orchestration.progress import stage
from orchestration.resources import WORKSPACE, Workspace
from spark_jobs import topic_store
from spark_jobs.annotate import read_catalogue
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.session import ONE_THREAD
from spark_jobs.topics import version

TOPICS = AssetKey("silver_topics")


def topics_asset() -> AssetsDefinition:
    """The asset of all topics, behind the annotations."""

    @asset(
        key=TOPICS,
        deps=[ANNOTATIONS],
        check_specs=[
            gate_spec(
                TOPICS,
                "Each text has its reason to have a topic or none; topics stay, and texts keep "
                "theirs.",
            )
        ],
        group_name="silver",
        kinds={"python", "parquet"},
        description="One row for each topic, and for each distinct text the topic it is about, "
        "under ids that stay over runs.",
        required_resource_keys={WORKSPACE},
    )
    def silver_topics(context: AssetExecutionContext) -> Iterator[Any]:
        workspace = Workspace.of(context)
        home = workspace.home
        lake = home.lake
        with stage(context, "topics") as running:
            mark, fingerprint = home.root / "topics.json", _fingerprint(home)
            runs = topic_store.runs(lake.silver)
            if runs and read_mark(mark) == fingerprint:
                running.say("nothing new, every text has been looked at")
                yield MaterializeResult(TOPICS, metadata={"unchanged": True})
                yield unchanged_result(TOPICS)
                return
            candidate = lake.silver_candidate(f"topics-{fingerprint[:16]}")
            arguments = {"--bronze": lake.bronze, "--silver": lake.silver, "--output": candidate}
            report = run_job(
                "spark_jobs.topics",
                [str(part) for pair in arguments.items() for part in pair],
                home.temporary,
                context.log.debug,
                ONE_THREAD,
            )
            verdict = check_topics(candidate, runs, report["annotated_texts_count"])
            pages = documented(home, [verdict], context.run_id[:8], running)
            linked = links(home, verdict, pages)
            yield gate_result(TOPICS, verdict, linked)
            if not verdict.passed:
                raise stopped([verdict])
            topic_store.promote(lake.silver, candidate, report["run"])
            write_mark(mark, fingerprint)
            about = report["texts_by_reason"].get("about_topic", 0)
            running.say(
                f"gate passed; {report['topics_count']} topics, {report['new_topics_count']} of "
                f"them new; {about} of {report['texts_count']} texts are about one"
            )
            yield MaterializeResult(
                TOPICS,
                metadata={
                    "topics_count": report["topics_count"],
                    "new_topics_count": report["new_topics_count"],
                    "texts_by_reason": MetadataValue.json(report["texts_by_reason"]),
                    "topics_version": version(),
                    "seconds": running.seconds,
                    **linked,
                },
            )

    return silver_topics


def _fingerprint(home: Home) -> str:
    """What topics are made of: the lake's batches and the versions of the models."""
    annotations = annotation_version(read_catalogue(home.lake.bronze))
    return fingerprint_of([version(), annotations, *home.lake.batches()], [])
