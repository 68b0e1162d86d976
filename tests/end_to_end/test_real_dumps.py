"""Real dumps through the whole flow, reconciled to the line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from neo4j import Driver

from graph.connection import open_driver

from .conftest import Workplace

FOLDERS = {"twitter_care": "customer_care", "twitter_api_v2": "x", "reddit": "reddit"}
SUFFIXES = (".csv", ".jsonl", ".ndjson")


@pytest.fixture(scope="module")
def published(workplace: Workplace, shared_data: Path) -> Workplace:
    for folder, source in FOLDERS.items():
        target = workplace.home.landing / source
        target.mkdir(parents=True)
        for file in (shared_data / folder).iterdir():
            if file.suffix in SUFFIXES:
                shutil.copyfile(file, target / file.name)
    ended = workplace.causerie("run")
    assert ended.code == 0, ended.errors
    return workplace


def test_every_file_is_reconciled_to_the_line(published: Workplace) -> None:
    unexplained = published.ask(
        """
        select file from mart_capture_ledger
        where rows_read_count
            <> rows_accepted_count + rows_duplicate_count + rows_quarantined_count
        """
    )
    assert unexplained == []
    files = published.ask("select source, count(*) from mart_capture_ledger group by 1 order by 1")
    assert files == [("customer_care", 1), ("reddit", 2), ("x", 27)]


def test_each_post_is_there_once(published: Workplace) -> None:
    assert published.ask(
        "select source, count(*), count(distinct post_id) from fct_posts group by 1 order by 1"
    ) == [("customer_care", 4_999, 4_999), ("reddit", 6_002, 6_002), ("x", 1_614, 1_614)]


def test_the_one_broken_care_record_is_in_quarantine(published: Workplace) -> None:
    assert published.ask(
        "select reason, contains(raw_excerpt, '3399') from mart_quarantine "
        "where source = 'customer_care'"
    ) == [("broken_over_lines", True)]


def test_reddit_objects_are_all_accepted(published: Workplace) -> None:
    assert published.ask(
        "select file, rows_read_count, rows_accepted_count from mart_capture_ledger "
        "where source = 'reddit' order by file"
    ) == [("reddit/comments.ndjson", 4_432, 4_432), ("reddit/submissions.ndjson", 1_570, 1_570)]


def test_the_same_posts_are_in_warehouse_and_graph(published: Workplace) -> None:
    in_warehouse = {row[0] for row in published.ask("select post_key from fct_posts")}
    with open_driver(published.graph()) as driver:
        assert post_keys(driver) == in_warehouse


def post_keys(driver: Driver) -> set[str]:
    records, _, _ = driver.execute_query("MATCH (post:Post) RETURN post.post_key AS key")
    return {record["key"] for record in records}


def test_each_post_can_be_walked_back_to_its_line(published: Workplace) -> None:
    (file, position, text_start) = published.ask(
        "select file, position, post_id from fct_posts where source = 'reddit' "
        "order by post_id limit 1"
    )[0]
    line = (published.home.landing / str(file)).read_bytes().split(b"\n")[int(str(position)) - 1]
    assert str(text_start).encode() in line
