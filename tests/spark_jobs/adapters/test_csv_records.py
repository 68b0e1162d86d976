from __future__ import annotations

import csv
import io
import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.adapters import csv_records
from spark_jobs.adapters import text_lines as text_lines_module
from spark_jobs.adapters.csv_blocks import read_blocks
from spark_jobs.adapters.csv_plain import PlainRecords
from spark_jobs.adapters.csv_records import Record, read_parts, read_records
from spark_jobs.adapters.text_lines import TextLines

WIDTH = 4


def records_of(text: str | bytes, width: int = WIDTH) -> list[Record]:
    content = text if isinstance(text, bytes) else text.encode()
    return list(read_records(TextLines(io.BytesIO(content), 1), ",", width))


def found_in(text: str | bytes) -> list[tuple[int, str, str]]:
    """Position, first field or reason, and raw text of every record."""
    return [
        (record.position, record.fault.reason if record.fault else record.fields[0], record.raw)
        for record in records_of(text)
    ]


def test_quoted_separators_quotes_and_line_breaks_are_text() -> None:
    first = '1,"a, ""b""","line one\r\n\r\nline two",x'
    records = records_of(f"{first}\r\n2,b,c,d\n")
    assert [record.fields for record in records] == [
        ["1", 'a, "b"', "line one\r\n\r\nline two", "x"],
        ["2", "b", "c", "d"],
    ]
    assert [(record.position, record.raw) for record in records] == [(1, first), (4, "2,b,c,d")]


def test_record_broken_over_lines_is_one_and_the_next_is_whole() -> None:
    assert found_in("1,a,b,c\n2,a,hello\n\nworld,c\n3,a,b,c\n") == [
        (1, "1", "1,a,b,c"),
        (2, "broken_over_lines", "2,a,hello\n\nworld,c"),
        (5, "3", "3,a,b,c"),
    ]


def test_two_broken_records_one_after_the_other_are_two() -> None:
    text = "1,a,b,c\n2,a,hel\nlo,c\n3,a,wor\nld,c\n4,a,b,c"
    assert [(position, what) for position, what, _ in found_in(text)] == [
        (1, "1"),
        (2, "broken_over_lines"),
        (4, "broken_over_lines"),
        (6, "4"),
    ]


def test_carriage_return_outside_quotes_breaks_a_record() -> None:
    assert found_in('1,a \r\rb,c,d\r\n2,b,c,d\r\n3,b,"c",d\re\n4,b,c,d') == [
        (1, "broken_over_lines", "1,a \r\rb,c,d"),
        (2, "2", "2,b,c,d"),
        (3, "broken_over_lines", '3,b,"c",d\re'),
        (4, "4", "4,b,c,d"),
    ]


def test_forgotten_quote_costs_its_own_record_only() -> None:
    text = '1,a,"b",c\n2,a,"forgotten,c\n3,a,"b",c\n4,a,b,c\n'
    assert found_in(text) == [
        (1, "1", '1,a,"b",c'),
        (2, "unbalanced_quote", '2,a,"forgotten,c'),
        (3, "3", '3,a,"b",c'),
        (4, "4", "4,a,b,c"),
    ]


def test_forgotten_quote_gives_back_what_it_swallowed() -> None:
    text = '1,a,b,c\n2,a,"forgotten,c\n3,a,b,c\n4,a,"""b"" is quoted",c\n5,a,b,c\n'
    assert [(position, what) for position, what, _ in found_in(text)] == [
        (1, "1"),
        (2, "unbalanced_quote"),
        (3, "3"),
        (4, "4"),
        (5, "5"),
    ]


def test_forgotten_quote_gives_back_a_record_that_spans_lines() -> None:
    text = '0,a,b,c\n1,"never closed,and,so on\n2,a,",,\n",c\n3,a,b,c'
    assert [(position, what) for position, what, _ in found_in(text)] == [
        (1, "0"),
        (2, "unbalanced_quote"),
        (3, "2"),
        (5, "3"),
    ]


def test_quoted_lines_that_look_like_records_are_text() -> None:
    text = '1,a,b,c\n2,a,"they sent\n7,a,b,c\nand no more",c\n3,a,b,c\n'
    assert [record.fields[0] for record in records_of(text)] == ["1", "2", "3"]


def test_quote_that_is_never_closed_costs_one_record() -> None:
    lines = [f"{number},a,b,c" for number in range(20_000)]
    lines[5] = '5,a,"b,c'
    records = records_of("\n".join(lines))
    assert [record.position for record in records if record.fault] == [6]
    assert len(records) == 20_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"2,a,b", "wrong_field_count"),
        (b"2,a,b,c,d", "wrong_field_count"),
        (b"2,a,caf\xe9,c", "not_utf8"),
        (b"2,a,\x00,c", "nul_character"),
        (b'2,"a"b,c,d', "unbalanced_quote"),
        (b'2,"a\xe9,c,d', "not_utf8"),
    ],
)
def test_broken_line_costs_itself(line: bytes, reason: str) -> None:
    for content in (b"1,a,b,c\n%s\n3,a,b,c\n", b"1,a,b,c\n3,a,b,c\n%s"):
        found = found_in(content % line)
        assert sorted(what for _, what, _ in found) == ["1", "3", reason]


def test_garbage_is_cut_into_records_of_bounded_size() -> None:
    records = records_of("just words\n" * 250)
    assert [record.position for record in records] == [1, 101, 201]


