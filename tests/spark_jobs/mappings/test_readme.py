"""The example of the README, as a user would try it: one YAML file and an export."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spark_jobs.adapters.outcomes import Accepted, Passage, one_by_one, text_key
from spark_jobs.adapters.registry import adapter_named, tables_of
from spark_jobs.landing import survey_landing
from spark_jobs.source_files import sources_in_force
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.fixture
def section() -> str:
    """The section of the README, up to the next heading."""
    text = README.read_text(encoding="utf-8")
    return re.split(r"^#+ ", text.split("### Add a source of your own\n")[1], flags=re.M)[0]


@pytest.fixture
def landing(tmp_path: Path, section: str) -> Path:
    """A landing folder that holds what the section shows, under the names that it gives."""
    (rows,) = re.findall(r"^```csv\n(.*?)^```", section, flags=re.M | re.S)
    (declaration,) = re.findall(r"^```yaml\n(.*?)^```", section, flags=re.M | re.S)
    export, file = re.findall(r"`([\w<>./-]+\.(?:csv|yaml))`", section)
    for name, content in ((export, rows), (file.removeprefix("<landing>/"), declaration)):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_example_is_read_as_it_says(landing: Path) -> None:
    sources = sources_in_force(landing, None)
    assert len(sources.sources) == len(read_sources(SHIPPED_SOURCES).sources) + 1
    delivery = survey_landing(landing, sources)
    (file,) = delivery.files
    assert (file.source, file.name, delivery.unclaimed) == (
        "guestbook",
        "guestbook/2026-05.csv",
        (),
    )
    source = sources.named(file.source)
    assert tables_of(source) == ("posts",)
    passage = Passage(file.name)
    outcomes = adapter_named(source.adapter).read(
        io.BytesIO(file.path.read_bytes()), source, passage
    )
    first, second = one_by_one(outcomes)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    text = "Belle boutique, merci @brindille !"
    assert first.values == {
        "channel": "guestbook",
        "post_id": "guestbook-17",
        "author_id": "maud",
        "text": text,
        "text_key": text_key(text),
        "is_text_repaired": False,
        "created_at": datetime(2026, 5, 2, 16, 40, tzinfo=UTC),
        "mentions": ["brindille"],
        "hashtags": [],
        "urls": [],
        "is_private": False,
    }
    assert second.values["author_id"] is None
    assert (first.position, second.position) == (2, 3)
    assert passage.unmapped_fields == {"stars"}
