from __future__ import annotations

import io

from hypothesis import example, given
from hypothesis import strategies as st

from spark_jobs.adapters.lines import Line, line_blocks, physical_lines


def test_lines_are_numbered_from_the_first_one() -> None:
    lines = list(physical_lines(io.BytesIO(b"a\r\n\nb"), 5))
    assert lines == [Line(5, b"a\r"), Line(6, b""), Line(7, b"b")]


def test_byte_order_mark_is_taken_off_the_first_line_of_a_file_only() -> None:
    content = b"\xef\xbb\xbfa\n"
    assert [line.content for line in physical_lines(io.BytesIO(content))] == [b"a"]
    assert [line.content for line in physical_lines(io.BytesIO(content), 2)] == [content[:-1]]


def test_a_line_longer_than_the_limit_is_cut_and_the_next_is_whole() -> None:
    content = b"x" * 35 + b"\nnext\n" + b"y" * 10 + b"\n" + b"z" * 10
    lines = list(physical_lines(io.BytesIO(content), longest=10))
    assert [(line.number, line.content, line.is_cut) for line in lines] == [
        (1, b"x" * 10, True),
        (2, b"next", False),
        (3, b"y" * 10, False),
        (4, b"z" * 10, False),
    ]


@given(st.binary(max_size=200), st.integers(1, 20))
@example(b"x\r\ry", 1)
def test_lines_are_those_of_the_bytes(content: bytes, longest: int) -> None:
    lines = list(physical_lines(io.BytesIO(content), 2, longest))
    expected = content.removesuffix(b"\n").split(b"\n") if content else []
    assert [line.number for line in lines] == list(range(2, 2 + len(expected)))
    for line, whole in zip(lines, expected, strict=True):
        assert line.content == whole[:longest]
        assert line.is_cut == bool(whole[longest:].strip(b"\r"))


@given(st.binary(max_size=200), st.integers(1, 20), st.integers(1, 3))
@example(b"xxxx\r\r", 1, 1)
@example(b"\xef\xbb\xbfa\nb", 2, 1)
def test_blocks_hold_the_same_lines(content: bytes, block_bytes: int, first_line: int) -> None:
    longest = 3 * block_bytes + 1
    blocks = list(line_blocks(io.BytesIO(content), first_line, longest, block_bytes))
    assert [
        Line(number, line, block.is_cut)
        for block in blocks
        for number, line in enumerate(block.contents, block.number)
    ] == list(physical_lines(io.BytesIO(content), first_line, longest))
    for block in blocks:
        assert block.is_sound == all(_is_text(line) for line in block.contents)
        assert len(block.contents) == 1 or not block.is_cut


def _is_text(line: bytes) -> bool:
    try:
        return "\x00" not in line.decode()
    except UnicodeDecodeError:
        return False
