"""Late files, files out of order and files that arrive together give the same marts."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import arrivals
import company_lake as company
import duckdb
from lake import ANNOTATION_VERSION, write_annotations

from spark_jobs import topic_store
from spark_jobs.capture import capture
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import files_read_before, plan_capture
from spark_jobs.rewriting import compact, promote
from spark_jobs.session import spark_session
from spark_jobs.sources import read_sources
from spark_jobs.tables import bronze

WITHOUT_TESTS = ("--exclude-resource-type", "unit_test", "test")
INTENTS = (["question"], ["problem_report"], ["thanks"], ["complaint", "problem_report"], [])
SENTIMENTS = ("negative", "neutral", "positive", None)


def assert_same(one, other):
    """All marts of two warehouses are the same, but for the facts of capture."""
    marts = one.marts()
    assert marts == other.marts()
    for mart in marts:
        without = arrivals.FACTS.get(mart, ())
        assert one.contents(mart, without) == other.contents(mart, without), mart
    assert one.rows(arrivals.TOTALS) == other.rows(arrivals.TOTALS)


def company_files():
    """The records of the company in files that repeat one another, some of them whole."""
    records = {}
    for table in bronze.ENTITIES:
        for row in company.TABLES.get(table.name, ()):
            default = {"posts": "x", "accounts": "x", "interactions": "x"}
            source = row.get("source", default.get(table.name, f"crm_{table.name}"))
            records.setdefault(source, []).append((table.name, row))
    broken = ("quarantine", {"reason": "not_json", "raw_excerpt": "{xxx"})
    files = {}
    for source, rows in records.items():
        for number in range(3):
            files[f"{source}/{number}.dump"] = [*rows[number::3], broken, *rows[::4]]
        files[f"{source}/copy.dump"] = files[f"{source}/2.dump"]
        files[f"{source}/another.dump"] = files[f"{source}/1.dump"]
    # Called Bea, then Cleo, then Bea again, by the names of the files; nothing else tells the time.
    for number, name in enumerate(("Bea", "Cleo", "Bea")):
        customer = {"customer_id": "C3", "first_name": name, "handles": []}
        files[f"crm_customers/names_{number}.dump"] = [broken] * number + [("customers", customer)]
    return files


def test_marts_do_not_depend_on_the_order_of_files(build, tmp_path):
    files = company_files()
    others = {name: rows for name, rows in company.TABLES.items() if name not in bronze.TABLES}
    warehouses = []
    for seed in (None, 1):
        names = sorted(files)
        deliveries = [names]
        if seed is not None:
            random.Random(seed).shuffle(names)
            deliveries = [names[start : start + 4] for start in range(0, len(names), 4)]
        tables = {**others, **arrivals.captured(files, deliveries)}
        warehouses.append(build(tmp_path / str(seed), tables, *WITHOUT_TESTS))
    first, other = warehouses
    assert_same(first, other)
    assert first.row("select display_name from dim_customers where customer_id = 'C3'") == ("Bea",)


def test_marts_of_a_demo_do_not_depend_on_the_order_of_files(build_home, tmp_path):
    demo = tmp_path / "demo"
    generate(demo, tmp_path / "truth", posts=400, seed=11)
    write_more(demo)
    files = sorted(
        path.relative_to(demo).as_posix() for path in demo.glob("*/**/*") if path.is_file()
    )
    shuffled = random.Random(5).sample(files, len(files))
    third = len(files) // 3
    homes = {
        "in order": [files],
        "shuffled": [shuffled[:third], shuffled[third : 2 * third], shuffled[2 * third :]],
    }
    spark = spark_session("arrivals", "local[2]", tmp_path / "spark")
    try:
        for name, deliveries in homes.items():
            capture_all(spark, demo, tmp_path / name, deliveries)
    finally:
        spark.stop()
    one, other = (build_home(tmp_path / name, *WITHOUT_TESTS) for name in homes)
    assert one.row("select count(*) from mart_quarantine where file like '%/a_%'") != (0,)
    assert one.row("select count(*) from fct_posts where file = 'reddit/a_part.ndjson'") != (0,)
    assert one.row("select count(*) from fct_posts where is_deleted") != (0,)
    assert one.row("select count(*) from fct_posts where edit_of_post_key is not null") != (0,)
    assert_same(one, other)


def write_more(landing: Path) -> None:
    """Add files that repeat records of others, and whole files, under names that come first."""
    reddit = sorted((landing / "reddit").glob("*.ndjson"))
    lines = [line for path in reddit for line in path.read_bytes().splitlines(keepends=True)]
    (landing / "reddit" / "a_part.ndjson").write_bytes(b"".join(lines[::3]))
    for path in [*reddit, *(landing / "x").glob("*.jsonl"), *(landing / "crm").glob("*/*.csv")]:
        if "10" in path.name or "W42" in path.name:
            shutil.copy(path, path.with_name(f"a_{path.name}"))


def capture_all(spark, demo, home, deliveries):
    """Capture one delivery after another, and annotate what each brings.

    Where there are several, parts are merged and the forum is read again at the end.
    """
    landing, lake = home / "landing", Lake(home)
    landing.mkdir(parents=True)
    shutil.copy(demo / "sources.yaml", landing)
    sources = read_sources(landing / "sources.yaml")
    lake.ensure_tables()
    lake.ensure_annotations(ANNOTATION_VERSION)
    topic_store.ensure(lake.silver)
    lake.write_configuration(sources)
    for number, files in enumerate(deliveries):
        for file in files:
            (landing / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(demo / file, landing / file)
        read(spark, landing, lake, sources)
        annotate(lake, f"batch-{number}")
    if len(deliveries) > 1:
        assert compact(lake, "x", most=1) > 1
        delivery = survey_landing(landing, sources)
        read(spark, landing, lake, sources, files_read_before(delivery, lake, "reddit", None, None))


def read(spark, landing, lake, sources, again=frozenset()):
    """One capture, promoted."""
    plan = plan_capture(survey_landing(landing, sources), sources, lake, again=again)
    assert plan.again == again
    assert not capture(spark, plan, sources, lake, b"a secret of sixteen").failures
    for source in plan.batches:
        promote(lake, plan, source)


def annotate(lake: Lake, batch_id: str) -> None:
    """Annotate the texts that silver does not hold, by their keys alone."""
    silver = lake.silver_batch(ANNOTATION_VERSION, "*")
    texts = " union ".join(
        f"select text_key from '{lake.bronze}/{table}/*/*/*.parquet' where text is not null"
        for table in ("posts", "surveys")
    )
    pending = duckdb.sql(f"({texts}) except select text_key from '{silver}/*.parquet'").fetchall()
    rows = []
    for (key,) in pending:
        number = int(hashlib.sha256(key.encode()).hexdigest(), 16)
        rows.append(
            {
                "text_key": key,
                "text_masked": f"text {key}",
                "language": "en",
                "character_count": 1,
                "intents": INTENTS[number % len(INTENTS)],
                "sentiment_label": SENTIMENTS[number % len(SENTIMENTS)],
            }
        )
    write_annotations(lake.silver_batch(ANNOTATION_VERSION, batch_id), rows)
