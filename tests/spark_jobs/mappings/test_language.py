"""What a mapping may say, and how a mistake in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from spark_jobs.source_files import sources_in_force
from spark_jobs.sources import SHIPPED_SOURCES, Sources, SourcesError, read_sources

SOURCE = """
name: guestbook
glob: "guestbook/**/*.csv"
channel: guestbook
mapping:
  tables:
    posts:
      columns:
        post_id: id
        {column}
"""


def added(landing: Path, text: str, name: str = "guestbook.yaml") -> Path:
    path = landing / "sources.d" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ("author: by", "tables.posts.columns.author: no such column to map; there are channel"),
        ("text_key: key", "tables.posts.columns.text_key: no such column"),
        ("text: {form: body}", "mapping.tables.posts.columns.text.form: Extra inputs"),
        ("text: {from: body, constant: x}", "text: Value error, found from and constant of"),
        ("text: {html: true}", "found none of from, constant, template"),
        ("text: {constant: x}", "text: constant: of no use for a text"),
        ("created_at: {from: at, formats: [soon]}", "'soon' is not iso, epoch_seconds"),
        ("created_at: {from: at, formats: '%Q'}", "'%Q' is not iso"),
        ("like_count: {from: n, formats: iso}", "like_count: formats: of no use for a number"),
        ("like_count: {constant: many}", "like_count.constant: found 'many', expected a number"),
        ("like_count: {from: n, html: true}", "html: of no use for a number"),
        ("created_at: {constant: soon}", "created_at.constant: found 'soon', expected a time"),
        ("is_private: {constant: 1}", "is_private.constant: found 1, expected a truth value"),
        ("is_private: {from: p, true_words: [yes]}", "true_words and false_words: give both"),
        ("thread_id: {template: 'x'}", "'x' names no column in braces"),
        ("thread_id: {template: '{a}{'}", "has a brace without its other one"),
        ("mentions: {from_each: 'to'}", "must have exactly one *"),
        ("mentions: {from_each: 'to_*', item: '{handle}'}", "may name {name} and {value} only"),
        ("lang_hint: {from: l, lower: true, upper: true}", "lower and upper: give one of them"),
        ("mentions: {from: to, unescape: true}", "unescape: of no use for a list"),
        ("urls: {from: link, with_txt: true}", "with_txt"),
        ("lang_hint: {from: l, with_text: true}", "with_text: of no use for a text"),
        ("thread_id: {paragraphs: [a, b]}", "thread_id: paragraphs: of no use for a text"),
        ("text: a\n        text: b", "key given twice: text"),
    ],
)
def test_a_mistake_in_a_column_is_named(tmp_path: Path, column: str, named: str) -> None:
    path = added(tmp_path, SOURCE.replace("{column}", column))
    with pytest.raises(SourcesError) as caught:
        sources_in_force(tmp_path, None)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("    posts:", "    post:", "tables.post: no such table; there are accounts"),
        ("post_id: id", "text: id", "tables.posts.columns: required and not mapped: post_id"),
        ("      columns:", "      only_if: id\n      columns:", "one table must take every row"),
        ("  tables:", "  delimiter: tab\n  tables:", "neither one character nor 'whitespace'"),
        ("  tables:", "  header: [a, b]\n  tables:", "post_id: 'id' is not in header"),
        ("  tables:", "  header: [id, id]\n  tables:", "columns named twice: id"),
        ("  tables:", "  format: xls\n  tables:", "mapping.format"),
        (".csv", ".txt", "does not tell the format; declare csv, tsv, jsonl or parquet"),
        ("  tables:", "  format: jsonl\n  delimiter: ','\n  tables:", "delimiter: files of"),
        ("mapping:\n", "adapter: reddit\nmapping:\n", "the key 'mapping' go together"),
        ("name: guestbook", "name: Guest book", "name: "),
        ("channel:", "chanel:", "chanel"),
        ("mapping:\n  tables:", "mapping: crm_oders\nx:", "no mapping named 'crm_"),
        ("mapping:\n  tables:", "mapping: own.yaml\nx:", "own.yaml: no such mapping"),
    ],
)  # fmt: skip
def test_a_mistake_around_columns_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = SOURCE.replace("        {column}\n", "").replace(old, new, 1)
    path = added(tmp_path, text)
    with pytest.raises(SourcesError) as caught:
        sources_in_force(tmp_path, None)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def test_a_mapping_may_lie_in_a_file_of_its_own_whose_mistakes_are_its_own(tmp_path: Path) -> None:
    source = "name: guestbook\nglob: 'g/*.csv'\nchannel: g\nmapping: mappings/own.yaml\n"
    added(tmp_path, source)
    folder = tmp_path / "sources.d" / "mappings"
    folder.mkdir()
    own = folder / "own.yaml"
    own.write_text("tables: {posts: {columns: {post_id: id}}}", encoding="utf-8")
    mapping = sources_in_force(tmp_path, None).named("guestbook").mapping
    assert mapping is not None
    assert mapping.tables["posts"].columns["post_id"].names == ("id",)
    own.write_text("tables: {posts: {columns: {post_id: {form: id}}}}", encoding="utf-8")
    with pytest.raises(SourcesError, match=r"own\.yaml: tables\.posts\.columns\.post_id\.form"):
        sources_in_force(tmp_path, None)


def test_words_of_yaml_are_words_and_not_truth_values(tmp_path: Path) -> None:
    column = "is_private: {from: p, true_words: [yes, on, 1], false_words: [no, off, 0]}"
    added(tmp_path, SOURCE.replace("{column}", column))
    mapping = sources_in_force(tmp_path, None).named("guestbook").mapping
    assert mapping is not None
    how = mapping.tables["posts"].columns["is_private"]
    assert how.true_words == ("yes", "on", "1")
    assert how.false_words == ("no", "off", "0")


def test_an_added_source_stands_beside_the_others_or_in_the_place_of_one(tmp_path: Path) -> None:
    shipped = [source.name for source in read_sources(SHIPPED_SOURCES).sources]
    text = SOURCE.replace("        {column}\n", "")
    added(tmp_path, text)
    added(tmp_path, text.replace("guestbook", "crm_orders"), "orders.yml")
    added(tmp_path, "not: a source", "notes.txt")
    sources = sources_in_force(tmp_path, None)
    assert {source.name for source in sources.sources} == {*shipped, "guestbook"}
    replaced = sources.named("crm_orders").mapping
    assert replaced is not None
    assert list(replaced.tables) == ["posts"]
    added(tmp_path, text, "twice.yaml")
    with pytest.raises(SourcesError, match=r"twice\.yaml: name: another file of sources\.d"):
        sources_in_force(tmp_path, None)


def test_an_added_source_takes_nothing_of_what_the_sources_file_says(tmp_path: Path) -> None:
    base = """
