"""Which version of a post is shown, and what goes with it, whatever arrived first."""

from __future__ import annotations

import pytest
from lake import at

WRITTEN = "2026-03-01 10:00"

FIRST: list[dict] = [
    # Seen with later counts before it is seen with earlier ones.
    {"post_id": "counts", "received_at": "2026-03-03", "text": "counted", "like_count": 9},
    # Edited: the text that is captured last was written first.
    {"post_id": "text", "received_at": "2026-03-03", "edited_at": "2026-03-02", "text": "mended"},
    # An edit with an id of its own arrives, and is shown, before what it edits.
    {
        "post_id": "edit-2",
        "edit_of_post_id": "edit-1",
        "created_at": "2026-03-01 10:05",
        "edited_at": "2026-03-01 10:05",
        "text": "edited text",
    },
    # Deleted in a version of its own, and still there in a later one of an older file.
    {"post_id": "state", "received_at": "2026-03-03", "is_deleted": True},
    # Repeats what is deleted, whether that was captured or not; a quote has words of its own.
    {"post_id": "repost", "repost_of_post_id": "gone", "text": "RT secret", "hashtags": ["secret"]},
    {"post_id": "repost-2", "repost_of_post_id": "never", "text": "RT other secret"},
    {"post_id": "quote", "quoted_post_id": "gone", "text": "how true"},
    # Withheld in one country, in all of them, and by an event; no longer withheld.
    {"post_id": "in-fr", "text": "not in France", "withheld_in_countries": ["FR"]},
    {"post_id": "nowhere", "text": "banned text", "withheld_in_countries": ["XX"]},
    {"post_id": "claimed", "text": "copied text", "withheld_in_countries": ["XY"]},
    {"post_id": "by-event", "text": "withheld by an event"},
    {"post_id": "free", "text": "free again", "received_at": "2026-03-03"},
]
LATER: list[dict] = [
    {"post_id": "counts", "received_at": "2026-03-02", "text": "counted", "like_count": 5},
    {"post_id": "text", "received_at": "2026-03-01 11:00", "text": "first words"},
    {"post_id": "edit-1", "text": "first text"},
    {"post_id": "state", "received_at": "2026-03-02", "text": "taken away"},
    {"post_id": "gone", "text": "secret of mine", "hashtags": ["secret"]},
    {"post_id": "undated", "text": "undated text"},
    {
        "post_id": "free",
        "text": "free again",
        "received_at": "2026-03-02",
        "withheld_in_countries": ["FR"],
    },
]
EVENTS: list[dict] = [
    # Before the posts themselves.
    {"post_id": "gone", "interaction_type": "deletion", "created_at": "2026-03-04"},
    {"post_id": "undated", "interaction_type": "deletion"},
    {"post_id": "never", "interaction_type": "deletion", "created_at": "2026-03-04"},
    {"post_id": "by-event", "interaction_type": "withholding", "created_at": "2026-03-04"},
]
HIDDEN = ("first words", "first text", "taken away", "secret", "undated text", "banned", "copied")


@pytest.fixture(scope="module")
def warehouse(build, tmp_path_factory):
    def posts(rows, batch_id, file):
        place = {"batch_id": batch_id, "file": file, "author_id": "1", "created_at": WRITTEN}
        return [{**place, **row} for row in rows]

    tables = {
        # The file that is captured last is first by name.
        "posts": [*posts(FIRST, "one", "x/b.jsonl"), *posts(LATER, "two", "x/a.jsonl")],
        "interactions": [{**event, "batch_id": "zero"} for event in EVENTS],
    }
    without_unit_tests = ("--exclude-resource-type", "unit_test")  # they read no lake
    return build(tmp_path_factory.mktemp("versions"), tables, *without_unit_tests)


def shown(warehouse, columns, *posts):
    names = ", ".join(f"'{post}'" for post in posts)
    rows = warehouse.rows(f"select post_id, {columns} from fct_posts where post_id in ({names})")
    found = {post_id: tuple(values) for post_id, *values in rows}
    return [found[post] for post in posts]


def test_the_newest_version_by_the_sources_clock_is_shown(warehouse):
    columns = "text, like_count, versions_count, is_deleted, file"
    assert shown(warehouse, columns, "counts", "text", "state") == [
        ("counted", 9, 2, False, "x/b.jsonl"),
        ("mended", None, 2, False, "x/b.jsonl"),
        (None, None, 2, True, "x/b.jsonl"),
    ]


def test_an_edit_that_arrives_first_is_shown_by_the_post_it_edits(warehouse):
    assert shown(warehouse, "text, created_at, edited_at", "edit-1", "edit-2") == [
        ("edited text", at(WRITTEN), at("2026-03-01 10:05")),
        (None, at("2026-03-01 10:05"), at("2026-03-01 10:05")),
    ]


def test_a_deletion_that_arrives_first_is_obeyed(warehouse):
    assert shown(warehouse, "text, is_deleted", "gone", "undated") == [(None, True), (None, True)]


def test_a_repost_loses_the_text_of_what_is_deleted(warehouse):
    assert shown(warehouse, "text, is_deleted, language", "repost", "repost-2", "quote") == [
        (None, False, None),
        (None, False, None),
        ("how true", False, "und"),
    ]


def test_withheld_in_a_country_is_not_deleted(warehouse):
    columns = "text, is_withheld, is_deleted"
    posts = ("in-fr", "nowhere", "claimed", "by-event", "free")
    assert shown(warehouse, columns, *posts) == [
        ("not in France", True, False),
        (None, True, False),
        (None, True, False),
        ("withheld by an event", True, False),
        ("free again", False, False),
    ]


def test_no_mart_shows_a_text_that_is_gone(warehouse):
    for mart in warehouse.marts():
        for text in warehouse.contents(mart):
            assert not [hidden for hidden in HIDDEN if hidden in text], mart
