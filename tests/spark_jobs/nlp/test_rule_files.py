"""Every file of rules is part of the version of the annotations."""

from __future__ import annotations

from importlib.resources import files

import pytest

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import annotation_version

FOLDER = files("spark_jobs.nlp").joinpath("rules")
NAMES = sorted(
    path.name.removesuffix(".yaml") for path in FOLDER.iterdir() if path.name.endswith(".yaml")
)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_annotated_again_where_rules_have_changed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = annotation_version(Catalogue())
    read, digest = rule_files.read, rule_files.digest
    if name == "banking77_intents":  # what its classes stand for counts, its reasons do not
        more = {"intent": "thanks", "classes": ["another class"]}
        monkeypatch.setattr(rule_files, "read", lambda asked: [*read(asked), more])
    else:
        changed = {name: "changed"}
        monkeypatch.setattr(rule_files, "digest", lambda asked: changed.get(asked) or digest(asked))
    assert annotation_version(Catalogue()) != before
