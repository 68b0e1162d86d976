"""The verdict on bronze: nothing hangs on it, and it fails the run where a source was refused."""

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    DagsterEventType,
    Failure,
    MaterializeResult,
    MetadataValue,
    asset,
)

from orchestration.assets.capture import bronze_key
from orchestration.checks import QUARANTINE_SAMPLE, refusals
from spark_jobs.sources import Sources

VERDICT = AssetKey("bronze_verdict")
SHOWN = (QUARANTINE_SAMPLE, "findings", "what_to_do", "data_docs")


def verdict_asset(sources: Sources) -> AssetsDefinition:
    """The asset that fails where the gate of any source refused its batch."""

    @asset(
        key=VERDICT,
        deps=[bronze_key(source.name) for source in sources.sources],
        group_name="bronze",
        description="Whether every source got through its gate. Fails where one was refused; "
        "what the others brought goes on to silver and beyond meanwhile.",
    )
    def bronze_verdict(context: AssetExecutionContext) -> MaterializeResult[None]:
        said = context.instance.all_logs(
            context.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION
        )
        refused = refusals(
            entry.dagster_event.asset_check_evaluation_data
            for entry in said
            if entry.dagster_event is not None
        )
        if refused:
            raise Failure(
                "\n".join(str(refusal) for refusal in refused),
                metadata={
                    "refused_sources": MetadataValue.json([entry.source for entry in refused]),
                    **{
                        f"{refusal.source}_{name}": refusal.metadata[name]
                        for refusal in refused
                        for name in SHOWN
                        if name in refusal.metadata
                    },
                },
                allow_retries=False,
            )
        # It writes nothing, so it never makes a run one that changed something.
        return MaterializeResult(metadata={"unchanged": True})

    return bronze_verdict
