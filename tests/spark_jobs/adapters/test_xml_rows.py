from __future__ import annotations

import io
import time

import pytest

from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import Passage
from spark_jobs.adapters.xml_rows import MOST_LINES, Element, read_elements
from spark_jobs.adapters.xml_tags import resolved

TABLES = {"posts": frozenset({"Id", "Text"}), "users": frozenset({"Id"})}


def elements(content: str | bytes, passage: Passage | None = None) -> list[Element]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_elements(io.BytesIO(data), passage or Passage(), TABLES))


def told(content: str | bytes) -> list[tuple[int, str | None, dict[str, str] | str]]:
    return [
        (e.position, e.item, e.fault.reason if e.fault else e.attributes) for e in elements(content)
    ]


def test_a_row_a_line() -> None:
    content = '\ufeff<?xml version="1.0"?>\r\n<posts>\r\n <row Id="1" Text="a" />\r\n\r\n</posts>'
    assert elements(content) == [
        Element(3, None, '<row Id="1" Text="a" />', "posts", {"Id": "1", "Text": "a"})
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('<row Id="1"/><row Id="2"/>', [(2, None, {"Id": "1"}), (2, "/1", {"Id": "2"})]),
        ('<row\nId="1"\nText="a\nb"\n/>', [(2, None, {"Id": "1", "Text": "a b"})]),
        (
            '<row Id="1" Text="a\n\n  b"/> <row Id="2"/>\n<row Id="3"/>',
            [
                (2, None, {"Id": "1", "Text": "a    b"}),
                (4, None, {"Id": "2"}),
                (5, None, {"Id": "3"}),
            ],
        ),
        ("<row Id='1' Text='say \"a\"'/>", [(2, None, {"Id": "1", "Text": 'say "a"'})]),
        ('<row Id="1" Text="it\'s > 2"/>', [(2, None, {"Id": "1", "Text": "it's > 2"})]),
        ('<row Id = "1"\t/>', [(2, None, {"Id": "1"})]),
        ("<row/>", [(2, None, {})]),
        ('<row Id="1" Text="cut\n<row Id="2"/>', [(2, None, "not_xml"), (3, None, {"Id": "2"})]),
        ('<row Id="1\n<row Id="2"/>', [(2, None, "not_xml"), (3, None, {"Id": "2"})]),
        (
            '<row Id="1" Text="x\ny\n<row Id="2"/>',
            [(2, None, "broken_over_lines"), (4, None, {"Id": "2"})],
        ),
        ('<row Id="1" <row Id="2"/>', [(2, None, "not_xml"), (2, "/1", {"Id": "2"})]),
        ('<row Id="1"/>rest', [(2, None, {"Id": "1"}), (2, "/1", "not_xml")]),
        ("<row Id=1 />", [(2, None, "not_xml")]),
        ('<row Id="1">', [(2, None, "not_xml")]),
        ('<row Id="1" Id="2" />', [(2, None, "not_xml")]),
        ("<row Id='1' Id='2' />", [(2, None, "not_xml")]),
        ('<row Id="1" Text="a & b" />', [(2, None, "not_xml")]),
        ('<row Id="1" Text="&eacute;" />', [(2, None, "not_xml")]),
        ('<ROW Id="1" />', [(2, None, "unknown_object")]),
        ('<rows Id="1" />', [(2, None, "unknown_object")]),
        ("garbage", [(2, None, "not_xml")]),
        ("<!-- a remark -->", [(2, None, "not_xml")]),
        ('<row Id="1" />\n</other>', [(2, None, {"Id": "1"}), (3, None, "unknown_object")]),
    ],
)
def test_lines_that_are_not_a_row_each(
    lines: str, expected: list[tuple[int, str | None, dict[str, str] | str]]
) -> None:
    assert told(f"<posts>\n{lines}\n</posts>\n") == expected


def test_one_line_for_the_whole_file() -> None:
    assert told('<?xml version="1.0"?><posts><row Id="1"/></posts>') == [(1, None, {"Id": "1"})]


def test_bytes_that_are_not_utf8_cost_their_line() -> None:
    found = told(b'<posts>\n<row Id="\xe9"/>\n<row Id="2"/>\n</posts>')
    assert found == [(2, None, "not_utf8"), (3, None, {"Id": "2"})]


