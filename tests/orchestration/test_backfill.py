"""What a person asks to be read again: names and times are checked before any work."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import DagsterInvalidConfigError, validate_run_config

from orchestration.backfill import CAPTURE, Backfill
from orchestration.definitions import build_definitions
from orchestration.identity_training import IdentityTraining
from orchestration.jobs import WHOLE_FLOW
from orchestration.run import run_config
from orchestration.settings import Settings
from spark_jobs.lake import Lake
from spark_jobs.landing import Delivery
from spark_jobs.sources import SHIPPED_SOURCES, SourcesError, read_sources

from .conftest import NewHome

SHIPPED = read_sources(SHIPPED_SOURCES)


def test_a_source_that_does_not_exist_is_named() -> None:
    with pytest.raises(SourcesError, match="no source is called redit; there are x, "):
        Backfill(sources=["redit"]).check(SHIPPED)


def test_a_time_that_is_none_is_named() -> None:
    with pytest.raises(SourcesError, match="'May' is no day or time"):
        Backfill(sources=["reddit"], since="May").check(SHIPPED)


def test_nothing_is_read_again_unless_asked(tmp_path: Path) -> None:
    nothing = Delivery((), ())
    assert Backfill().files(nothing, SHIPPED, Lake(tmp_path)) == frozenset()


def test_the_job_takes_the_configuration(new_home: NewHome, tmp_path: Path) -> None:
    settings = Settings(home=new_home(tmp_path / "home").root)
    job = build_definitions(settings).resolve_job_def(WHOLE_FLOW)
    config = run_config(Backfill(sources=["reddit"], since="2026-05-01"), IdentityTraining())
    assert config["ops"][CAPTURE] == {"config": {"sources": ["reddit"], "since": "2026-05-01"}}
    assert validate_run_config(job, config)
    misspelt = {"ops": {CAPTURE: {"config": {"source": ["reddit"]}}}}
    with pytest.raises(DagsterInvalidConfigError, match="source"):
        validate_run_config(job, misspelt)
