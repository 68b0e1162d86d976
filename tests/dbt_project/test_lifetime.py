"""Lifetime values: published parameters on real purchases, known answers on made-up ones."""

from __future__ import annotations

import importlib.util
import io
import math
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lake import write_lake
from scipy.special import hyp2f1

from spark_jobs.adapters.outcomes import Accepted, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.sources import Source

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "intermediate" / "value"
PUBLISHED = {
    # Fader, Hardie and Lee (2005), table 2; Fader and Hardie (2013), section 3.
    "r": 0.243,
    "alpha": 4.414,
    "a": 0.793,
    "b": 2.426,
    "p": 6.25,
    "q": 3.74,
    "gamma": 15.44,
}
CDNOW = """
format: csv
delimiter: whitespace
header: [master_id, customer_id, date, number_of_cds, dollar_value]
tables:
  orders:
    columns:
      order_id: {template: "{customer_id}-{date}-{number_of_cds}-{dollar_value}"}
      customer_id: customer_id
      ordered_at: {from: date, formats: "%Y%m%d"}
      total_amount: dollar_value
      currency: {constant: EUR}
"""


def _module(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, MODELS / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fitting() -> ModuleType:
    return _module("int_lifetime__parameters")


@pytest.fixture(scope="module")
def expecting() -> ModuleType:
    return _module("int_lifetime__estimates")


def simulated(customers: int, seed: int) -> dict[str, Any]:
    """Histories drawn from the models: r .8, alpha 8, a .8, b 2.5, p 6, q 4, gamma 15."""
    random = numpy.random.default_rng(seed)
    age = random.uniform(10, 80, customers)
    rate = random.gamma(0.8, 1 / 8, customers)
    leaving = random.beta(0.8, 2.5, customers)
    frequency, recency, now = numpy.zeros((3, customers))
    buying = numpy.ones(customers, dtype=bool)
    while buying.any():
        now[buying] += random.exponential(1 / rate[buying])
        buying &= now <= age
        frequency[buying] += 1
        recency[buying] = now[buying]
        buying &= random.random(customers) >= leaving
    count = numpy.maximum(frequency, 1)
    mean = random.gamma(6 * count) / count * 15 / random.gamma(4, 1, customers)
    return {
        "repeat_days_count": frequency,
        "recency_weeks": recency,
        "age_weeks": age,
        "amount_days_count": frequency,
        "mean_repeat_amount": numpy.where(frequency > 0, mean, numpy.nan),
        "is_of_unknown_amount": numpy.zeros(customers, dtype=bool),
    }


@pytest.fixture(scope="module")
def purchases(shared_data: Path) -> list[dict[str, Any]]:
    """The one in ten customers of CDNOW, as the generic mapping reads them."""
    source = Source.model_validate(
        {
            "name": "cdnow",
            "adapter": "mapping",
            "glob": "*.csv",
            "channel": "crm",
            "mapping": yaml.safe_load(CDNOW),
        }
    )
    content = (shared_data / "cdnow" / "CDNOW_sample.txt").read_bytes()
    outcomes = adapter_named("mapping").read(io.BytesIO(content), source, Passage("cdnow.csv"))
    rows = [outcome for outcome in one_by_one(outcomes) if isinstance(outcome, Accepted)]
    assert len(rows) == 6919
    return [
        {"position": row.position, **{k: v for k, v in row.values.items() if v is not None}}
        for row in rows
    ]


def test_published_parameters_come_out_and_tell_the_future(build_home, purchases, tmp_path):
    write_lake(tmp_path, {"orders": purchases})
    variables = "{value_as_of_date: 1997-09-30, lifetime_horizon_days: 273}"
    only = ["--exclude-resource-type", "test", "unit_test", "--vars", variables]
    warehouse = build_home(
        tmp_path, "--select", "+mart_lifetime_value", "mart_lifetime_parameters", *only
    )
    fitted = dict(warehouse.rows("select parameter, estimate from mart_lifetime_parameters"))
    assert fitted == pytest.approx(PUBLISHED, rel=0.02)
    assert warehouse.row(
        "select distinct customers_count, repeat_customers_count from mart_lifetime_parameters"
    ) == (2357, 946)

    # In the 39 weeks after: nearer to what happened than that everybody goes on as before.
    values = warehouse.rows(
        "select people.record_id, expected_purchases, repeat_days_count,"
        " date_diff('day', first_purchase_date, as_of_date) from mart_lifetime_value"
        " inner join intermediate.int_identity__people as people using (customer_key)"
        " where missing_reason is null"
    )
    assert len(values) == 2357
    later = Counter(
        customer
        for customer, _ in {
            (row["customer_id"], row["ordered_at"].date())
            for row in purchases
            if f"{row['ordered_at']:%Y-%m-%d}" > "1997-09-30"
        }
    )
    happened = numpy.array([later[customer] for customer, *_ in values])
    expected = numpy.array([row[1] for row in values])
    as_before = numpy.array([273 * count / days for _, _, count, days in values])
    errors = {
        name: math.sqrt(numpy.mean((guess - happened) ** 2))
        for name, guess in (("model", expected), ("as before", as_before))
    }
    assert errors["model"] < 0.8 * errors["as before"], errors
    assert expected.sum() == pytest.approx(happened.sum(), rel=0.15)


def test_parameters_are_found_again_within_their_intervals(fitting):
    rows = fitting.parameters(simulated(8000, 11), minimum=100)
    truth = {"r": 0.8, "alpha": 8, "a": 0.8, "b": 2.5, "p": 6, "q": 4, "gamma": 15}
    for row in rows:
        assert row["low"] < truth[row["parameter"]] < row["high"], row
        assert row["missing_reason"] is None


@settings(max_examples=30, deadline=None)
@given(logs=st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_slopes_are_those_of_the_likelihoods(fitting, logs):
    histories = simulated(60, 3)
    ones = numpy.ones(60)
    spent = histories["amount_days_count"] > 0
    purchases = fitting.purchase_likelihood(
        *(histories[name] for name in ("repeat_days_count", "recency_weeks", "age_weeks")), ones
    )
    amounts = fitting.amount_likelihood(
        histories["amount_days_count"][spent], histories["mean_repeat_amount"][spent], ones[spent]
    )
    for likelihood, at in ((purchases, numpy.array(logs)), (amounts, numpy.array(logs[:3]))):
        value, slopes = likelihood(at)
        assert math.isfinite(value)
        for place, move in enumerate(1e-5 * numpy.eye(len(at))):
            measured = (likelihood(at + move)[0] - likelihood(at - move)[0]) / 2e-5
            assert slopes[place] == pytest.approx(measured, rel=1e-4, abs=1e-3)


def test_no_estimate_without_enough_to_learn_from(fitting, expecting):
    few = simulated(60, 5)
    rows = fitting.parameters(few, minimum=100)
    assert {row["missing_reason"] for row in rows} == {fitting.TOO_FEW}
    assert all("estimate" not in row for row in rows)
    found = expecting.estimates(few, None, None, 52)
    assert all(numpy.isnan(values).all() for values in found.values())
    assert fitting.parameters({name: values[:0] for name, values in few.items()}, 100) == []

    alike = {name: numpy.full(500, values[0]) for name, values in few.items()}
    alike |= {"repeat_days_count": numpy.ones(500), "recency_weeks": numpy.full(500, 5.0)}
    alike |= {"amount_days_count": numpy.ones(500), "mean_repeat_amount": numpy.full(500, 7.0)}
    reasons = {row["missing_reason"] for row in fitting.parameters(alike, minimum=100)}
    assert reasons == {fitting.NOT_TOLD_APART}


def test_expectation_is_the_published_one_and_stays_finite(expecting):
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    logs = numpy.log([r, alpha, a, b])
    x, recency, age, weeks = (
        numpy.array([0.0, 1.0, 2.0, 26.0]),
        numpy.array([0.0, 5.0, 30.43, 30.86]),
        numpy.full(4, 38.86),
        39.0,
    )
    odds = numpy.where(
        x > 0,
        a / numpy.maximum(b + x - 1, 1e-9) * ((alpha + age) / (alpha + recency)) ** (r + x),
        0,
    )
    series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + age + weeks))
    equation_10 = (
        (a + b + x - 1)
        / (a - 1)
        * (1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x) * series)
        / (1 + odds)
    )
    assert expecting.expected_purchases(logs, x, recency, age, weeks) == pytest.approx(equation_10)
    # The worked example of the paper: 1.226 purchases of this customer in 39 weeks.
    assert equation_10[2] == pytest.approx(1.226, abs=5e-4)

    busy = expecting.expected_purchases(
        logs, *(numpy.array([value]) for value in (5000.0, 1040.0, 1041.0)), 52.0
    )
    assert 200 < busy[0] < 260
    one = numpy.log([r, alpha, 1.0, b])
    assert numpy.isfinite(expecting.expected_purchases(one, x, recency, age, weeks)).all()


def test_values_carry_their_interval_and_unknown_amounts_none(fitting, expecting):
    histories = simulated(3000, 7)
    histories["is_of_unknown_amount"][:10] = True
    rows = fitting.parameters(histories, minimum=100)
    found = expecting.estimates(
        histories, expecting.fitted(rows, "bg_nbd"), expecting.fitted(rows, "gamma_gamma"), 52
    )
    value = found["lifetime_value"][10:]
    assert (found["lifetime_value_low"][10:] < value).all()
    assert (value < found["lifetime_value_high"][10:]).all()
    assert numpy.isnan(found["lifetime_value"][:10]).all()
    assert numpy.isfinite(found["expected_purchases"]).all()
    assert ((found["alive_probability"] > 0) & (found["alive_probability"] <= 1)).all()
