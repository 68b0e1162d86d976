"""What the topic job costs again when a little is new, against the run that saw all the rest first.

Each run is a process of its own, as the flow runs it, so that its time has its start in it and its
memory is its own.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from spark_jobs import topic_store
from spark_jobs.lake import Lake
from spark_jobs.nlp.training.demo import demo_truth, write_lake
from spark_jobs.session import ONE_THREAD

NEW_POSTS = 1_000
INTERVAL_SECONDS = 0.05
MOST_RATIO = 0.5
"""Of the seconds of the first run that the second may take."""
MOST_MEGABYTES = 2_048
Measured = tuple[str, float, str]
"""What was measured, the number found, and its bar."""


def bench_topics(folder: Path, posts: int) -> list[Measured]:
    """Seconds and memory of a first run over so many posts, and of one with a thousand more."""
    generated = posts + NEW_POSTS
    moments = sorted(record["created_at"] for record in demo_truth(generated).records["posts"])
    since = moments[-NEW_POSTS]
    lake = write_lake(folder, generated, until=since)
    first_seconds, first_megabytes = _run(lake)
    before = len(topic_store.texts(lake.silver))
    write_lake(folder, generated, since=since)
    seconds, megabytes = _run(lake)
    new = len(topic_store.texts(lake.silver)) - before
    return [
        (f"first run, {before:,} texts, s", round(first_seconds, 1), ""),
        (f"second run, {new:,} texts more, s", round(seconds, 1), ""),
        ("second run of the first", round(seconds / first_seconds, 2), f"at most {MOST_RATIO}"),
        ("most memory of the first run, MB", round(first_megabytes), f"at most {MOST_MEGABYTES}"),
        ("most memory of the second run, MB", round(megabytes), f"at most {MOST_MEGABYTES}"),
    ]


def _run(lake: Lake) -> tuple[float, float]:
    """Run the job and put its result in force; its seconds and its most memory in MB."""
    candidate = lake.silver_candidate("topics")
    arguments = {
        "--bronze": lake.bronze,
        "--silver": lake.silver,
        "--output": candidate,
        "--report": lake.root / "report.json",
    }
    began = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "-m", "spark_jobs.topics"]
        + [str(part) for pair in arguments.items() for part in pair],
        env=os.environ | ONE_THREAD,
    )
    # What the system says of a process that has ended has in it what its parent held.
    most = 0
    while process.poll() is None:
        with suppress(psutil.Error):
            most = max(most, process.memory_info().rss)
        time.sleep(INTERVAL_SECONDS)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the topic job ended with code {process.returncode}")
    topic_store.promote(lake.silver, candidate, topic_store.load(lake.silver).run + 1)
    return seconds, most / 2**20
