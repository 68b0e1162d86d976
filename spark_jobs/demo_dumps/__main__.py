"""Command line of the demo dumps: ``python -m spark_jobs.demo_dumps LANDING TRUTH --posts N``."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path

from spark_jobs.demo_dumps.generate import (
    DEFAULT_END,
    DEFAULT_POSTS,
    DEFAULT_SEED,
    DemoError,
    generate,
)


def main(arguments: list[str] | None = None) -> int:
    """Write demo dumps; 0 where that worked, 2 where it could not be done as asked."""
    parser = argparse.ArgumentParser(prog="spark_jobs.demo_dumps", description=generate.__doc__)
    parser.add_argument("landing", type=Path, help="folder for the dumps, empty or new")
    parser.add_argument("truth", type=Path, help="folder for the truth, empty or new")
    parser.add_argument("--posts", type=int, default=DEFAULT_POSTS, help="about how many posts")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--end", type=datetime.fromisoformat, default=DEFAULT_END)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        summary = generate(options.landing, options.truth, options.posts, options.seed, options.end)
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seconds = time.perf_counter() - started
    by_source = ", ".join(f"{name} {count:,}" for name, count in summary.posts_by_source.items())
    sys.stdout.write(
        f"{summary.posts:,} posts ({by_source}), {summary.people:,} people, "
        f"{summary.customers:,} CRM customers, {summary.orders:,} orders "
        f"in {seconds:.1f} s ({summary.posts / seconds:,.0f} posts/s)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
