"""The demo that figures measure on: texts, truth and catalogue that fit together."""

from __future__ import annotations

from spark_jobs.nlp.training.demo import demo_truth


def test_texts_and_truth_fit_together() -> None:
    demo = demo_truth()
    assert demo is demo_truth()
    labelled = demo.labelled_posts()
    assert len(labelled) > 2_000
    assert {row["language"] for _, row in labelled} >= {"fr", "en"}
    assert all(text and not row["repost_of"] for text, row in labelled)
    posts = {(row["source"], row["post_id"]) for row in demo.tables["posts"]}
    edits = {(row["source"], row["edit_id"]) for row in demo.tables["edits"]}
    assert set(demo.texts) <= posts | edits
    assert len(demo.texts) > 0.9 * len(posts)
    assert {"Ondéa"} <= set(demo.catalogue.brands)
    assert demo.catalogue.products
    assert demo.tables["helpers"]
