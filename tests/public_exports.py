"""CRM exports that nobody here wrote: their columns, and how the adapter of the CRM reads them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import yaml

from spark_jobs.adapters.outcomes import Accepted, Passage, Quarantined, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.sources import Source

FEBRL = """
tables:
  customers:
    columns:
      customer_id: rec_id
      first_name: given_name
      last_name: surname
      street: {template: "{street_number} {address_1}"}
      postal_code: postcode
      city: suburb
      country: {constant: AU}
      birth_date: {from: date_of_birth, formats: "%Y%m%d"}
"""
PEOPLE = """
tables:
  customers:
    columns:
      customer_id: unique_id
      first_name: first_name
      last_name: surname
      birth_date: dob
      city: city
      email: email
"""


def read(path: Path, mapping: str) -> tuple[list[dict[str, Any]], list[Quarantined], set[str]]:
    """Values of what was accepted, what was set aside, and names of fields not mapped."""
    source = Source.model_validate(
        {
            "name": "export",
            "adapter": "mapping",
            "glob": "*.csv",
            "channel": "crm",
            "time_zone": "America/New_York",
            "mapping": yaml.safe_load(mapping),
        }
    )
    passage = Passage(path.name)
    stream = io.BytesIO(path.read_bytes())
    outcomes = list(one_by_one(adapter_named("mapping").read(stream, source, passage)))
    return (
        [outcome.values for outcome in outcomes if isinstance(outcome, Accepted)],
        [outcome for outcome in outcomes if isinstance(outcome, Quarantined)],
        passage.unmapped_fields,
    )
