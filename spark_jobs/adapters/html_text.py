"""The text of an HTML fragment, as sources that deliver posts in HTML show it to readers.

Tags are read one by one in time that grows with the text, which the standard library's parser
does not promise: a megabyte of unclosed tags would hold a worker for minutes. What does not read
as a tag, such as ``<3``, is text. Fragments are those of servers that clean what people write: an
attribute that holds ``<`` or ``>`` unescaped is not expected, and its tag is then text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from spark_jobs.adapters.marks import distinct

_MARKUP = re.compile(r"<(?:![^<>]*|(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*))>")
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(href|class|alt)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_RUNS = re.compile(r"[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+")
"""Blanks that are more, or other, than one space."""
USUAL = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&#x2F;", "/"),
)
"""Entities that texts mostly have no others than, but for ``&amp;``, which is undone last."""
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
PARAGRAPHS = _HEADINGS | frozenset(
    ["p", "div", "blockquote", "pre", "ul", "ol", "table", "aside", "details", "hr"]
)
"""Tags that set what is before and after them apart, at their beginning and their end."""
_LINES = frozenset(["li", "tr", "summary"])
SILENT = frozenset(["em", "strong", "code", "span", "b", "i", "sup", "sub", "kbd", "small"])
"""Tags that change nothing in the text, being most of those there are."""
_NOT_SHOWN = frozenset(["script", "style"])
_NOT_LINKS = frozenset(["mention", "mention-group", "hashtag", "hashtag-cashtag"])
"""Classes of links to accounts and hashtags, which are told apart from links to pages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees: the text, and where its links lead, once each."""

    text: str
    links: list[str]


def shown(fragment: str) -> Shown:
    """Read a fragment.

    Paragraphs are set apart by an empty line, lines by a line end; blanks count once, except in
    ``pre``. An emoji drawn as a picture is its alternative text. Text without markup is
    returned with its entities undone and its blanks counted once.
    """
    if "<" not in fragment:
        return Shown(_RUNS.sub(" ", unescaped(fragment)).strip(" "), [])
    return _Reader().read(fragment)


class _Reader:
    """Puts texts together with the breaks that the tags between them ask for."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self._breaks = 0
        self._has_blank = False
        self._preformatted = 0
        self._not_shown = ""

    def read(self, fragment: str) -> Shown:
        """What the fragment shows; a reader reads one."""
        # Texts, and after each but the last whether a tag is an end, its name and its attributes.
        pieces = iter(_MARKUP.split(fragment))
        for text in pieces:
            if text and not self._not_shown:
                self._write(text)
            is_end = next(pieces, None)
            name = next(pieces, None)
            rest = next(pieces, None)
            if name and name not in SILENT:
                self._tag(name.lower(), bool(is_end), rest or "")
        return Shown("".join(self.parts), distinct(self.links))

    def _write(self, markup: str) -> None:
        text = unescaped(markup) if "&" in markup else markup
        if self._preformatted:
            self._append(text)
            return
        text = _RUNS.sub(" ", text)
        words = text.strip(" ")
        if not words:
            self._has_blank = self._has_blank or text != ""
        elif words is text or len(words) == len(text):
            self._append(words)
        else:
            self._has_blank = self._has_blank or text[0] == " "
            self._append(words)
            self._has_blank = text[-1] == " "

    def _tag(self, name: str, is_end: bool, rest: str) -> None:
        if self._not_shown:
            if is_end and name == self._not_shown:
                self._not_shown = ""
            return
        if name in PARAGRAPHS:
            self._breaks = 2
            if name == "pre":
                self._preformatted = max(0, self._preformatted + (-1 if is_end else 1))
        elif name == "br":
            self._breaks += 1
        elif name in _LINES:
            self._breaks = max(self._breaks, 1)
        elif is_end:
            return
        elif name == "a":
            if link := link_of(rest):
                self.links.append(link)
        elif name == "img":
            attributes = _attributes(rest)
            if "emoji" in attributes.get("class", "").split() and attributes.get("alt"):
                self._append(attributes["alt"])
        elif name in _NOT_SHOWN:
            self._not_shown = name

    def _append(self, text: str) -> None:
        if self._breaks:
            if self.parts:
                self.parts.append("\n\n" if self._breaks > 1 else "\n")
            self._breaks = 0
        elif self._has_blank and self.parts:
            self.parts.append(" ")
        self._has_blank = False
        self.parts.append(text)


def link_of(attributes: str) -> str | None:
    """Where a tag ``a`` with these attributes leads, if it is a link to a page."""
    found = _attributes(attributes)
    link = found.get("href", "").strip()
    is_link = "class" not in found or _NOT_LINKS.isdisjoint(found["class"].split())
    return link if is_link and link[:8].lower().startswith(("http://", "https://")) else None


def unescaped(text: str) -> str:
    """A text with its entities undone; a number that no character has becomes U+FFFD."""
    if "&" not in text:
        return text
    usual = text
    for entity, character in USUAL:
        usual = usual.replace(entity, character)
    if usual.count("&") == usual.count("&amp;"):
        return usual.replace("&amp;", "&")
    return html.unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text))


def _attributes(rest: str) -> dict[str, str]:
    return {
        name.lower(): unescaped(quoted or apostrophed or bare)
        for name, quoted, apostrophed, bare in _ATTRIBUTE.findall(rest)
    }
