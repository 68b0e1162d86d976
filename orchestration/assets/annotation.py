"""Silver: what each distinct text says, annotated by one Spark job where it is not known yet."""

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

from expectations.silver import check_silver
from orchestration.assets.capture import bronze_key
from orchestration.checks import gate_result, gate_spec, stopped, unchanged_result
from orchestration.data_docs import documented, links
from orchestration.fingerprint import fingerprint_of
from orchestration.processes import run_job
from orchestration.progress import stage
from orchestration.resources import WORKSPACE, Workspace
from spark_jobs.annotate import read_catalogue
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.sources import Sources

ANNOTATIONS = AssetKey("silver_text_annotations")


def annotation_asset(sources: Sources) -> AssetsDefinition:
    """The asset of all annotations, behind the bronze assets of the declared sources."""

    @asset(
        key=ANNOTATIONS,
        deps=[bronze_key(source.name) for source in sources.sources],
        check_specs=[
            gate_spec(
                ANNOTATIONS,
                "Each text is annotated once, with labels that exist and probabilities between "
                "0 and 1; most languages are recognised; a new version of the models says much "
                "the same as the one before.",
            )
        ],
        group_name="silver",
        kinds={"spark", "spacy", "parquet"},
        description="One row for each distinct text: without personal data, with its language, "
        "sentiment, intents and entities, and the models that say so.",
        required_resource_keys={WORKSPACE},
    )
    def silver_text_annotations(context: AssetExecutionContext) -> Iterator[Any]:
        workspace = Workspace.of(context)
        lake, temporary = workspace.home.lake, workspace.home.temporary
        with stage(context, "annotate") as running:
            version = annotation_version(read_catalogue(lake.bronze))
            lake.ensure_annotations(version)
            texts_count = lake.pending_texts_count(version)
            if texts_count == 0:
                running.say("nothing new, every text is annotated")
                yield MaterializeResult(ANNOTATIONS, metadata={"unchanged": True})
                yield unchanged_result(ANNOTATIONS)
                return
            running.say(f"{texts_count} new texts")
            batch_id = fingerprint_of([version, *lake.batches()], [])[:16]
            arguments = {
                "--bronze": lake.bronze,
                "--silver": lake.silver,
                "--output": lake.silver_candidate(batch_id),
                "--temporary": temporary,
                "--master": workspace.settings.spark_master,
            }
            report = run_job(
                "spark_jobs.annotate",
                [str(part) for pair in arguments.items() for part in pair],
                temporary,
                context.log.debug,
            )
            is_accepted = workspace.settings.accepted_annotation_version == version
            before = None if is_accepted else lake.annotations_before(version)
            verdict = check_silver(
                lake,
                batch_id,
                texts_count,
                before=before,
                to_accept=f"set CAUSERIE_ACCEPTED_ANNOTATION_VERSION={version} and run again",
            )
            pages = documented(workspace.home, [verdict], context.run_id[:8], running)
            linked = links(workspace.home, verdict, pages)
            yield gate_result(ANNOTATIONS, verdict, linked)
            if not verdict.passed:
                raise stopped([verdict])
            lake.promote_silver(version, batch_id)
            languages = ", ".join(
                f"{language} {count}"
                for language, count in sorted(
                    report["texts_by_language"].items(), key=lambda entry: -entry[1]
                )[:4]
            )
            running.say(f"gate passed; {report['texts_out']} texts annotated ({languages})")
            yield MaterializeResult(
                ANNOTATIONS,
                metadata={
                    "rows_in_count": report["texts_in"],
                    "rows_out_count": report["texts_out"],
                    "texts_by_language": MetadataValue.json(report["texts_by_language"]),
                    "annotation_version": version,
                    "seconds": running.seconds,
                    **linked,
                },
            )

    return silver_text_annotations
