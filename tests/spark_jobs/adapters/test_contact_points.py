from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.contact_points import keyed, normalised_email, normalised_phone


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        (" Ilse.Marchetal@Exemple.FR ", "ilse.marchetal@exemple.fr"),
        ("mailto:ilse@exemple.fr", "ilse@exemple.fr"),
        ("ilse+shop@exemple.fr", "ilse+shop@exemple.fr"),
        ("ilse@café-exemple.fr", "ilse@xn--caf-exemple-dbb.fr"),
        ("ilse\uff20exemple.fr", "ilse@exemple.fr"),
        ("o'brannig@sub.exemple.co.uk", "o'brannig@sub.exemple.co.uk"),
    ],
)
def test_email_has_one_spelling(written: str, normalised: str) -> None:
    assert normalised_email(written) == normalised


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ilse",
        "@exemple.fr",
        "ilse@",
        "ilse@exemple",
        "a@b@",
        "il se@exemple.fr",
        "i..l@exemple.fr",
        ".ilse@exemple.fr",
        "ilse.@exemple.fr",
        "ilse@-exemple.fr",
        "ilse@exemple..fr",
        "n/a",
    ],
)
def test_what_is_no_email_is_none(written: str) -> None:
    assert normalised_email(written) is None


@given(st.text())
def test_normalising_an_email_never_raises_and_settles(text: str) -> None:
    once = normalised_email(text)
    assert once is None or normalised_email(once) == once


@pytest.mark.parametrize(
    ("written", "country", "normalised"),
    [
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("+33 (0)1 99 00 12 34", None, "+33199001234"),
        ("0033 1.99.00.12.34", "FR", "+33199001234"),
        ("06 39 98 12 34", "FR", "+33639981234"),
        ("(202) 555-0143", "US", "+12025550143"),
    ],
)
def test_phone_is_written_in_e164(written: str, country: str | None, normalised: str) -> None:
    assert normalised_phone(written, country) == normalised


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("01 99 00 12 34", None),
        ("00 00 00 00 00", "FR"),
        ("11 11 11 11 11", "FR"),
        ("12", "FR"),
        ("", "FR"),
        ("unknown", "FR"),
        ("01 99 00 12 34", "no such country"),
        ("9" * 400, "FR"),
    ],
)
def test_what_is_no_phone_is_none(written: str, country: str | None) -> None:
    assert normalised_phone(written, country) is None


@given(st.text(), st.sampled_from(["FR", "US", None]))
def test_normalising_a_phone_never_raises_and_settles(text: str, country: str | None) -> None:
    once = normalised_phone(text, country)
    assert once is None or normalised_phone(once, country) == once


def test_key_is_hmac_sha256_cut_to_128_bits() -> None:
    expected = hmac.new(b"secret", b"ilse@exemple.fr", hashlib.sha256).hexdigest()[:32]
    assert keyed("ilse@exemple.fr", b"secret") == expected
    assert keyed("ilse@exemple.fr", b"another") != expected


def test_key_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        keyed("ilse@exemple.fr", b"")
