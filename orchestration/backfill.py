"""Reading files again that were read before: which, as a person or the UI's launchpad asks."""

from datetime import UTC, datetime

from dagster import Config
from pydantic import Field

from spark_jobs.lake import Lake
from spark_jobs.landing import Delivery
from spark_jobs.plan import files_read_before
from spark_jobs.sources import Sources, SourcesError

CAPTURE = "capture"
"""The step of the job that captures, and takes this configuration."""


class Backfill(Config):
    """Sources, and a period, to read again; what their files gave before is replaced."""

    sources: list[str] = Field(
        default=[], description="Names of the sources whose files are read although they were read."
    )
    since: str | None = Field(
        default=None,
        description="Only files with records from this day or time on, ISO 8601, UTC where it "
        "names no zone.",
    )
    until: str | None = Field(
        default=None, description="Only files with records from before this day or time."
    )

    def check(self, sources: Sources) -> None:
        """Raise SourcesError where a name or a time is wrong."""
        known = [source.name for source in sources.sources]
        if unknown := sorted(set(self.sources) - set(known)):
            raise SourcesError(
                f"no source is called {', '.join(unknown)}; there are {', '.join(known)}"
            )
        for text in (self.since, self.until):
            _moment(text)

    def files(self, delivery: Delivery, sources: Sources, lake: Lake) -> frozenset[str]:
        """Names of the files to read again; SourcesError as from ``check``."""
        self.check(sources)
        since, until = _moment(self.since), _moment(self.until)
        return frozenset(
            name
            for source in self.sources
            for name in files_read_before(delivery, lake, source, since, until)
        )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SourcesError(f"{text!r} is no day or time such as 2026-05-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
