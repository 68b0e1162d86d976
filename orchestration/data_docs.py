"""The pages of what gates found, written in a run and linked from what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dagster import MetadataValue

from expectations.documents import DataDocs, DocumentsError
from expectations.gate import GateReport
from orchestration.home import Home
from orchestration.progress import Stage


def documented(
    home: Home, reports: Sequence[GateReport], run_name: str, running: Stage
) -> dict[str, Path]:
    """Write the pages; the page of each suite. Pages that cannot be written hold nobody up."""
    try:
        return DataDocs(home.expectations).publish(reports, run_name)
    except DocumentsError as error:
        running.say(str(error))
        return {}


def links(
    home: Home, report: GateReport, pages: Mapping[str, Path]
) -> dict[str, MetadataValue[Any]]:
    """Links to the index and to a gate's pages, that of its first failing suite before all."""
    failing_first = sorted(
        (validation for validation in report.validations if validation.suite in pages),
        key=lambda validation: all(entry.success for entry in validation.results),
    )
    if not failing_first:
        return {}
    return {
        "data_docs": MetadataValue.url(pages[failing_first[0].suite].as_uri()),
        "data_docs_index": MetadataValue.url(DataDocs(home.expectations).index.as_uri()),
        "data_docs_pages": MetadataValue.md(
            "\n".join(
                f"- [{validation.suite}]({pages[validation.suite].as_uri()})"
                for validation in failing_first
            )
        ),
    }
