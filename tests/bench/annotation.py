"""Annotation in Spark against one process that runs the same pipeline by ``nlp.pipe``.

Two streams of posts: one whose texts all differ, and one as it is on public channels, where
reposts carry the text of another post. The one process annotates every post, the job each text
once. Workers have loaded their models before anything is timed; start-up is measured apart, on a
fresh process, and memory on one more run, with the workers that have read both streams.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import SparkSession

from spark_jobs.annotate import annotate, read_catalogue
from spark_jobs.lake import Lake
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.nlp.training.demo import demo_truth
from tests.bench.memory import peak_memory
from tests.bench.timing import Comparison
from tests.lake import write_lake

REPOSTS = 0.6
"""Share of posts of the second stream that repeat another's text."""
GENERATED_FOR_A_TEXT = 1.5
"""Posts of a demo for each distinct text in it, rounded up."""
WARM_UP = 2_000
"""Texts annotated before anything is timed: enough that each worker gets both languages."""
REPOSTED = f"{REPOSTS:.0%} reposts"
LEAST_RATIOS = {"all texts differ": 1.7, REPOSTED: 3.0}
"""Of each stream, how many times faster than one process it must be, on two cores."""
Measured = tuple[str, float, str]
"""What was measured, the number found, and its bar."""


def bench_annotation(
    spark: SparkSession, folder: Path, posts: int, master: str
) -> tuple[list[Comparison], list[Measured]]:
    """The comparison of each stream, and start-up and memory beside their bars."""
    texts = sorted(set(demo_truth(int(posts * GENERATED_FOR_A_TEXT)).texts.values()))
    random.Random(0).shuffle(texts)
    if len(texts) < posts:
        raise RuntimeError(f"the demo has only {len(texts)} distinct texts, {posts} are needed")
    texts = texts[:posts]
    started = _start_up(folder / "start", texts[:2], master)
    _seconds_in_spark(spark, folder / "warm", texts[:WARM_UP])
    streams = dict(zip(LEAST_RATIOS, (texts, with_reposts(texts)), strict=True))
    ours = [_seconds_in_spark(spark, folder / name, stream) for name, stream in streams.items()]
    with peak_memory() as peak:  # apart: to look at gigabytes five times a second takes a tenth
        _seconds_in_spark(spark, folder / "watched", streams[REPOSTED])
    alone = Annotator(read_catalogue(Lake(folder / "warm").bronze))
    _seconds_in_one_process(alone, texts[:WARM_UP])
    compared = [
        Comparison(
            f"annotation, {name}",
            "one process, nlp.pipe on every post",
            len(stream),
            seconds,
            _seconds_in_one_process(alone, stream),
        )
        for (name, stream), seconds in zip(streams.items(), ours, strict=True)
    ]
    ratios = [
        (f"times as fast as one process, {name}", comparison.ratio, f"at least {least}")
        for (name, least), comparison in zip(LEAST_RATIOS.items(), compared, strict=True)
    ]
    return compared, [
        *ratios,
        ("start of the job to its end, two texts, s", round(started), "at most 25"),
        ("most memory: driver, JVM and workers, MB", round(peak.megabytes), "at most 6144"),
    ]


def with_reposts(texts: Sequence[str]) -> list[str]:
    """As many posts, of which ``REPOSTS`` repeat an earlier one: few texts often, most never."""
    draw = random.Random(0)
    originals = list(texts[: round(len(texts) * (1 - REPOSTS))])
    weights = [1 / rank for rank in range(1, len(originals) + 1)]
    stream = originals + draw.choices(originals, weights, k=len(texts) - len(originals))
    draw.shuffle(stream)
    return stream


def _write(folder: Path, texts: Sequence[str]) -> Lake:
    posts = [{"post_id": str(number), "text": text} for number, text in enumerate(texts)]
    write_lake(folder, {"posts": posts})
    return Lake(folder)


def _seconds_in_spark(spark: SparkSession, folder: Path, texts: Sequence[str]) -> float:
    lake = _write(folder, texts)
    began = time.perf_counter()
    report = annotate(spark, lake.bronze, lake.silver, folder / "annotated")
    seconds = time.perf_counter() - began
    if report["texts_out"] != len(set(texts)):
        raise RuntimeError(f"{len(set(texts))} distinct texts gave {report['texts_out']} rows")
    return seconds


def _seconds_in_one_process(models: Annotator, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    for _ in models.annotate((str(number), text) for number, text in enumerate(texts)):
        pass
    return time.perf_counter() - began


def _start_up(folder: Path, texts: Sequence[str], master: str) -> float:
    """Seconds of a fresh process from its start to its end: more than to the first row."""
    lake = _write(folder, texts)
    arguments = {
        "--bronze": lake.bronze,
        "--silver": lake.silver,
        "--output": folder / "annotated",
        "--temporary": folder / "temporary",
        "--report": folder / "report.json",
        "--master": master,
    }
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "spark_jobs.annotate"]
        + [str(part) for pair in arguments.items() for part in pair],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began
