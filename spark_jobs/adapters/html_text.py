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

_MARKUP = re.compile(r"<![^<>]*>|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^<>]*)>")
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(href|class|alt)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PARAGRAPHS = _HEADINGS | frozenset(
    ["p", "div", "blockquote", "pre", "ul", "ol", "table", "aside", "details", "hr"]
)
_LINES = frozenset(["li", "tr", "summary"])
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
    reader = _Reader()
    at = 0
    for tag in _MARKUP.finditer(fragment):
        reader.write(fragment[at : tag.start()])
        if tag["name"]:
            reader.tag(tag["name"].lower(), bool(tag["end"]), tag["rest"])
        at = tag.end()
    reader.write(fragment[at:])
    return Shown("".join(reader.parts), distinct(reader.links))


class _Reader:
    """Writes texts with the breaks that the tags between them ask for."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self._breaks = 0
        self._has_blank = False
        self._preformatted = 0
        self._not_shown: str | None = None

    def write(self, markup: str) -> None:
        """Write what stands between two tags."""
        if not markup or self._not_shown:
            return
        text = unescaped(markup)
        if self._preformatted:
            self._append(text)
            return
        text = _BLANKS.sub(" ", text)
        words = text.strip(" ")
        self._has_blank |= text.startswith(" ")
        if words:
            self._append(words)
            self._has_blank = text.endswith(" ")

    def tag(self, name: str, is_end: bool, rest: str) -> None:
        """Take a tag into account; ``rest`` holds its attributes."""
        if self._not_shown:
            if is_end and name == self._not_shown:
                self._not_shown = None
            return
        if name in _PARAGRAPHS:
            self._breaks = 2
        elif name == "br":
            self._breaks += 1
        elif name in _LINES:
            self._breaks = max(self._breaks, 1)
        if name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if is_end else 1))
        elif name in _NOT_SHOWN and not is_end:
            self._not_shown = name
        elif name == "a" and not is_end:
            attributes = _attributes(rest)
            link = attributes.get("href", "").strip()
            is_link = _NOT_LINKS.isdisjoint(attributes.get("class", "").split())
            if is_link and link.lower().startswith(("http://", "https://")):
                self.links.append(link)
        elif name == "img":
            attributes = _attributes(rest)
            if "emoji" in attributes.get("class", "").split() and attributes.get("alt"):
                self._append(attributes["alt"])

    def _append(self, text: str) -> None:
        if self.parts and (self._breaks or self._has_blank):
            self.parts.append("\n" * min(self._breaks, 2) or " ")
        self.parts.append(text)
        self._breaks = 0
        self._has_blank = False


def unescaped(text: str) -> str:
    """A text with its entities undone; a number that no character has becomes U+FFFD."""
    if "&" not in text:
        return text
    return html.unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text))


def _attributes(rest: str) -> dict[str, str]:
    return {
        name.lower(): unescaped(quoted or apostrophed or bare)
        for name, quoted, apostrophed, bare in _ATTRIBUTE.findall(rest)
    }