def test_rows_under_no_known_table_are_set_aside() -> None:
    assert told('<row Id="1"/>') == [(1, None, "unknown_object")]
    assert told('<html>\n<row Id="1"/>') == [
        (1, None, "unknown_object"),
        (2, None, "unknown_object"),
    ]
    # A broken tag does not change the table of the rows after it.
    assert told('<posts>\n<pasts>\n<row Id="1"/>')[1:] == [(3, None, {"Id": "1"})]


def test_tables_one_after_the_other() -> None:
    found = elements('<posts><row Id="1"/></posts>\n<users><row Id="2"/></users>')
    assert [(element.table, element.attributes["Id"]) for element in found] == [
        ("posts", "1"),
        ("users", "2"),
    ]


def test_no_entity_can_be_declared() -> None:
    laughs = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 40))
    content = f'<!DOCTYPE posts [{laughs}]>\n<posts>\n<row Id="&e39;" />\n<row Id="2" />\n</posts>'
    found = told(content)
    assert [outcome for *_, outcome in found if isinstance(outcome, dict)] == [{"Id": "2"}]
    assert {outcome for *_, outcome in found if isinstance(outcome, str)} == {"not_xml"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("&lt;b&gt; &amp;amp; &quot;&apos;", "<b> &amp; \"'"),
        ("a&#xA;b&#10;c&#x9;&#xD;", "a\nb\nc\t\r"),
        ("&#233;&#xE9;&#x1F600;", "éé\N{GRINNING FACE}"),
        ("&#xD83D;&#xDE00; &#55357;&#56832;", "\N{GRINNING FACE} \N{GRINNING FACE}"),
        ("&#xD83D; &#0; &#x110000; &#999999999;", "� � � �"),
        ("&#x1F;&#7;", "\x1f\x07"),
        ("é &#xe9;", "é é"),
    ],
)
def test_references(value: str, expected: str) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize("value", ["&", "a &b", "&nbsp;", "&#;", "&#xZ;", "&lt", "&#1234567890;"])
def test_what_is_no_reference_is_a_fault(value: str) -> None:
    with pytest.raises(Fault, match="not_xml"):
        resolved(value)


def test_a_tag_goes_on_for_so_many_lines_only() -> None:
    lines = ['<row Id="1" Text="', *["x"] * 2 * MOST_LINES, '<row Id="2"/>']
    found = told("\n".join(["<posts>", *lines]))
    assert found[0] == (2, None, "broken_over_lines")
    assert found[-1] == (2 * MOST_LINES + 3, None, {"Id": "2"})
    assert len(found) == 1 + (MOST_LINES + 1) + 1


def test_names_that_are_not_mapped_are_noted() -> None:
    passage = Passage()
    elements("<posts>\n<row Id=\"1\" New=\"2\"/>\n<row Id='1' Other='2'/>\n</posts>", passage)
    assert passage.unmapped_fields == {"New", "Other"}


@pytest.mark.parametrize(
    "content",
    [
        "<row " * 200_000,
        '<row a="' * 100_000,
        "<row " + "a " * 500_000,
        '<row a="' + "&amp;" * 200_000 + '"/>',
        '<row a="' + "&#x1F;" * 200_000 + '"/>',
        "<row " + 'a="" ' * 200_000 + "/>",
        "<row" + " " * 1_000_000,
        ('<row a="\n' + ">\n" * 60) * 5_000,
        "<" * 1_000_000,
    ],
)
def test_time_grows_with_the_text_only(content: str) -> None:
    started = time.monotonic()
    for _ in read_elements(io.BytesIO(b"<posts>\n" + content.encode()), Passage(), TABLES):
        pass
    assert time.monotonic() - started < 30


def test_a_quote_after_a_row_is_set_aside_and_costs_no_row() -> None:
    found = told('<posts>\n<row Id="1" />"\n<row Id="2" />\n</posts>')
    assert found == [
        (2, None, {"Id": "1"}),
        (2, "/1", "not_xml"),
        (3, None, {"Id": "2"}),
    ]
