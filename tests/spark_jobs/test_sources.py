"""The sources file: what it may say, and what a mistake in it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from spark_jobs.sources import SHIPPED_SOURCES, SourcesError, read_sources

SOURCE = """
sources:
  - name: reddit
    adapter: reddit
    glob: "reddit/**/*.ndjson"
    channel: reddit
"""
RATE = (
    "  - {{currency: {currency}, in_currency: EUR, valid_from: 2026-01-01, rate: {rate},"
    " origin: accounts}}\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_sources_are_valid_and_have_the_folders_of_the_readme() -> None:
    sources = read_sources(SHIPPED_SOURCES)
    assert {source.glob.rsplit("/**", 1)[0] for source in sources.sources} == {
        "x",
        "x_v1",
        "customer_care",
        "reddit",
        "mastodon",
        "youtube",
        "discourse",
        "stackexchange",
        "hacker_news",
        "facebook",
        "crm/customers",
        "crm/orders",
        "crm/order_lines",
        "crm/surveys",
        "crm/loyalty",
        "crm/consents",
        "crm/identity_decisions",
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SOURCE + "    chanel: reddit\n", "sources.0 (reddit).chanel"),
        (SOURCE + "colour: blue\n", "colour"),
        (SOURCE.replace("adapter: reddit", "adapter: usenet"), "sources.0 (reddit).adapter"),
        (SOURCE + "    time_zone: Mars/Olympus\n", "Mars/Olympus"),
        (SOURCE.replace("reddit/**", "../reddit/**"), "below the landing folder"),
        (SOURCE + SOURCE.replace("sources:", ""), "declared twice: reddit"),
        (
            SOURCE + "    brand_accounts: [{account: help, brand: Nobody}]\n",
            "undeclared brands Nobody",
        ),
        (
            SOURCE + "employees: [{source: reddit, account: lea, brand: Nobody}]\n",
            "employee lea: undeclared brand Nobody",
        ),
        (
            SOURCE + "brands: [{name: A}]\nemployees: [{source: x, account: lea, brand: A}]\n",
            "employee lea: undeclared source x",
        ),
        (SOURCE + "    encoding: klingon\n", "'klingon' is not a text encoding"),
        (SOURCE + "    encoding: base64\n", "'base64' is not a text encoding"),
        (SOURCE + "    encoding: utf-7\n", "'utf-7' is not an encoding that files"),
        (SOURCE + "    archive_limits: {member: 3}\n", "sources.0 (reddit).archive_limits.member"),
        (SOURCE + "    archive_limits: {ratio: 0}\n", "sources.0 (reddit).archive_limits.ratio"),
        (
            SOURCE + "currency_rates:\n" + RATE.format(currency="CHF", rate=0),
            "currency_rates.0.rate",
        ),
        (
            SOURCE + "currency_rates:\n" + RATE.format(currency="EUR", rate=1),
            "EUR needs no rate in itself",
        ),
        (
            SOURCE + "currency_rates:\n" + 2 * RATE.format(currency="CHF", rate=1.07),
            "currency rate declared twice: CHF in EUR from 2026-01-01",
        ),
        ("sources: []\n", "sources"),
        ("", "file: found nothing, expected keys such as sources"),
        ("# all is commented out\n", "file: found nothing"),
        ("- reddit\n", "file: found a list, expected keys"),
        ("reddit", "file: found 'reddit', expected keys"),
        ("sources: [reddit]\n", "sources.0: Input should be a valid dictionary"),
        ("sources: reddit\n", "sources: Input should be a valid tuple"),
        ("sources:\n\t- name: reddit\n", "found character '\\t' that cannot start any token"),
        ("sources: [unclosed", "not readable as YAML"),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, text: str, named: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def test_a_mistake_is_told_without_what_only_follows_from_it(tmp_path: Path) -> None:
    with pytest.raises(SourcesError) as caught:
        read_sources(written(tmp_path, SOURCE + "    time_zone: Mars/Olympus\n"))
    assert "at least 1 item" not in str(caught.value)
    assert str(caught.value).count(";") == 0


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="cannot be read: Is a directory"):
        read_sources(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="no such sources file"):
        read_sources(tmp_path / "absent.yaml")


def test_an_encoding_has_one_name(tmp_path: Path) -> None:
    for said, name in (("UTF-8-SIG", "utf-8"), ("Windows-1252", "cp1252"), ("utf8", "utf-8")):
        text = SOURCE + f"    encoding: {said}\n"
        assert read_sources(written(tmp_path, text)).named("reddit").encoding == name
