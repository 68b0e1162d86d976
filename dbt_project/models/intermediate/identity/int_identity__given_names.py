"""By which other names a given name goes: Bob is Robert, Manu is Emmanuel.

Only the forms of names are told here; what it is worth that two of them agree is learnt by
`int_identity__model`.
"""

from __future__ import annotations

from typing import Any

import pyarrow
from nicknames import NickNamer

SCHEMA = pyarrow.schema(
    [("given_name", pyarrow.string()), ("forms", pyarrow.list_(pyarrow.string()))]
)


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each name with other forms: `given_name`, and its `forms`, itself among them.

    Forms are the full names that a short one stands for: two names that share a form may be one
    person's. English ones are those of `nicknames`, French ones the seed `short_given_names`.
    """
    dbt.config(materialized="table")
    forms = {name: {name, *full} for name, full in NickNamer().canonical_lookup.items()}
    for short, full in dbt.ref("short_given_names").project("short_name, given_name").fetchall():
        forms.setdefault(short, {short}).add(full)
    rows = [{"given_name": name, "forms": sorted(found)} for name, found in sorted(forms.items())]
    return pyarrow.Table.from_pylist(rows, schema=SCHEMA)
