"""Training the model of who is who: in a run of all that hangs on it, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dagster import AssetKey, DagsterInstance

from orchestration.assets.warehouse import build_file
from orchestration.backfill import Backfill
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.identity_training import IdentityTraining
from orchestration.jobs import WHOLE_FLOW
from orchestration.run import outcome_of, run_config
from orchestration.settings import Settings

from .conftest import NewHome


def test_some_marts_alone_are_not_built_on_a_new_model(new_home: NewHome, tmp_path: Path) -> None:
    settings = Settings(home=new_home(tmp_path / "home").root)
    job = build_definitions(settings).resolve_job_def(WHOLE_FLOW)
    config = run_config(Backfill(), IdentityTraining(identity_model="train"))
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            run_config={"ops": {"warehouse": config["ops"]["warehouse"]}},
            instance=instance,
            raise_on_error=False,
            asset_selection=[AssetKey("int_identity__model")],
        )
    (failure,) = outcome_of(result, datetime.now(UTC)).failures
    assert "by `causerie train`" in failure.message
    assert not build_file(Home.of(settings)).exists()