brands: [{name: Maison}]
currency_rates:
  - {currency: CHF, in_currency: EUR, valid_from: 2026-01-01, rate: 1.07, origin: accounts}
employees:
  - {source: reddit, account: lea, brand: Maison}
  - {source: guestbook, account: max, brand: Maison}
sources:
  - {name: reddit, adapter: reddit, glob: "reddit/**/*.ndjson", channel: reddit}
"""
    (tmp_path / "sources.yaml").write_text(base, encoding="utf-8")
    added(tmp_path, SOURCE.replace("        {column}\n", ""))
    sources = sources_in_force(tmp_path, None)
    assert [source.name for source in sources.sources] == ["reddit", "guestbook"]
    assert [brand.name for brand in sources.brands] == ["Maison"]
    assert [rate.currency for rate in sources.currency_rates] == ["CHF"]
    assert [employee.account for employee in sources.employees] == ["lea", "max"]


def test_an_added_source_may_speak_for_declared_brands_only(tmp_path: Path) -> None:
    accounts = "brand_accounts: [{account: me, brand: Nobody}]\nmapping:\n"
    text = SOURCE.replace("        {column}\n", "").replace("mapping:\n", accounts)
    path = added(tmp_path, text)
    with pytest.raises(SourcesError, match="undeclared brands Nobody") as caught:
        sources_in_force(tmp_path, None)
    assert str(path) in str(caught.value)


def test_declarations_are_the_same_when_they_come_back_as_json(tmp_path: Path) -> None:
    added(tmp_path, SOURCE.replace("{column}", "is_private: {constant: false}"))
    sources = sources_in_force(tmp_path, None)
    written = tmp_path / "sources.json"
    written.write_text(sources.model_dump_json(by_alias=True), encoding="utf-8")
    assert read_sources(written) == sources
    assert isinstance(sources, Sources)


def test_the_version_of_a_mapping_changes_with_what_it_reads(tmp_path: Path) -> None:
    def version(column: str, more: str = "") -> str | None:
        text = SOURCE.replace("{column}", column).replace("mapping:\n", f"mapping:\n{more}")
        added(tmp_path, text)
        return sources_in_force(tmp_path, None).named("guestbook").mapping_version

    assert version("text: a") == version("text: {from: [a]}", "  description: The same.\n")
    assert version("text: a") != version("text: b")
    assert read_sources(SHIPPED_SOURCES).named("reddit").mapping_version is None
