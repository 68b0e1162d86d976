"""The Data Docs: what each gate expected and found, as pages that a browser opens from a folder.

Suites and results are kept in a Great Expectations project, so that its tools can read them:

    <root>/gx/      the project: suites, the latest results, its configuration
    <root>/site/    the pages; begin with index.html

What is judged, and when, is the gates' business.
"""

from __future__ import annotations

import copy
import html
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.gate import GateReport, Validation

KEPT = 5
"""How many results of a suite are kept; older ones and their pages are removed."""
_LISTED = (
    "partial_unexpected_list",
    "partial_unexpected_counts",
    "partial_unexpected_index_list",
)
_SITE = "site"
_VIEW = {"module_name": "expectations.page_view", "class_name": "PageView"}
_SITES = {
    _SITE: {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": f"../{_SITE}/",
        },
        "site_section_builders": {
            "expectations": {"view": _VIEW},
            "validations": {"view": _VIEW},
            "profiling": "None",
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "view": _VIEW},
    }
}


class DocumentsError(RuntimeError):
    """The pages cannot be written; the message says what to do. No gate depends on them."""


@dataclass(frozen=True)
class DataDocs:
    """The Data Docs of one home."""

    root: Path

    @property
    def index(self) -> Path:
        """The page that lists all others."""
        return self.root / _SITE / "index.html"

    def publish(self, reports: Sequence[GateReport], run_name: str) -> dict[str, Path]:
        """Keep what gates found and write its pages; pages of other suites are left alone.

        Args:
            reports: of the gates that judged something.
            run_name: what the results are shown under.

        Returns:
            the page of each suite's result.

        Raises:
            DocumentsError: the project is damaged, or there is no room.
        """
        # The library takes seconds to read, and asked for no page it writes every page anew.
        if not any(report.validations for report in reports):
            return {}
        from great_expectations.exceptions import GreatExpectationsError

        try:
            return self._published(reports, run_name)
        except (GreatExpectationsError, OSError) as error:
            raise DocumentsError(
                f"the Data Docs in {self.root} could not be written: {error}; where it says so "
                "again, remove that folder: it is made anew"
            ) from error

    def _published(self, reports: Sequence[GateReport], run_name: str) -> dict[str, Path]:
        context = self._context()
        now = datetime.now(UTC)
        changed: list[Any] = []
        results: dict[str, Any] = {}
        for report in reports:
            for validation in report.validations:
                changed.extend(_kept_suite(context, validation))
                results[validation.suite] = _kept_result(context, validation, run_name, now)
        _remove_old(context, results)
        context.build_data_docs(resource_identifiers=[*changed, *results.values()])
        return {
            suite: self.root.joinpath(_SITE, "validations", *identifier.to_tuple()).with_suffix(
                ".html"
            )
            for suite, identifier in results.items()
        }

    def _context(self) -> Any:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        self.root.mkdir(parents=True, exist_ok=True)
        context = gx.get_context(mode="file", project_root_dir=str(self.root))
        if context.variables.data_docs_sites != _SITES:
            context.variables.data_docs_sites = _SITES
            context.variables.analytics_enabled = False
            context.variables.progress_bars = ProgressBarsConfig(globally=False)
            context.variables.save()
        return context


def _kept_suite(context: Any, validation: Validation) -> Iterable[Any]:
    """Keep the suite, if it is not kept as it is; what has to be shown anew."""
    import great_expectations as gx
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
    )

    configurations = [
        {"type": entry.expectation_config.type, "kwargs": _own_kwargs(entry), "meta": {}}
        for entry in validation.results
    ]
    identifier = ExpectationSuiteIdentifier(name=validation.suite)
    store = context.expectations_store
    if store.has_key(identifier):
        # Of a bad batch not all may have been evaluated: only a good one tells the whole suite.
        is_whole = all(entry.success for entry in validation.results)
        kept = store.get(identifier)["expectations"]
        is_same = [(entry["type"], entry["kwargs"]) for entry in kept] == [
            (entry["type"], entry["kwargs"]) for entry in configurations
        ]
        if is_same or not is_whole:
            return
    context.suites.add_or_update(
        gx.ExpectationSuite(name=validation.suite, expectations=configurations)
    )
    yield identifier


def _own_kwargs(entry: Any) -> dict[str, Any]:
    kwargs = entry.expectation_config.kwargs
    return {name: value for name, value in kwargs.items() if name != "batch_id"}


def _kept_result(context: Any, validation: Validation, run_name: str, now: datetime) -> Any:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    holding = sum(entry.success for entry in validation.results)
    evaluated = len(validation.results)
    run = RunIdentifier(run_name=run_name, run_time=now)
    identifier = ValidationResultIdentifier(
        expectation_suite_identifier=ExpectationSuiteIdentifier(name=validation.suite),
        run_id=run,
        batch_identifier=run_name,
    )
    result = ExpectationSuiteValidationResult(
        success=holding == evaluated,
        results=[_shown(entry) for entry in validation.results],
        suite_name=validation.suite,
        suite_parameters={},
        statistics={
            "evaluated_expectations": evaluated,
            "successful_expectations": holding,
            "unsuccessful_expectations": evaluated - holding,
            "success_percent": 100 * holding / evaluated if evaluated else None,
        },
        meta={"run_id": run, "batch_spec": {"data_asset_name": validation.suite}},
    )
    context.validation_results_store.set(identifier, result)
    return identifier


def _shown(entry: Any) -> Any:
    """A result whose page shows which rows are at fault, and values of strangers as text.

    The library puts values into its pages as they are, as if they were markup.
    """
    if entry.success or "partial_unexpected_list" not in entry.result:
        return entry
    shown = copy.deepcopy(entry)
    result = shown.result
    for name in _LISTED:
        result[name] = _escaped(result.get(name) or [])
    if any(isinstance(place, dict) for place in result["partial_unexpected_index_list"]):
        result["unexpected_index_list"] = result["partial_unexpected_index_list"]
        result["unexpected_list"] = result["partial_unexpected_list"]
    return shown


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {name: _escaped(item) for name, item in value.items()}
    return value


def _remove_old(context: Any, results: Iterable[str]) -> None:
    """Remove all but the latest results of those suites; the index drops their pages itself."""
    store = context.validation_results_store
    by_suite = defaultdict(list)
    for key in store.list_keys():
        by_suite[key.expectation_suite_identifier.name].append(key)
    for suite in results:
        latest_first = sorted(by_suite[suite], key=lambda key: key.run_id.run_time, reverse=True)
        for key in latest_first[KEPT:]:
            store.remove_key(key)
