"""Linking CRM customers against Splink alone: the same model, rules and records, in one run.

Each size is measured in a process of its own, so that its memory is its own. Splink's time is that
of predicting pairs and of connected components over them; ours adds the waterfall of each pair,
the unlikely pairs within groups, and cutting.
"""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy
import pyarrow
from splink import DuckDBAPI, Linker

from tests.bench.memory import peak_memory
from tests.bench.timing import median_seconds
from tests.crm_people import crm_records

MODELS = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/identity"
SIZES = (10_000, 100_000, 1_000_000)
INCREMENT = 0.01
KEPT, LINKED = 0.01, 0.5
HEADERS = (
    "CRM customers",
    "training, s",
    "linking, s",
    "Splink alone, s",
    "ratio",
    f"{INCREMENT:.0%} new, s",
    "of all",
    "most memory, MB",
    "F1",
)


def bench_identity(sizes: tuple[int, ...], repeats: int) -> Iterator[tuple[object, ...]]:
    """One row of `HEADERS` for each size, seconds being medians."""
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            yield pool.apply(_measured, (size, repeats))


def _measured(size: int, repeats: int) -> tuple[object, ...]:
    model, pairs, components = (
        _module(f"int_identity__{name}") for name in ("model", "pairs", "components")
    )
    records, truth = crm_records(size, seed=1)
    records = records.sort_by("record_key")
    known = records.slice(0, round(size * (1 - INCREMENT)))
    with peak_memory() as peak:
        began = time.perf_counter()
        settings = model.train(records)
        training = time.perf_counter() - began
        earlier = _link(pairs, components, settings, known, None)
        ours = median_seconds(lambda: _link(pairs, components, settings, records, None), repeats)
        people = _link(pairs, components, settings, records, None)[1]
    alone = median_seconds(lambda: _splink(settings, records), repeats)
    new = median_seconds(
        lambda: _link(pairs, components, settings, records, (known, earlier[0])), repeats
    )
    score = _f1(records.column("record_key").to_pylist(), people.tolist(), truth)
    return (
        size,
        round(training, 1),
        round(ours, 1),
        round(alone, 1),
        ours / alone,
        round(new, 1),
        new / ours,
        round(peak.megabytes),
        score,
    )


def _module(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, MODELS / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _link(
    pairs: ModuleType,
    components: ModuleType,
    settings: dict[str, Any],
    records: pyarrow.Table,
    known: tuple[pyarrow.Table, pyarrow.Table] | None,
) -> tuple[pyarrow.Table, numpy.ndarray]:
    """The scored pairs and the person of each record, as the models of the warehouse find them."""
    scorer = pairs.Scorer(records, settings)
    scored, earlier = known or (None, None)
    found = pairs.brought_up(scorer, records, scored, earlier, KEPT)
    ends = ("record_key", "other_record_key")
    no_keys = pyarrow.schema([(end, pyarrow.string()) for end in ends]).empty_table()
    found = pairs.scored_pairs(scorer, records, found, no_keys, LINKED)
    keys = records.column("record_key").combine_chunks()
    none = numpy.empty((0, 2), dtype=numpy.int64)
    people = components.people(
        len(keys),
        none,
        components.ends_of(pairs.likely(found, LINKED), keys),
        (components.ends_of(found, keys), found.column("match_weight").to_numpy()),
        none,
        none,
        0.0,
    )
    return found, people


def _splink(settings: dict[str, Any], records: pyarrow.Table) -> None:
    with duckdb.connect() as connection:
        settings = json.loads(json.dumps(settings))
        settings["retain_intermediate_calculation_columns"] = False
        linker = Linker(DuckDBAPI(connection).register(records), settings, log_level="ERROR")
        predicted = linker.inference.predict(threshold_match_probability=KEPT)
        linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, LINKED)


def _f1(keys: list[str], people: list[int], truth: dict[str, int]) -> float:
    with duckdb.connect() as connection:
        connection.register(
            "found", pyarrow.table({"found": people, "truth": [truth[key] for key in keys]})
        )
        both, mine, true = connection.sql(
            """
            select
                (select sum(n * (n - 1)) from (select count(*) n from found group by found, truth)),
                (select sum(n * (n - 1)) from (select count(*) n from found group by found)),
                (select sum(n * (n - 1)) from (select count(*) n from found group by truth))
            """
        ).fetchall()[0]
    return 2 * both / (mine + true)
