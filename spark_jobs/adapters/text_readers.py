"""How the texts of a column become values: one rule, for one text and for many at a time.

A reader has the rule as a function of one text, and may have a *kernel* for a whole array, which
says of which texts it is sure. All others, the faulty among them, go through the rule, each
distinct one once. So a kernel never decides what a fault is, and need not know every spelling:
only where it is sure, it must give what the rule gives, and a property test of every reader here
says so.

What a value may look like is in ``values``; here is only what is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters import values
from spark_jobs.adapters.faults import Fault
from spark_jobs.tables.declaration import INSTANT, MONEY, STRING

Kernel = Callable[[pa.Array], tuple[pa.Array, pa.Array]]
"""From texts, none of them empty but some null, to values and whether each is sure."""


@dataclass(frozen=True)
class TextReader:
    """Reads texts as values of ``type``; ``one`` gives None for a blank text and raises Fault.

    With ``absent``, a text without a value is at fault too.
    """

    one: Callable[[str], Any]
    type: pa.DataType
    kernel: Kernel | None = None
    absent: Callable[[], Fault] | None = None

    def required(self, absent: Callable[[], Fault]) -> TextReader:
        """A reader of texts that must have a value."""
        return replace(self, absent=absent)

    def read(self, text: str) -> Any:
        """The value of one text; raises Fault."""
        value = self.one(text)
        if value is None and self.absent:
            raise self.absent()
        return value

    def read_all(self, texts: pa.Array) -> tuple[pa.Array, dict[int, Fault]]:
        """The values of an array of texts, and the faults by place, where the value is null."""
        if self.kernel is None:
            return self._of_distinct(texts)
        given = pc.if_else(pc.equal(pc.binary_length(texts), 0), None, texts)
        found, is_sure = self.kernel(given)
        is_sure = pc.fill_null(is_sure, self.absent is None)
        rest = pc.indices_nonzero(pc.invert(is_sure)).to_numpy()
        if not rest.size:
            return found, {}
        others, faults = self._of_distinct(texts.take(pa.array(rest)))
        return with_others(found, rest, others), {
            int(rest[row]): fault for row, fault in faults.items()
        }

    def _of_distinct(self, texts: pa.Array) -> tuple[pa.Array, dict[int, Fault]]:
        distinct = texts.dictionary_encode()
        found: list[Any] = []
        faults: dict[int, Fault] = {}
        for number, text in enumerate(distinct.dictionary.to_pylist()):
            try:
                found.append(self.read(text))
            except Fault as fault:
                faults[number] = fault.alone()
                found.append(None)
        by_place = {}
        if faults:
            numbers = distinct.indices.to_numpy()
            rows = np.flatnonzero(np.isin(numbers, list(faults)))
            by_place = {int(row): faults[int(numbers[row])] for row in rows}
        return pa.array(found, self.type).take(distinct.indices), by_place


def with_others(found: pa.Array, places: np.ndarray[Any, Any], others: pa.Array) -> pa.Array:
    """An array with other values in some places."""
    if not len(places):
        return found
    order = np.arange(len(found))
    order[places] = len(found) + np.arange(len(places))
    return pa.concat_arrays([found, others]).take(pa.array(order))


def plain_texts() -> TextReader:
    """See ``values.plain``."""
    return TextReader(values.plain, STRING, _without_blanks_around)


def _without_blanks_around(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    found = pc.utf8_trim_whitespace(texts)  # the same blanks that Python strips, a test says
    found = pc.if_else(pc.equal(pc.binary_length(found), 0), None, found)
    return found, pc.if_else(found.is_valid(), True, None)


def identifiers(name: str) -> TextReader:
    """See ``values.identifier``."""
    return TextReader(partial(values.identifier, name), STRING, _without_a_number_s_marks)


_NO_NUMBER_S_MARKS = r"^[!-*\-/-~](?:[ -*\-/-~]*[!-*\-/-~])?$"
"""Printable ASCII but for plus, comma and point, which all rounded numbers have one of."""


def _without_a_number_s_marks(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    return texts, pc.match_substring_regex(texts, _NO_NUMBER_S_MARKS)


def whole_numbers(name: str) -> TextReader:
    """See ``values.whole_number``."""
    return TextReader(partial(values.whole_number, name), STRING, _digits)


def _digits(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    is_sure = pc.match_substring_regex(texts, r"^[0-9]{1,13}(?:[0-9]{0,7}|\.0)$")
    return pc.replace_substring(texts, ".0", ""), is_sure


def amounts(name: str, has_decimal_comma: bool) -> TextReader:
    """See ``values.amount``."""

    def kernel(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        if has_decimal_comma:
            texts = pc.replace_substring(texts, ",", ".", max_replacements=1)
        is_sure = pc.match_substring_regex(texts, r"^-?[0-9]{1,15}(?:\.[0-9]{1,2})?$")
        return _sure_ones(texts, is_sure).cast(MONEY), is_sure

    return TextReader(partial(values.amount, name, has_decimal_comma), MONEY, kernel)


def iso_instants(name: str, zone: tzinfo) -> TextReader:
    """See ``values.iso_instant``."""
    rule = partial(values.iso_instant, name, zone)
    if not isinstance(zone, ZoneInfo) or zone.key is None:
        return TextReader(rule, INSTANT)
    zone_name = zone.key

    def kernel(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        is_sure = pc.match_substring_regex(texts, _SURE_INSTANT)
        local = _sure_ones(texts, is_sure).cast(pa.timestamp("us"))
        found = pc.assume_timezone(local, zone_name, ambiguous="earliest", nonexistent="earliest")
        # A time that clocks skip is moved here to the one after it: that is for the rule.
        is_sure = pc.and_kleene(
            is_sure, pc.fill_null(pc.equal(pc.local_timestamp(found), local), True)
        )
        return found.cast(INSTANT), is_sure

    return TextReader(rule, INSTANT, kernel)


_SURE_DAY = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)"
    "|(?:0[13578]|1[02])-31)"
)
_SURE_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_SURE_INSTANT = (
    rf"^(?:199[1-9]|20[0-9]{{2}}|21[0-8][0-9])-{_SURE_DAY}[T ]{_SURE_TIME}(?:\.[0-9]{{1,6}})?$"
)
"""A time without a zone, well within the years that are possible; no 29th of February."""


def _sure_ones(texts: pa.Array, is_sure: pa.Array) -> pa.Array:
    return pc.if_else(is_sure, texts, None)
