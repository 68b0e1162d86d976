"""How every job of this package opens Spark: one set of settings, for any master.

No job and no table is known here. Memory and folders are the caller's; whatever a cluster
needs beyond them (queues, credentials, images) belongs into its own ``spark-defaults.conf``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOOPBACK = "127.0.0.1"

ONE_THREAD = dict.fromkeys(
    (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)
"""Numeric libraries of Python workers: Spark runs a worker per core, more threads only contend."""


def spark_session(
    name: str, master: str, temporary: Path, *, driver_memory: str = "2g"
) -> SparkSession:
    """Open a session that scatters nothing: scratch and warehouse lie under ``temporary``.

    Times are read and written in UTC, Parquet is compressed with zstd and its times are
    microseconds in UTC (not Spark's INT96), and partition values stay text, so that a batch
    called ``2026`` is not turned into a number. On a local master everything binds to loopback
    and workers run this interpreter and see this source tree; elsewhere ``PYSPARK_PYTHON`` and
    the code on the executors are the cluster's. The caller stops the session.

    Raises:
        ValueError: where ``temporary`` has a comma in its path, at which Spark would part it.
    """
    from pyspark.sql import SparkSession

    temporary = temporary.resolve()
    if "," in str(temporary):
        raise ValueError(f"Spark cannot work in {temporary}: choose a folder without a comma")
    temporary.mkdir(parents=True, exist_ok=True)
    settings = {
        "spark.driver.memory": driver_memory,
        "spark.local.dir": str(temporary / "scratch"),
        "spark.sql.warehouse.dir": str(temporary / "warehouse"),
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": "16",
        **{f"spark.executorEnv.{variable}": value for variable, value in ONE_THREAD.items()},
    }
    if master.startswith("local"):
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["SPARK_LOCAL_IP"] = LOOPBACK
        settings |= {
            "spark.driver.bindAddress": LOOPBACK,
            "spark.driver.host": LOOPBACK,
            "spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        }
    builder = SparkSession.builder.appName(name).master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
