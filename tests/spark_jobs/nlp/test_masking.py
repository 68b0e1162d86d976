from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.nlp.masking import PLACEHOLDERS, is_card, is_iban, mask, shape_of

PUBLIC = frozenset({"ondea_aide"})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("écris à zoe.martel@courriel.example ou zoe@ici", "écris à <email> ou <email>"),
        ("zoe.martel [at] courriel [point] example", "<email>"),
        ("zoe arobase courriel point fr, merci", "<email>, merci"),
        ("Zoe.Martel at courriel dot example please", "<email> please"),
        ("chez moi : zoe_m at gmail.com", "chez moi : <email>"),
        ("FR76 3000.6000.0112.3456.7890.189", "<iban>"),
        ("4111.1111.1111.1111 et 4111-1111 1111-1111", "<card> et <card>"),
        ("(+33) 6 12 34 56 78 ou +33.6.12.34.56.78", "(<phone> ou <phone>"),
        ("order no. 112-1234567-1234567", "order no. <order>"),
        ("au 06 12 34 56 78 ou 06.12.34.56.78.", "au <phone> ou <phone>."),
        ("+33 (0)6 12 34 56 78 / 0033612345678", "<phone> / <phone>"),
        ("call 415-555-0132, (415) 555-0132 or 1-415-555-0132", "call <phone>, <phone> or <phone>"),
        ("06\u200b12\u200b34\u200b56\u200b78", "<phone>"),
        ("\u202a+33 6 12 34 56 78\u202c", "\u202a<phone>\u202c"),
        ("mailto:zoe%40courriel.example zoe&#64;courriel.example", "mailto:<email> <email>"),
        ("zo\ufffde@courriel.example", "<email>"),
        ("@\u200bzoe\u2060_m et @Ondea_Aide\u2069", "<handle> et @Ondea_Aide\u2069"),
        ("carte 4111 1111 1111 1111 fin 12/28", "carte <card> fin 12/28"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 merci", "IBAN <iban> merci"),
        ("fr7630006000011234567890189", "<iban>"),
        ("commande n° 48213 et ref AB-2291-X", "commande n° <order> et ref <order>"),
        ("#4821377 perdu", "<order> perdu"),
        ("dossier 6A1234567890123", "dossier <order>"),
        ("suivez 123456789012", "suivez <number>"),
        (".@Ondea_Aide @zoe_m @user@instance.example", ".@Ondea_Aide <handle> <handle>"),
        ("@zoe...@max @@lea @a@b", "<handle>...<handle> @<handle> <handle>"),
        ("https://x.com/zoe_m/status/99 https://t.co/aB3", "https://x.com/<link> https://t.co/aB3"),
        ("www.boutique.example/p?m=zoe@ici.example", "www.boutique.example/<link>"),
        ("https://zoe:secret@boutique.example/a", "<link>"),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert mask(text, PUBLIC) == masked


@pytest.mark.parametrize(
    "text",
    [
        "né le 12.03.1985, commande de 2017",
        "1 000 000 € en 2026, soit 12 345 678 vues",
        "le 2026-10-31 à 22:10, 3/4 des gens",
        "only at shop dot com, look at the shop, it was at home dot the end",
        "je suis chez yahoo, au point com",
        "account locked since 2019, order 66, compte premium",
        "bonjour à toutes et tou@s",
        "forfait 100 Go à 19,99 € au 3900",
        "2015–2016 et 10–12–2017, 50%40 €",
        "\u200fשלום\u200f 👨\u200d👩\u200d👧",
        "https://boutique.example/soldes?page=2",
    ],
)
def test_what_is_not(text: str) -> None:
    assert mask(text) == text


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text, PUBLIC), PUBLIC) == mask(text, PUBLIC)


@given(st.text(alphabet="@.-+ 0123456789aéF#/:[()]htpsw%&;–\u200b\u202c", max_size=60))
def test_masking_hostile_mixtures_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


words = st.sampled_from(["bonjour", "ma ligne", "!", "please", "😀", "", "«", "(", "\n"])


@given(words, words, st.from_regex(r"[a-z][a-z0-9]{1,9}(\.[a-z]{1,8})?", fullmatch=True))
def test_no_address_survives(before: str, after: str, name: str) -> None:
    assert mask(f"{before} {name}@courriel.example {after}") == f"{before} <email> {after}"


UNSEEN = ["\u200b", "\u200d", "\u2060", "\u00ad", "\u202e", "\ufeff", "\ufffd"]
WIDE = ["\u00a0", "\u202f", "\u2009", "\u2011", "\u2013", "\u2212"]


@given(st.sampled_from(UNSEEN), st.integers(0, 20))
def test_no_address_hides_behind_what_is_not_seen(sign: str, place: int) -> None:
    address = "zoe.martel@courriel.example"
    masked = mask(f"à {address[:place]}{sign}{address[place:]} !")
    assert masked.replace(sign, "") == "à <email> !"


@given(
    st.integers(10**8, 10**9 - 1), st.sampled_from(["", " ", ".", "-", "/", *WIDE, *UNSEEN]), words
)
def test_no_phone_survives(number: int, separator: str, before: str) -> None:
    digits = f"0{number}"
    pairs = separator.join(digits[index : index + 2] for index in range(0, 10, 2))
    assert not re.search(r"\d", mask(f"{before} {pairs} !"))


@given(st.integers(0, 10**12 - 1), st.sampled_from(["", " ", "-", *WIDE, *UNSEEN]), words)
def test_no_card_survives(account: int, separator: str, before: str) -> None:
    body = f"497{account:012d}"
    number = next(body + str(check) for check in range(10) if is_card(body + str(check)))
    written = separator.join(number[index : index + 4] for index in range(0, 16, 4))
    assert mask(f"{before} {written} !") == f"{before} <card> !"


@given(st.integers(0, 10**23 - 1), st.sampled_from(["", " ", *WIDE, *UNSEEN]), st.booleans())
def test_no_iban_survives(account: int, separator: str, is_lower: bool) -> None:
    number = next(
        candidate for check in range(2, 99) if is_iban(candidate := f"FR{check:02d}{account:023d}")
    )
    written = separator.join(number[index : index + 4] for index in range(0, 27, 4))
    assert mask(f"iban {written.lower() if is_lower else written}.") == "iban <iban>."


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "1",
        "1 ",
        "@a",
        "@",
        "0612345678 ",
        "a at ",
        "arobase ",
        "a at b dot ",
        "order ",
        "(at)",
        "FR76",
        "FR76\u200b",
        "a\u200b",
        "@a\u200b.",
        "%40a",
        "www.",
        "+(",
    ],
)
def test_time_is_linear(piece: str) -> None:
    started = time.process_time()
    mask(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 5


@given(st.text())
@settings(max_examples=200)
def test_a_shape_keeps_the_length_and_no_letter_or_digit(text: str) -> None:
    shape = shape_of(text)
    assert len(shape) == len(text)
    assert {character for character in shape if character.isalnum()} <= {"x", "X", "9"}


def test_placeholders_are_what_masking_writes() -> None:
    text = (
        "zoe@ici.example 0612345678 4111111111111111 FR7630006000011234567890189 "
        "order 77812 991234567890 @zoe"
    )
    assert tuple(mask(text).replace("order ", "").split()) == PLACEHOLDERS
