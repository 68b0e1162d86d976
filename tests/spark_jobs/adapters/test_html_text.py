from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.html_text import shown, unescaped


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        ("<p>One</p><p>two<br />three</p>", "One\n\ntwo\nthree"),
        ("One<br><br><br>two", "One\n\ntwo"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("a  \n <b>b</b>c <i>d</i>", "a bc d"),
        ("<p>\n  a\n</p>\n", "a"),
        ("<pre><code>x = 1\n  y</code></pre>", "x = 1\n  y"),
        ("I <3 you & me &lt;3 &amp;amp; &#39;", "I <3 you & me <3 &amp; '"),
        ("&#99999999999999999999; &#x110000; &#xd800;", "� � �"),
        ("a<!-- b -->c<script>d</script>e<style>f</STYLE>g", "aceg"),
        ('hi <img class="emoji" alt=":wave:" src="x"><img alt="no" src="y">', "hi :wave:"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_text(fragment: str, text: str) -> None:
    assert shown(fragment).text == text


def test_links_lead_to_pages_and_not_to_accounts_or_hashtags() -> None:
    fragment = (
        '<a href="https://exemple.fr/?a=1&amp;b=2" rel="nofollow"><span class="invisible">https://'
        '</span>exemple.fr</a> <a class="u-url mention" href="https://exemple.fr/@brindille">@<span>'
        "brindille</span></a> <a href='https://exemple.fr/?a=1&amp;b=2'>again</a>"
        '<a href=/relative>x</a><a data-href="https://exemple.fr/no">y</a>'
    )
    found = shown(fragment)
    assert found.links == ["https://exemple.fr/?a=1&b=2"]
    assert found.text == "https://exemple.fr @brindille againxy"


@given(st.text())
def test_escaped_text_comes_back_with_its_blanks_counted_once(text: str) -> None:
    text = text.replace("\r", "\n").replace("\x00", " ")
    paragraph = f"<p>{html.escape(text)}</p>"
    assert shown(paragraph).text.split() == text.split()


@given(
    st.lists(
        st.sampled_from(["&", "amp;", "&amp;", "&lt;", "&#39;", "&#x27;", "&#x2F;", "#", "lt;"])
        | st.sampled_from(["&quot;", "&eacute;", "&#x80;", "&#39", "é", ";", "x27;"])
    ).map("".join)
)
def test_entities_are_undone_as_html_has_them(text: str) -> None:
    assert unescaped(text) == html.unescape(text)


@given(st.text(alphabet="<>/!&#;ap \n\"'=href0-x", max_size=60))
def test_no_markup_is_too_broken(fragment: str) -> None:
    shown(fragment).text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "unit", ["<a", "<!--", "</a", "<a href='", "&#", "<p>", '<a href="x ', "a"]
)
def test_a_megabyte_is_read_in_no_time(unit: str) -> None:
    begun = time.process_time()
    shown(unit * (1_000_000 // len(unit)) + ">")
    assert time.process_time() - begun < 5
