"""How a page of the Data Docs looks: the library's contents in templates that stand alone.

The library's own pages fetch styles and scripts from half a dozen hosts and show nothing without
them; an index filled by a script is empty where there is no network. Named in the configuration
that ``documents`` writes; nothing else uses it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

TEMPLATES = Path(__file__).with_name("templates")


class PageView(DefaultJinjaPageView):  # type: ignore[misc]  # the library's types are not followed
    """A page of suites, of results, or the index, with no reference to another host."""

    def __init__(self, **directories: Any) -> None:
        super().__init__(**directories)
        self.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), self.env.loader])
