"""How tables are printed for a person; nothing here knows what they are about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 500
"""Columns where the output is a file or a pipe: nothing is cut there."""


def print_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under headers; numbers to the right, null as nothing."""
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="")
    for index, header in enumerate(headers):
        values = [row[index] for row in rows if row[index] is not None]
        numeric = bool(values) and all(isinstance(value, int | float) for value in values)
        table.add_column(header, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(shown(value) for value in row))
    console().print(table)


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for tables in a file.

    What is printed is what customers wrote: brackets and colons in it mark nothing up.
    """
    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else PLAIN_WIDTH,
    )


def shown(value: Any) -> str:
    """A value as a person reads it: 12,345 and 0.1235, lists with commas, nothing for null.

    Signs that would steer a terminal become spaces.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, int):
        return f"{value:,}"
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in str(value))


def duration(seconds: float | None) -> str:
    """Seconds as hours and minutes, such as 3 h 05 min."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
