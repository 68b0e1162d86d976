"""What one person may be is declared with the other rules on people, and judged by the gate."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from expectations.people import PeopleLimits, check_people, people_limits

LIMITS = PeopleLimits(most_customers=5, firm_from_customers=3, least_density=0.5, firm_rate=0.5)


@pytest.mark.parametrize(
    ("clusters", "passes"),
    [
        ([(5, 1.0), (2, 0.1)], True),
        ([(6, 1.0)], False),
        # One of two loose ones is as many as may be.
        ([(3, 0.4), (3, 0.5)], True),
        ([(3, 0.4), (3, 0.4), (3, 0.5)], False),
    ],
)
def test_the_limits_given_are_those_that_judge(
    clusters: list[tuple[int, float]], passes: bool
) -> None:
    rows = ", ".join(
        f"('p{number}', {size}, {density})" for number, (size, density) in enumerate(clusters)
    )
    with duckdb.connect() as connection:
        connection.execute(
            "create table mart_identity_clusters as"
            f" select * from (values {rows}) as found (customer_key, records_count, density)"
        )
        connection.execute(
            "create table mart_identity_decisions as select 'd' as decision_id, true as is_followed"
        )
        assert check_people(connection, "marts", LIMITS).passed is passes


def test_limits_are_variables_of_the_dbt_project(tmp_path: Path) -> None:
    project_file = tmp_path / "dbt_project.yml"
    values = {f"person_{name}": value for name, value in LIMITS.model_dump().items()}
    project_file.write_text(yaml.safe_dump({"vars": {**values, "other": "any"}}), encoding="utf-8")
    assert people_limits(project_file) == LIMITS


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ("{person_most_customer: 25}", "most_customer"),
        ("{person_least_density: 4}", "least_density"),
    ],
)
def test_a_limit_that_is_misspelt_or_impossible_is_named(
    tmp_path: Path, variables: str, named: str
) -> None:
    project_file = tmp_path / "dbt_project.yml"
    project_file.write_text(f"vars: {variables}\n", encoding="utf-8")
    with pytest.raises(ValidationError, match=named):
        people_limits(project_file)
