from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.outcomes import text_key
from spark_jobs.adapters.texts import (
    text_arrays,
    text_columns,
    without_markup_escapes,
    without_mojibake,
)

FRENCH = [
    "été",
    "déçu",
    "Noël",
    "là,",
    "garçon",
    "naïf",
    "où",
    "?",
    "«",
    "urgent",
    "»",
    "c’est",
    "l’œuf",
    "À",
    "Évian",
    "—",
    "5",
    "€",
    "ça…",
    "plain",
]


@pytest.mark.parametrize(
    ("delivered", "mended"),
    [
        ("Ã©tÃ©", "été"),
        ("dÃ©jÃ\xa0 vu", "déjà vu"),
        ("lâ€™ami", "l’ami"),
        ("ðŸ˜€ merci", "\N{GRINNING FACE} merci"),
        ("Â«bonjourÂ»", "«bonjour»"),
        ("NOÃ‹L", "NOËL"),
        ("√©t√©", "été"),
        ("c\x9cur, l\x92été", "cœur, l’été"),
    ],
)
def test_mojibake_is_mended(delivered: str, mended: str) -> None:
    assert without_mojibake(delivered) == mended
    assert text_columns(delivered) == {
        "text": mended,
        "text_key": text_key(mended),
        "is_text_repaired": True,
    }


@pytest.mark.parametrize(
    "sound",
    [
        "plain",
        "Où est le colis commandé à Noël ? C’était « urgent »…",
        "CAFÉ…",
        "l’été… »",
        "le Ã© s'affiche mal, c'est gênant",  # whoever writes this means it
        "AÑO Ñandú",
        "für €5 – ‚Zitat‘",
        "Привет, где заказ?",
        "\N{GRINNING FACE} 你好",
        "é…\xa0»",
    ],
)
def test_sound_texts_are_left(sound: str) -> None:
    assert without_mojibake(sound) == sound
    assert text_columns(sound)["is_text_repaired"] is False


def test_no_text_has_no_key() -> None:
    nothing = {"text": None, "text_key": None, "is_text_repaired": None}
    assert text_columns(None) == text_columns("") == nothing
    assert rows_of(text_arrays(pa.array([], pa.string()))) == []
    assert rows_of(text_arrays(pa.array(["a", None, ""]))) == [
        {"text": "a", "text_key": text_key("a"), "is_text_repaired": False},
        nothing,
        nothing,
    ]


@given(st.lists(st.sampled_from(FRENCH), min_size=1, max_size=8).map(" ".join))
def test_french_that_was_mistaken_comes_back_and_french_that_was_not_stays(text: str) -> None:
    assert without_mojibake(text) == text
    assert without_mojibake(text.encode().decode("latin-1")) == text


@given(st.text(max_size=60))
def test_any_text_can_be_mended_and_is_then_settled(text: str) -> None:
    mended = without_mojibake(text)
    assert text_columns(mended)["text"] == (without_mojibake(mended) or None)


def rows_of(columns: dict[str, pa.Array]) -> list[dict[str, Any]]:
    """The values of each row by column."""
    rows: list[dict[str, Any]] = pa.table(columns).to_pylist()
    return rows


def _mistaken(text: str, encoding: str) -> str:
    return text.encode().decode(encoding, "replace")


any_text = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("éàœ»…’€Ã©â\x85\x9d√")), max_size=30
)


@given(
    st.lists(
        st.none()
        | any_text
        | st.builds(_mistaken, any_text, st.sampled_from(["latin-1", "cp1252", "mac-roman"])),
        max_size=8,
    )
)
def test_texts_together_become_what_each_becomes_alone(texts: list[str | None]) -> None:
    arrays = text_arrays(pa.array(texts, pa.string()))
    assert rows_of(arrays) == list(map(text_columns, texts))


@pytest.mark.parametrize("unit", ["é", "à »…", "Ã©", "Ã ", "\x85é", "√", "â€"])
def test_a_megabyte_takes_a_moment(unit: str) -> None:
    started = time.monotonic()
    without_mojibake(unit * (1_000_000 // len(unit)))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("escaped", "expected"),
    [
        ("a &amp; b &lt;3 &gt;", "a & b <3 >"),
        ("&amp;lt;", "&lt;"),
        ("&eacute; &#39; &quot;", "&eacute; &#39; &quot;"),
        ("a & b", "a & b"),
    ],
)
def test_three_escapes_are_undone(escaped: str, expected: str) -> None:
    assert without_markup_escapes(escaped) == expected


def test_real_french_tweets_are_left_but_for_two(shared_data: Path) -> None:
    folder = shared_data / "sentiment_tweets"
    changed = {}
    for language in ("french", "english"):
        texts = [
            line
            for name in ("train_text.txt", "val_text.txt")
            for line in (folder / language / name).read_text(encoding="utf-8").split("\n")
        ]
        assert len(texts) > 2_000
        changed[language] = [
            (before, after)
            for text in texts
            for before, after in zip(text, without_mojibake(text), strict=False)
            if before != after
        ]
    # Both hold a letter of Windows-1252 that somebody took for Latin-1: "c?ur" and "l?adaptat...".
    assert changed["english"] == []
    assert sorted(changed["french"]) == [("\x92", "’"), ("\x9c", "œ")]
