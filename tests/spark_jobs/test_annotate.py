"""The annotation job on Spark: each text once, all of them, only what is not there yet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lake import write_lake

from spark_jobs.adapters.outcomes import text_key
from spark_jobs.annotate import TEXTS_A_TASK, read_catalogue
from spark_jobs.lake import Lake
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

FRENCH = "Ma Box Horizon ne marche plus depuis hier, répondez au 06 12 34 56 78"
ENGLISH = "I love the new app of Ondéa, thanks @ondea_help and @zoe"
SURVEY = "Le conseiller était très aimable, merci"


def bronze(home: Path) -> Lake:
    def post(number: int, text: str | None, **values: Any) -> dict[str, Any]:
        return {"post_id": str(number), "text": text, **values}

    write_lake(
        home,
        {
            "posts": [
                post(1, FRENCH),
                post(2, ENGLISH),
                post(3, ENGLISH, source="reddit", channel="reddit", batch_id="batch-2"),
                post(4, None, is_deleted=True),
                post(5, ""),
            ],
            "surveys": [
                {"response_id": "1", "text": SURVEY, "answered_at": "2026-01-01 10:00"},
                {"response_id": "2", "text": None, "answered_at": "2026-01-01 10:00"},
            ],
            "brands": [
                {"brand": "Ondéa", "aliases": ["Ondea Telecom"], "products": ["Box Horizon"]}
            ],
            "brand_accounts": [{"source": "x", "account": "ondea_help", "brand": "Ondéa"}],
        },
    )
    return Lake(home)


def annotate(lake: Lake, output: Path, master: str = "local[2]") -> dict[str, Any]:
    report = output.with_suffix(".json")
    subprocess.run(
        [
            *(sys.executable, "-m", "spark_jobs.annotate", "--master", master),
            *("--bronze", lake.bronze, "--silver", lake.silver, "--output", output),
            *("--temporary", output.parent / "temporary", "--report", report),
        ],
        check=True,
        timeout=300,
    )
    return dict(json.loads(report.read_text()))


def test_each_text_is_annotated_once_and_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    lake = bronze(tmp_path / "a [b] {c} d*e's?" / "home")
    catalogue = read_catalogue(lake.bronze)
    version = annotation_version(catalogue)
    lake.ensure_annotations(version)
    assert lake.pending_texts_count(version) == 4
    candidate = lake.silver_candidate("batch-3")

    report = annotate(lake, candidate)

    written = pq.read_table(candidate)
    for field in TEXT_ANNOTATIONS.arrow_schema:
        if field.name != "annotation_version" and not pa.types.is_nested(field.type):
            assert written.schema.field(field.name).type == field.type
    rows = {row["text_key"]: row for row in written.to_pylist()}
    assert set(rows) == {text_key(text) for text in (FRENCH, ENGLISH, SURVEY, "")}
    assert report["texts_in"] == report["texts_out"] == 4
    assert report["annotation_version"] == version
    languages = Counter(row["language"] for row in rows.values())
    assert report["texts_by_language"] == dict(languages) == {"fr": 2, "en": 1, "und": 1}
    assert rows[text_key(FRENCH)]["text_masked"].endswith("répondez au <phone>")
    assert rows[text_key(ENGLISH)]["text_masked"].endswith("@ondea_help and <handle>")
    labels = {thing["label"] for thing in rows[text_key(FRENCH)]["entities"]}
    assert "product" in labels

    lake.promote_silver(version, "batch-3")
    assert lake.pending_texts_count(version) == 0
    again = annotate(lake, lake.silver_candidate("batch-4"))
    assert again["texts_in"] == again["texts_out"] == 0
    assert again["texts_by_language"] == {}
    empty = pq.read_table(lake.silver_candidate("batch-4"))
    assert empty.num_rows == 0
    assert set(empty.column_names) == set(TEXT_ANNOTATIONS.column_names) - {"annotation_version"}


def test_a_cluster_gives_the_rows_of_one_machine(tmp_path: Path) -> None:
    """Executors are processes of their own there, and each must get the code and the models."""
    posts = [
        {"post_id": f"{language} {number}", "text": f"{text} ({number})"}
        for language, text in enumerate((FRENCH, ENGLISH, "Das Gerät ist leider schon kaputt"))
        for number in range(2 * TEXTS_A_TASK // 3 + 1)
    ]
    write_lake(tmp_path / "home", {"posts": posts})
    lake = Lake(tmp_path / "home")
    rows = {}
    for name, master in (("machine", "local[2]"), ("cluster", "local-cluster[2,1,2048]")):
        candidate = tmp_path / name
        annotate(lake, candidate, master)
        assert len(list(candidate.glob("*.parquet"))) == 2  # one of each worker
        rows[name] = pq.read_table(candidate).sort_by("text_key").to_pylist()
    assert len(rows["machine"]) == len(posts)
    assert rows["cluster"] == rows["machine"]


def test_without_configuration_the_catalogue_is_empty(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path).is_empty
