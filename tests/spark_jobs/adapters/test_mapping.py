"""The generic mapping: what each key of the language does, format by format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spark_jobs.adapters import mapping as adapter
from spark_jobs.adapters.outcomes import (
    Accepted,
    Outcome,
    Passage,
    Quarantined,
    listed,
    text_key,
)
from spark_jobs.sources import Source

Read = Callable[..., list[Outcome]]
ORDER = {"order_id": "id", "ordered_at": {"constant": "2024-07-01T10:00:00Z"}}
POST = {"post_id": "id"}


def posts(**columns: Any) -> dict[str, Any]:
    return {"tables": {"posts": {"columns": {**POST, **columns}}}}


def orders(**columns: Any) -> dict[str, Any]:
    return {"tables": {"orders": {"columns": {**ORDER, **columns}}}}


@pytest.fixture
def one_value(read_all: Read) -> Callable[..., Any]:
    """The value of one column of the only record; a fault as its reason and detail."""

    def read(table: str, column: str, how: Any, fields: dict[str, Any], form: str = "jsonl") -> Any:
        base = {"posts": POST, "orders": ORDER, "customers": {"customer_id": "id"}}[table]
        mapping = {"format": form, "tables": {table: {"columns": {**base, column: how}}}}
        fields = {"id": "1", **fields}
        content = (
            json.dumps(fields)
            if form == "jsonl"
            else "\n".join([";".join(fields), ";".join(f'"{each}"' for each in fields.values())])
        )
        (outcome,) = read_all("mapping", content, mapping=mapping, time_zone="Europe/Paris")
        if isinstance(outcome, Quarantined):
            return outcome.reason, outcome.detail
        return outcome.values[column]

    return read


@pytest.mark.parametrize(
    ("table", "column", "how", "fields", "value"),
    [
        ("posts", "author_id", {"constant": "me"}, {}, "me"),
        ("posts", "is_private", {"constant": False}, {}, False),
        ("posts", "like_count", {"constant": 3}, {}, 3),
        ("posts", "created_at", {"constant": "2024-07-01 10:00:00"}, {}, "2024-07-01T08:00Z"),
        ("posts", "author_id", ["a", "b"], {"a": "", "b": "x"}, "x"),
        ("posts", "author_id", ["a", "b"], {"a": "y", "b": "x"}, "y"),
        ("posts", "thread_id", {"template": "{a}/{b}"}, {"a": "7", "b": "2"}, "7/2"),
        ("posts", "thread_id", {"template": "{a}/{b}"}, {"a": "7", "b": ""}, None),
        (
            "posts",
            "created_at",
            {"template": "{a} {b}", "formats": "%d.%m.%Y %H:%M"},
            {"a": "01.07.2024", "b": "10:00"},
            "2024-07-01T08:00Z",
        ),
        ("posts", "created_at", {"from": "a", "formats": "epoch_seconds"}, {"a": "1714552200"},
         "2024-05-01T08:30Z"),
        ("posts", "created_at", {"from": "a", "formats": ["iso", "%d/%m/%y"]}, {"a": "01/07/24"},
         "2024-06-30T22:00Z"),
        ("posts", "text", {"paragraphs": ["a", "b"]}, {"a": "x", "b": "y"}, "x\n\ny"),
        ("posts", "text", {"paragraphs": ["a", "b"]}, {"a": "", "b": "y"}, "y"),
        ("posts", "section", {"paragraphs": ["a", "b"]}, {"a": "x ", "b": "y"}, "x\n\ny"),
        ("posts", "section", {"paragraphs": ["a", "c"]}, {"a": "x"}, "x"),
        ("posts", "section", {"paragraphs": ["a", "b"], "html": True, "lower": True},
         {"a": "<p>X</p>", "b": "&amp;"}, "x\n\n&"),
        ("posts", "text", {"from": "a", "unescape": True}, {"a": "&lt;b&gt; &amp; é"}, "<b> & é"),
        ("posts", "text", {"from": "a", "html": True}, {"a": "<p>x</p><p>y &amp; z"}, "x\n\ny & z"),
        ("posts", "section", {"from": "a", "html": True}, {"a": "<b>x</b>"}, "x"),
        ("posts", "is_deleted", {"any_of": ["a", "b"]}, {"a": "0", "b": "1"}, True),
        ("posts", "is_deleted", {"any_of": ["a", "b"]}, {"a": "", "b": "0"}, False),
        ("posts", "is_deleted", {"any_of": ["a", "b"]}, {"a": "", "b": ""}, None),
        (
            "posts",
            "is_private",
            {"from": "a", "true_words": ["oui"], "false_words": ["non"]},
            {"a": "Oui"},
            True,
        ),
        ("posts", "lang_hint", {"from": "a", "letters": 2, "upper": True}, {"a": "fr"}, "FR"),
        ("posts", "author_id", {"from": "a", "is_whole_number": True}, {"a": "12.0"}, "12"),
        (
            "posts",
            "author_handle",
            {"from": "a", "lower": True, "without_prefixes": ["@", "u/"]},
            {"a": "@U/Me"},
            "me",
        ),
        ("posts", "hashtags", {"from": "a", "separator": "|"}, {"a": "x| y ||"}, ["x", "y"]),
        ("orders", "status", {"from": "a", "values": {"Won": "delivered"}}, {"a": "won"},
         "delivered"),
        ("orders", "status", {"from": "a", "values": {"Won": "delivered"}}, {"a": "Placed"},
         "placed"),
        ("orders", "brand", {"from": "a", "values": {"n/a": None}}, {"a": "N/A"}, None),
        ("customers", "handles", {"from_each": "*_name", "item": "{name}:{value}"},
         {"x_name": "a", "y_name": "", "z_name": "b"}, ["x:a", "z:b"]),
        ("customers", "handles", {"from_each": "*_name"}, {"other": "a"}, None),
        ("customers", "birth_date", {"from": "a", "formats": "%Y%m%d"}, {"a": "19870228"},
         date(1987, 2, 28)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_keys_of_a_column(
    one_value: Callable[..., Any],
    table: str,
    column: str,
    how: Any,
    fields: dict[str, Any],
    value: Any,
    form: str,
) -> None:
    found = one_value(table, column, how, fields, form)
    if isinstance(found, datetime):
        found = found.strftime("%Y-%m-%dT%H:%MZ")
    assert found == value


@pytest.mark.parametrize(
    ("table", "column", "how", "fields", "reason", "part_of_detail"),
    [
        ("posts", "author_id", "a", {"a": "5.7E+17"}, "rounded_id", "a: found 5.7E+17"),
        ("posts", "thread_id", {"template": "{a}/1"}, {"a": "5.7E+17"}, "rounded_id", "a: found"),
        ("posts", "author_id", {"from": "a", "required": True}, {"a": " "}, "missing_field", "a:"),
        ("posts", "like_count", {"from": ["a", "b"], "required": True}, {"a": "", "b": ""},
         "missing_field", "a or b:"),
        ("posts", "text", {"from": "a", "required": True}, {"a": ""}, "missing_field", "a: not"),
        ("posts", "section", {"paragraphs": ["a", "b"], "required": True}, {"a": "", "b": " "},
         "missing_field", "a or b: nothing found"),
        ("posts", "created_at", {"from": "a", "formats": ["iso", "%d/%m/%Y"]}, {"a": "soon"},
         "impossible_value", "or as %d/%m/%Y"),
        ("posts", "repost_count", "a", {"a": "-1"}, "impossible_value", "a: found '-1', expected"),
        ("posts", "like_count", "a", {"a": "many"}, "wrong_type", "a: found 'many'"),
        ("orders", "status", {"from": "a", "values": {"won": "delivered"}}, {"a": "lost"},
         "impossible_value", "a: found 'lost', expected one of placed"),
        ("customers", "birth_date", {"from": "a", "formats": "%Y%m%d"}, {"a": "19870230"},
         "impossible_value", "a: found a value of 8 characters"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_faults_name_the_field_of_the_export(
    one_value: Callable[..., Any],
    table: str,
    column: str,
    how: Any,
    fields: dict[str, Any],
    reason: str,
    part_of_detail: str,
    form: str,
) -> None:
    found = one_value(table, column, how, fields, form)
    assert found[0] == reason
    assert part_of_detail in found[1]


@pytest.mark.parametrize(
    ("column", "how", "found", "value"),
    [
        ("author_id", "a", 570_000_000_000_000_001, "570000000000000001"),
        ("author_id", "a", 12.0, "12"),
        ("author_id", "a", 5.7e17, "rounded_id"),
        ("author_id", "a", 1.5, "rounded_id"),
        ("author_id", "a", True, "wrong_type"),
        ("author_id", "a", {"id": 1}, "wrong_type"),
        ("author_id", "a.id", {"id": 1}, "1"),
        ("author_id", "/a/b.c/0", {"b.c": [7]}, "7"),
        ("author_id", "a.1", [7], None),
        ("author_id", "a.id", {}, None),
        ("author_id", "a.id", None, None),
        ("author_id", "a.id", "me", "wrong_type"),
        ("like_count", "a", 3, 3),
        ("like_count", "a", 3.0, 3),
        ("like_count", "a", 3.5, "wrong_type"),
        ("like_count", "a", False, "wrong_type"),
        ("like_count", "a", 10**30, "wrong_type"),
        ("is_private", "a", True, True),
        ("is_private", "a", 0, False),
        ("is_private", "a", 2, "impossible_value"),
        ("is_private", "a", 1.0, "wrong_type"),
        ("created_at", "a", 1714552200, "wrong_type"),
        ("created_at", {"from": "a", "formats": "epoch_seconds"}, 1714552200.0,
         datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("created_at", {"from": "a", "formats": "epoch_milliseconds"}, 1714552200000,
         datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("created_at", {"from": "a", "formats": "%Y%m%d"}, 20240501,
         datetime(2024, 5, 1, tzinfo=UTC)),
        ("text", "a", "a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
        ("text", "a", "\\u0000", "\\u0000"),
        ("text", "a", 7, "7"),
        ("hashtags", "a", ["x", 1, None, " "], ["x", "1"]),
        ("hashtags", "a", [["x"]], "wrong_type"),
        ("hashtags", "a", {"x": 1}, "wrong_type"),
    ],
)  # fmt: skip
def test_types_of_json(read_all: Read, column: str, how: Any, found: Any, value: Any) -> None:
    mapping = {"format": "jsonl", **posts(**{column: how})}
    (outcome,) = read_all("mapping", json.dumps({"id": "1", "a": found}), mapping=mapping)
    if isinstance(outcome, Quarantined):
        assert outcome.reason == value
        assert outcome.detail.startswith("a")
    else:
        assert outcome.values[column] == value


def test_a_text_has_its_key_and_what_is_written_in_it(read_all: Read) -> None:
    text = (
        "<p>Thanks @Ana, see <a href='https://a.example/x'>this</a> and https://b.example #Sav</p>"
    )
    mapping = posts(text={"from": "body", "html": True}, urls={"from": "link", "with_text": True})
    line = json.dumps({"id": 1, "body": text, "link": ["https://c.example"]})
    (outcome,) = read_all("mapping", line, mapping={"format": "jsonl", **mapping})
    shown = "Thanks @Ana, see this and https://b.example #Sav"
    assert isinstance(outcome, Accepted)
    assert outcome.values == {
        "channel": "medium",
        "post_id": "1",
        "text": shown,
        "text_key": text_key(shown),
        "is_text_repaired": False,
        "mentions": ["ana"],
        "hashtags": ["sav"],
        "urls": ["https://c.example", "https://a.example/x", "https://b.example"],
    }


def test_mapped_marks_are_not_looked_for(read_all: Read) -> None:
    mapping = posts(text="body", mentions={"from": "to", "separator": ","})
    content = 'id;body;to\n1;"@ana";bo,cy\n2;@ana;\n'
    first, second = read_all("mapping", content, mapping={"format": "csv", **mapping})
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.values["mentions"] == ["bo", "cy"]
    assert second.values["mentions"] is None


def test_one_row_feeds_several_tables_or_none(read_all: Read) -> None:
    mapping = {
        "format": "csv",
        "tables": {
            "posts": {"columns": {"post_id": "id", "like_count": "likes"}},
            "accounts": {"only_if": "author", "columns": {"account_id": "author"}},
        },
    }
    rows = ["id,author,likes", "1,a,1", "2,,2", "3,c,many", "4,1E+20,4", "5,e,5"]
    outcomes = read_all("mapping", rows, mapping=mapping)
    assert sorted(
        (outcome.position, outcome.table if isinstance(outcome, Accepted) else outcome.reason)
        for outcome in outcomes
    ) == [
        (2, "accounts"),
        (2, "posts"),
        (3, "posts"),
        (4, "wrong_type"),
        (5, "rounded_id"),
        (6, "accounts"),
        (6, "posts"),
    ]
    (without,) = read_all("mapping", ["id,likes", "1,1"], mapping=mapping)
    assert isinstance(without, Accepted)
    assert without.table == "posts"


def test_values_that_do_not_stand_on_a_line_each_are_set_aside(read_all: Read) -> None:
    lines = ['{"id": 1}{"id": 2}', '{"id":', "3}", '{"id": 4}', '{"id": 5, "of": [{}', "{}]}"]
    outcomes = read_all("mapping", lines, mapping={"format": "jsonl", **posts()})
    assert [o.position for o in outcomes if isinstance(o, Accepted)] == [4]
    assert [o.position for o in outcomes if isinstance(o, Quarantined)] == [1, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", "id,n\r1,2\r3,4\r"),
        ("jsonl", '{"id": 1}\r{"id": 2}\r'),
        ("jsonl", '1\r{"id": 2}\r'),
    ],
)
def test_lines_that_end_with_cr_alone_are_set_aside_as_such(
    read_all: Read, form: str, content: str
) -> None:
    (outcome,) = read_all("mapping", content, mapping={"format": form, **posts()})
    assert isinstance(outcome, Quarantined)
    assert outcome.reason in ("unusable_header", "not_json")
    assert outcome.detail.endswith("found CR alone")


def test_fields_are_found_whatever_their_names_are(read_all: Read) -> None:
    mapping = {"format": "jsonl", **posts(author_id='say "me"', section="", thread_id="/a~1b/c d")}
    line = json.dumps({"id": 1, 'say "me"': "ana", "": "here", "a/b": {"c d": 2}})
    (outcome,) = read_all("mapping", line, mapping=mapping)
    assert isinstance(outcome, Accepted)
    found = (outcome.values[name] for name in ("author_id", "section", "thread_id"))
    assert list(found) == ["ana", "here", "2"]


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ("id;n\n1;2,50", {}),
        ("id\tn\n1\t2,50", {"format": "tsv", "decimal_comma": True}),
        ("id|n\n1|2.50", {"delimiter": "|"}),
        ("id,n\n1,2.50", {"decimal_comma": True}),
        (" ID   N \n 1   2.50 \n", {"delimiter": "whitespace"}),
        ("1,2.50", {"header": ["id", "n"]}),
        ("\n1 2.50\n", {"header": ["id", "n"], "delimiter": "whitespace"}),
        ("1;2,50", {"header": ["Id", "N"], "delimiter": ";"}),
    ],
)
def test_how_fields_are_parted(read_all: Read, content: str, keys: dict[str, Any]) -> None:
    mapping = {"format": "csv", **orders(total_amount="n"), **keys}
    (outcome,) = read_all("mapping", content, mapping=mapping)
    assert isinstance(outcome, Accepted)
    assert outcome.values["order_id"] == "1"
    assert outcome.values["total_amount"] == Decimal("2.50")


def test_a_line_of_too_many_blank_separated_fields_is_set_aside(read_all: Read) -> None:
    mapping = {"format": "csv", "delimiter": "whitespace", **orders()}
    first, second, third = read_all("mapping", "id n\n1 2\n1 2 3\n2 3\n", mapping=mapping)
    assert isinstance(first, Accepted)
    assert isinstance(second, Quarantined)
    assert (second.reason, second.position, second.raw) == ("wrong_field_count", 3, "1 2 3")
    assert isinstance(third, Accepted)


def source_for(mapping: dict[str, Any], glob: str) -> Source:
    return Source.model_validate(
        {"name": "t", "adapter": "mapping", "glob": glob, "channel": "m", "mapping": mapping}
    )


@pytest.mark.parametrize(
    ("glob", "content", "unmapped"),
    [
        ("*.csv", b"id,more,x_handle\n1,2,3\n", {"more", "x_handle"}),
        (
            "*.ndjson",
            b"""{"id": 1, "author": {"id": 2, "name": "n"}, "new": 1}
                {"id": 2, "newer": {"a": 1}}
                {"id": 3, "author": {"id": 4, "born": 1}, "new": 2}""",
            {"author.name", "author.born", "new", "newer"},
        ),
    ],
)
def test_unmapped_fields_are_told(glob: str, content: bytes, unmapped: set[str]) -> None:
    passage = Passage()
    source = source_for(posts(author_id="author.id"), glob)
    list(adapter.read(io.BytesIO(content), source, passage))
    assert passage.unmapped_fields == unmapped


def parquet(columns: dict[str, pa.Array], **options: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


class Unseekable(io.BytesIO):
    """A stream as an archive gives it."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation("seek")


