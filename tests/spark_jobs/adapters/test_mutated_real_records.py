"""Real records with some of their bytes changed: nothing raised, no line lost, none invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spark_jobs.adapters.outcomes import Outcome

Read = Callable[..., list[Outcome]]
Check = Callable[[list[Outcome]], None]

LINES = 60
"""Lines of the beginning of a file of which a few are taken."""
FILES = {
    "x_api_v2": "twitter_api_v2/flat.jsonl",
    "x_v1": "twitter_api_v1/statuses.jsonl",
    "reddit": "reddit/comments.ndjson",
    "mastodon": "mastodon/statuses.ndjson",
    "customer_care": "twitter_care/twcs.csv",
    "youtube": "youtube_comments/Youtube01-Psy.csv",
    "stackexchange": "stackexchange_meta_french/Posts.xml",
    "discourse": "discourse/topic.json",
}
HAS_HEADER = {"customer_care", "youtube", "stackexchange"}


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    """Where in a text, from 0 to 1, how many bytes are replaced, and by what."""
    piece = st.one_of(
        st.binary(max_size=5),
        st.sampled_from(
            [b'"', b"\n", b"\r", b",", b"\\", b"}", b"<", b"&", b"null", b"-1", b"\x00"]
        ),
    )
    one = st.tuples(st.floats(0, 1), st.integers(0, 30), piece)
    return draw(st.lists(one, min_size=1, max_size=4))


@pytest.mark.parametrize("adapter", FILES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, LINES - 5), changes=mutations())
def test_no_line_is_lost_or_invented(
    shared_data: Path,
    read_all: Read,
    assert_conform: Check,
    adapter: str,
    start: int,
    changes: list[tuple[float, int, bytes]],
) -> None:
    with (shared_data / FILES[adapter]).open("rb") as stream:
        lines = [line for _, line in zip(range(LINES), stream, strict=False)]
    header = b"".join(lines[:2]) if adapter in HAS_HEADER else b""
    content = b"".join(lines) if adapter == "discourse" else b"".join(lines[start : start + 5])
    for place, length, piece in changes:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    outcomes = read_all(adapter, header + content, file=f"stackexchange/site/{adapter}")
    assert_conform(outcomes)
    text = (header + content).removeprefix(b"\xef\xbb\xbf")
    filled = [number for number, line in enumerate(text.split(b"\n"), 1) if line.strip()]
    positions = [outcome.position for outcome in outcomes]
    assert set(positions) <= set(filled)
    assert positions == sorted(positions)
    if adapter in ("x_api_v2", "reddit", "mastodon"):
        assert set(positions) == set(filled)
    if adapter in ("customer_care", "youtube"):
        told = sum(1 for outcome in outcomes for line in outcome.raw.split("\n") if line.strip())
        assert told in (len(filled), len(filled) - 1)  # the header is no record
