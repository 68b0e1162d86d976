"""The part of the gate before publishing that looks at people: are strangers chained together?

How firmly the records of a person hang together is counted by the warehouse; what is too large or
too loose is judged here, by limits that stand with the other rules on people in `dbt_project.yml`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field

from expectations.gate import GateReport, judge, merged

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

PROJECT_FILE = Path(__file__).resolve().parents[1] / "dbt_project" / "dbt_project.yml"
PREFIX = "person_"


class PeopleLimits(BaseModel):
    """What one person may be; each is a variable of the dbt project, `person_` before its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_customers: int = Field(ge=1, description="CRM customers of one person, at most.")
    firm_from_customers: int = Field(ge=2, description="CRM customers from which density counts.")
    least_density: float = Field(ge=0, le=1, description="Links of all pairs of its customers.")
    firm_rate: float = Field(ge=0, le=1, description="Share of these persons that must have it.")


def people_limits(project_file: Path = PROJECT_FILE) -> PeopleLimits:
    """The limits as the dbt project has them; an error names one that is unknown or impossible."""
    variables = yaml.safe_load(project_file.read_text(encoding="utf-8"))["vars"]
    return PeopleLimits(
        **{
            name.removeprefix(PREFIX): value
            for name, value in variables.items()
            if name.startswith(PREFIX)
        }
    )


def check_people(
    connection: duckdb.DuckDBPyConnection, gate: str, limits: PeopleLimits | None = None
) -> GateReport:
    """Judge the people of a build whose marts are in use on ``connection``.

    Holds when no person is of more CRM customers than ``limits`` allow, when nearly all of the
    larger ones hang together, and when every decision of a steward is followed. What fails names
    the person: a decision ``apart`` on two of the records mends it. Of two decisions that
    contradict each other over a third record, one has to be withdrawn.
    """
    from great_expectations import expectations as gxe

    limits = limits or people_limits()
    people = connection.execute("select * from mart_identity_clusters").df()
    larger = people[people["records_count"] >= limits.firm_from_customers]
    decisions = connection.execute(
        "select decision_id, is_followed from mart_identity_decisions where is_followed is not null"
    ).df()
    size: list[Expectation] = [
        gxe.ExpectColumnValuesToBeBetween(column="records_count", max_value=limits.most_customers)
    ]
    firm: list[Expectation] = [
        gxe.ExpectColumnValuesToBeBetween(
            column="density", min_value=limits.least_density, mostly=limits.firm_rate
        )
    ]
    followed: list[Expectation] = [
        gxe.ExpectColumnValuesToBeInSet(column="is_followed", value_set=[True])
    ]
    place = ("customer_key",)
    return merged(
        gate,
        [
            judge(gate, "mart_identity_clusters", people, size, place=place),
            judge(gate, "mart_identity_clusters", larger, firm, place=place),
            judge(gate, "mart_identity_decisions", decisions, followed, place=("decision_id",)),
        ],
    )