@pytest.mark.parametrize("kind", [io.BytesIO, Unseekable])
def test_parquet(kind: type[io.BytesIO]) -> None:
    content = parquet(
        {
            "id": pa.array([1, 2], pa.uint32()),
            "at": pa.array([datetime(2024, 7, 1, 10), None], pa.timestamp("ns")),  # noqa: DTZ001
            "day": pa.array([date(1987, 2, 28), None]),
            "n": pa.array([Decimal("2.500"), None]),
            "author": pa.array([{"name": "Ana"}, None]),
            "score": pa.array([3.0, float("nan")]),
        }
    )
    mapping = {
        "tables": {
            "posts": {
                "columns": {
                    "post_id": "id",
                    "created_at": "at",
                    "author_id": "author.name",
                    "like_count": "score",
                }
            },
            "customers": {
                "columns": {"customer_id": "id", "birth_date": "day", "first_name": "author.name"}
            },
        }
    }
    source = source_for(mapping, "*.parquet").model_copy(update={"time_zone": "Europe/Paris"})
    assert adapter.is_binary(source)
    posts_read, customers = adapter.read(kind(content), source, Passage())
    assert posts_read.columns["created_at"] == [datetime(2024, 7, 1, 8, tzinfo=UTC), None]
    assert listed(posts_read.columns["author_id"]) == ["Ana", None]
    assert listed(posts_read.columns["like_count"]) == [3, None]
    assert customers.columns["birth_date"] == [date(1987, 2, 28), None]
    assert posts_read.positions == [1, 2]
    assert json.loads(posts_read.raws[0]) == {
        "id": 1,
        "at": "2024-07-01 10:00:00",
        "day": "1987-02-28",
        "n": "2.500",
        "author": {"name": "Ana"},
        "score": 3.0,
    }


