"""Settings: safe defaults, and a mistake is an error that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import Settings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        for variable in (f"CAUSERIE_{name.upper()}", name.upper()):
            monkeypatch.delenv(variable, raising=False)


def test_nothing_need_be_set() -> None:
    settings = read_settings()
    assert settings.home == Path(".causerie")
    assert settings.spark_master == "local[*]"
    assert settings.neo4j_uri is None


@pytest.mark.parametrize("prefix", ["", "CAUSERIE_"])
def test_names_that_other_tools_use_are_read_too(
    monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setenv(f"{prefix}NEO4J_URI", "bolt://graph:7687")
    monkeypatch.setenv(f"{prefix}SPARK_MASTER", "spark://host:7077")
    settings = read_settings()
    assert settings.neo4j_uri == "bolt://graph:7687"
    assert settings.spark_master == "spark://host:7077"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CAUSERIE_HOEM", "/tmp/x"),  # noqa: S108 - never opened
        ("CAUSERIE_DAGSTER_PORT", "80"),
        ("CAUSERIE_SECRET", "short"),
    ],
)
def test_a_mistake_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert variable.removeprefix("CAUSERIE_").lower() in str(caught.value).lower()
    assert "short" not in str(caught.value).replace("shorter", "")