words = st.text(alphabet="abé 9", min_size=1, max_size=6)
texts = st.lists(st.one_of(words, st.sampled_from([",", '"', "\n"])), max_size=5).map("".join)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    rows = draw(st.lists(st.tuples(words, texts, words), min_size=1, max_size=8))
    return [[f"P-{number}", *row] for number, row in enumerate(rows, 100)]


def written(row: list[str]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow(row)
    return target.getvalue().removesuffix("\r\n")


@given(tables())
def test_what_a_csv_writer_writes_is_read_back(table: list[list[str]]) -> None:
    records = records_of("\n".join(map(written, table)))
    assert [record.fields for record in records] == table
    assert not any(record.fault for record in records)


@given(tables(), st.data())
def test_a_broken_record_never_costs_another(table: list[list[str]], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(table) - 1))
    first = table[index][0]
    broken = data.draw(
        st.sampled_from(
            [
                f"{first},one,too,many,fields",
                f"{first},too,few",
                f"{first},lost,cut\nhere",
                f"{first},carriage,\rreturn,here",
                f'{first},"never closed,and,so on',
            ]
        )
    )
    lines = [written(row) for row in table]
    lines[index] = broken
    records = records_of("\n".join(lines))
    whole = [record.fields for record in records if not record.fault]
    assert whole == table[:index] + table[index + 1 :]
    assert [record.raw for record in records if record.fault] == [broken]


@given(st.one_of(st.binary(max_size=300), st.text(alphabet='a1,;"\r\n\x00é', max_size=60)))
def test_every_line_is_in_one_record(content: bytes | str) -> None:
    records = records_of(content, 3)
    data = content if isinstance(content, bytes) else content.encode()
    lines = data.decode("utf-8", "backslashreplace").replace("\x00", "\\x00").split("\n")
    lines[0] = re.sub("^\ufeff", "", lines[0])
    expected = [line.rstrip("\r") for line in lines if line.strip()]
    found = [line.rstrip("\r") for record in records for line in record.raw.split("\n")]
    assert [line for line in found if line.strip()] == expected
    for record in records:
        assert lines[record.position - 1].rstrip("\r") == record.raw.split("\n")[0].rstrip("\r")
        assert (record.fault is not None) or len(record.fields) == 3


def test_a_whole_file_quoted_inside_a_field_is_text_and_costs_no_more_than_its_lines() -> None:
    inner = "\n".join(f"{number},a,b,c" for number in range(10_000))
    (record,) = records_of(f'7,a,"{inner}\nand so on",c')
    assert record.fields == ["7", "a", f"{inner}\nand so on", "c"]


lines_of_any_kind = st.one_of(
    st.sampled_from(["1,a,b,c", '2,"a, ""b""",b,c', "4,a,b", '5,a"b,b,c', ",,,", '"10","b\nc",,']),
    st.sampled_from(['3,"a', 'b",b,c', '"10', '10",a,b,c', '"', '10,"one\n11,a,b,c\nend",,']),
    st.sampled_from(["\ufeff6,a,b,c", '7,"a\rb",b,c', '7,"a\r\nb",b,c\r', "8,é,\u00a0,c\r\r"]),
    st.sampled_from(["", " ", '9,"a"b,,', "\u2028,\x0b,,", "\x00,,,"]),
    st.text('1,"\r \ufeff', max_size=8),
).map(str.encode) | st.binary(max_size=3)


@settings(max_examples=400, deadline=None)
@given(
    lines=st.lists(lines_of_any_kind, max_size=12),
    delimiter=st.sampled_from([",", "|", "\t"]),
    width=st.sampled_from([WIDTH, WIDTH, 2, 1]),
    block_bytes=st.sampled_from([3, 5, 20, 1_000]),
)
def test_records_told_together_are_those_read_one_by_one(
    lines: list[bytes], delimiter: str, width: int, block_bytes: int
) -> None:
    content = b"\n".join(lines).replace(b",", delimiter.encode())

    def text_lines() -> TextLines:
        return TextLines(io.BytesIO(content), 1)

    def found_by_reader() -> list[tuple[int, str, list[str], str]]:
        return [
            (
                record.position,
                record.raw,
                [] if record.fault else record.fields,
                str(record.fault or ""),
            )
            for record in read_records(text_lines(), delimiter, width)
        ]

    with patch.object(csv_records, "plain_pattern", return_value=None):
        one_by_one = found_by_reader()
    in_blocks: list[tuple[int, str, list[str], str]] = []
    with patch.object(text_lines_module, "BLOCK_BYTES", block_bytes):
        for block in read_blocks(text_lines(), delimiter, width):
            places = zip(block.positions.to_pylist(), block.raws.to_pylist(), strict=True)
            for row, ((position, raw), fields) in enumerate(zip(places, block.rows, strict=True)):
                fault = block.faults.get(row)
                in_blocks.append((position, raw, [] if fault else list(fields), str(fault or "")))
        together = found_by_reader()
    assert in_blocks == one_by_one
    assert together == one_by_one


def test_records_that_span_lines_are_told_together() -> None:
    content = b'1,"a\n\nb, ""c""",x,y\n2,a,"one\r\ntwo",y\n3,a,b,c\n'
    (part,) = read_parts(TextLines(io.BytesIO(content), 1), ",", WIDTH)
    assert isinstance(part, PlainRecords)
    assert part.positions.tolist() == [1, 4, 6]