def test_a_wrong_type_of_parquet_faults_each_of_its_rows(read_all: Read) -> None:
    content = parquet(
        {"id": pa.array(["1", "2"]), "at": pa.array([2**50, None], pa.timestamp("s"))}
    )
    mapping = {"format": "parquet", **posts(created_at="at")}
    first, second = read_all("mapping", content, mapping=mapping)
    assert isinstance(first, Quarantined)
    assert first.reason == "wrong_type"
    assert first.detail.startswith("at: found a value that cannot be read: timestamp[")
    assert isinstance(second, Accepted)


def test_cut_parquet_is_one_record_that_names_the_fault(read_all: Read) -> None:
    content = parquet({"id": pa.array(range(9))})
    mapping = {"format": "parquet", **posts()}
    for broken in (content[:-5], content[:40], b"id\n1\n"):
        (outcome,) = read_all("mapping", broken, mapping=mapping)
        assert isinstance(outcome, Quarantined)
        assert (outcome.reason, outcome.position) == ("not_parquet", 1)
        assert outcome.detail.startswith("the file cannot be read: ")
    assert read_all("mapping", b"", mapping=mapping) == []


def test_a_broken_row_group_costs_its_own_rows_only(read_all: Read) -> None:
    texts = pa.array([f"text {number} " * 20 for number in range(30)])
    columns = {"id": pa.array(range(30)), "text": texts}
    content = parquet(columns, row_group_size=10, compression="zstd")
    group = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(1).column(1)
    start = group.dictionary_page_offset
    broken = content[: start + 20] + b"\xff" * 40 + content[start + 60 :]
    mapping = {"format": "parquet", **posts(text="text")}
    outcomes = read_all("mapping", broken, mapping=mapping)
    (fault,) = (outcome for outcome in outcomes if isinstance(outcome, Quarantined))
    assert (fault.reason, fault.position) == ("not_parquet", 11)
    assert fault.detail.startswith("rows 11 to 20, of row group 2, cannot be read: ")
    assert sorted(outcome.position for outcome in outcomes) == [*range(1, 12), *range(21, 31)]


@pytest.mark.parametrize(
    ("glob", "is_splittable", "is_binary"),
    [
        ("a/**/*.jsonl", True, False),
        ("a/**/*.ndjson.gz", True, False),
        ("a/**/*.CSV*", False, False),
        ("a/**/*.tsv.zst", False, False),
        ("a/**/*.parquet", False, True),
    ],
)
def test_formats_are_told_by_the_glob(glob: str, is_splittable: bool, is_binary: bool) -> None:
    source = source_for(posts(), glob)
    assert adapter.is_splittable(source) is is_splittable
    assert adapter.is_binary(source) is is_binary
    assert adapter.tables_of(source) == ("posts",)
