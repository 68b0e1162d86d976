"""Why a record cannot be read: the fault that adapters raise among themselves.

A fault never leaves an adapter: whoever reads a record turns it into a ``Quarantined``. Details
end up where many people read them, so a text is shown only where it looks like an id, a code
or a number, and is described otherwise.
"""

from __future__ import annotations

import re
from typing import Any

from spark_jobs.adapters.outcomes import Quarantined

NOT_UTF8 = "not_utf8"
NOT_JSON = "not_json"
UNKNOWN_OBJECT = "unknown_object"
MISSING_FIELD = "missing_field"
WRONG_TYPE = "wrong_type"
IMPOSSIBLE_VALUE = "impossible_value"

EXPECTED_TEXT = "expected UTF-8, or the encoding that `encoding:` declares for the source"
"""What every detail of ``NOT_UTF8`` ends with."""

CR_ALONE = "; lines end with LF or CR LF, found CR alone"
"""What details end with where lines of a file may end as no format has them."""

_SHOWN = re.compile(r"[\w.:+/-]{0,40}", re.ASCII)
_NAMES_SHOWN = 8


class Fault(ValueError):  # noqa: N818 - a finding about a record, not an error of the program
    """One record cannot be read: ``reason`` is its code, ``detail`` names field and finding."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def alone(self) -> Fault:
        """The same without the frames that it came from: whoever keeps it kept their columns."""
        return Fault(self.reason, self.detail)

    def quarantined(self, position: int, raw: str, item: str | None = None) -> Quarantined:
        """The outcome of the record that has this fault."""
        return Quarantined(self.reason, self.detail, position, raw, item)


def impossible(field: str, found: object, expected: str) -> Fault:
    """The fault of a field whose value cannot be true."""
    return Fault(IMPOSSIBLE_VALUE, f"{field}: found {described(found)}, expected {expected}")


def mistyped(field: str, found: object, expected: str) -> Fault:
    """The fault of a field whose value is not of the kind that belongs there."""
    return Fault(WRONG_TYPE, f"{field}: found {described(found)}, expected {expected}")


def missing(field: str, expected: str) -> Fault:
    """The fault of a required field that is absent or empty."""
    return Fault(MISSING_FIELD, f"{field}: nothing found, expected {expected}")


def described(value: Any) -> str:
    """What a value is, in a few words and without the text that people wrote."""
    if isinstance(value, str):
        if _SHOWN.fullmatch(value):
            return repr(value)
        return f"a text of {len(value)} characters"
    if isinstance(value, dict):
        names = [ascii(name)[1:41].rstrip("'") for name in value]
        more = ", ..." if len(names) > _NAMES_SHOWN else ""
        return f"an object with {', '.join(names[:_NAMES_SHOWN]) or 'no field'}{more}"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)[:40]
