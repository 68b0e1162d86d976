"""What the fitted models expect of each customer, with the interval that the parameters leave.

Only conditional expectations are here; the parameters are `int_lifetime__parameters`.

Sources of the formulas: Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way",
Marketing Science 24(2), equation 10; Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary
Value", equation 5. Intervals are by the delta method on logarithms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pyarrow
from numpy.typing import NDArray
from scipy.special import expit, hyp2f1

Array = NDArray[numpy.float64]

PARAMETERS = {"bg_nbd": ("r", "alpha", "a", "b"), "gamma_gamma": ("p", "q", "gamma")}
NORMAL_95 = 1.959963984540054
STEP = 1e-4
VALUES = (
    "alive_probability",
    "expected_purchases",
    "expected_purchases_low",
    "expected_purchases_high",
    "expected_amount",
    "expected_amount_low",
    "expected_amount_high",
    "lifetime_value",
    "lifetime_value_low",
    "lifetime_value_high",
)
SCHEMA = pyarrow.schema(
    [("customer_key", pyarrow.string()), *((name, pyarrow.float64()) for name in VALUES)]
)


def alive_probability(logs: Array, frequency: Array, recency: Array, age: Array) -> Array:
    """Probability that a customer still buys, by the logs of r, alpha, a, b; times in weeks.

    It is 1 for who bought once: in this model people leave only after a repeat purchase.
    """
    r, alpha, a, b = numpy.exp(logs)
    again = frequency > 0
    earlier = numpy.where(again, b + frequency - 1, 1.0)
    odds = numpy.log(a / earlier) + (r + frequency) * numpy.log((alpha + age) / (alpha + recency))
    return numpy.where(again, expit(-odds), 1.0)


def expected_purchases(
    logs: Array, frequency: Array, recency: Array, age: Array, weeks: float
) -> Array:
    """Days with a purchase in the next `weeks`, by the logs of r, alpha, a, b.

    Equation 10, its hypergeometric function brought by Euler's transformation to a form whose
    arguments do not grow with the number of purchases, which overflows otherwise.
    """
    r, alpha, a, b = numpy.exp(logs)
    if abs(a - 1) < 1e-6:
        a = 1 + 1e-6
    share = weeks / (alpha + age + weeks)
    series = hyp2f1(a + b - 1 - r, a - 1, a + b + frequency - 1, share)
    growth = (1 - (1 - share) ** (a - 1) * series) * (a + b + frequency - 1) / (a - 1)
    return growth * alive_probability(logs, frequency, recency, age)


def expected_amount(logs: Array, count: Array, mean: Array) -> Array:
    """Mean amount of a customer's purchases, by the logs of p, q, gamma.

    Args:
        logs: of the parameters.
        count: amounts that are known of each customer; 0 gives the mean of all customers.
        mean: their mean, any number where there are none.
    """
    p, q, gamma = numpy.exp(logs)
    return p * (gamma + count * mean) / (p * count + q - 1)


def with_log_error(
    formula: Callable[[Array], Array], logs: Array, covariances: Array
) -> tuple[Array, Array]:
    """The values of a formula, and the variances of their logarithms by the delta method."""
    values = formula(logs)
    slopes = numpy.stack(
        [
            (numpy.log(formula(logs + move)) - numpy.log(formula(logs - move))) / (2 * STEP)
            for move in STEP * numpy.eye(len(logs))
        ]
    )
    return values, numpy.einsum("in,ij,jn->n", slopes, covariances, slopes)


def within(values: Array, log_variances: Array) -> tuple[Array, Array, Array]:
    """Values with their 95 % interval."""
    factor = numpy.exp(NORMAL_95 * numpy.sqrt(numpy.maximum(log_variances, 0.0)))
    return values, values / factor, values * factor


def estimates(
    columns: dict[str, Array],
    purchases: tuple[Array, Array] | None,
    amounts: tuple[Array, Array] | None,
    weeks: float,
) -> dict[str, Array]:
    """`VALUES` of each customer; NaN where the model they need has no parameters.

    Args:
        columns: the numbers of `int_lifetime__histories`.
        purchases: logs of BG/NBD's parameters and their covariances.
        amounts: the same of Gamma-Gamma.
        weeks: how far ahead to look.
    """
    size = len(columns["repeat_days_count"])
    result = {name: numpy.full(size, numpy.nan) for name in VALUES}
    count_variance = amount_variance = numpy.zeros(size)
    if purchases is not None:
        # Many customers have the same history; each is computed once.
        rows, place = numpy.unique(
            numpy.column_stack(
                [columns[name] for name in ("repeat_days_count", "recency_weeks", "age_weeks")]
            ),
            axis=0,
            return_inverse=True,
        )
        frequency, recency, age = rows.T
        values, variances = with_log_error(
            lambda logs: expected_purchases(logs, frequency, recency, age, weeks), *purchases
        )
        place = place.reshape(-1)
        count_variance = variances[place]
        alive = alive_probability(purchases[0], frequency, recency, age)
        result["alive_probability"] = alive[place]
        _put(result, "expected_purchases", values[place], count_variance)
    if amounts is not None:
        count = columns["amount_days_count"]
        # An amount of nothing, as of a gift, is outside what the model knows.
        count = numpy.where(columns["mean_repeat_amount"] > 0, count, 0.0)
        mean = numpy.where(count > 0, columns["mean_repeat_amount"], 0.0)
        values, amount_variance = with_log_error(
            lambda logs: expected_amount(logs, count, mean), *amounts
        )
        unknown = columns["is_of_unknown_amount"].astype(bool)
        _put(result, "expected_amount", numpy.where(unknown, numpy.nan, values), amount_variance)
    product = result["expected_purchases"] * result["expected_amount"]
    _put(result, "lifetime_value", product, count_variance + amount_variance)
    return result


def _put(result: dict[str, Array], name: str, values: Array, log_variances: Array) -> None:
    result[name], result[f"{name}_low"], result[f"{name}_high"] = within(values, log_variances)


def fitted(rows: list[dict[str, Any]], model_name: str) -> tuple[Array, Array] | None:
    """Logs and covariances of a model's parameters, in order; None where it gives no estimate."""
    of_model = {row["parameter"]: row for row in rows if row["model"] == model_name}
    if not of_model or any(row["missing_reason"] for row in of_model.values()):
        return None
    chosen = [of_model[name] for name in PARAMETERS[model_name]]
    return (
        numpy.log([row["estimate"] for row in chosen]),
        numpy.array([row["log_covariances"] for row in chosen]),
    )


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each customer who has bought, columns as in `SCHEMA`; NaN becomes null."""
    dbt.config(materialized="table")
    histories = dbt.ref("int_lifetime__histories").order("customer_key")
    rows = dbt.ref("int_lifetime__parameters").to_arrow_table().to_pylist()
    columns = histories.project(
        "repeat_days_count::double as repeat_days_count, recency_weeks::double as recency_weeks,"
        " age_weeks::double as age_weeks, amount_days_count::double as amount_days_count,"
        " coalesce(mean_repeat_amount, 0) as mean_repeat_amount, is_of_unknown_amount"
    ).fetchnumpy()
    weeks = float(dbt.config.meta_get("lifetime_horizon_days")) / 7
    found = estimates(columns, fitted(rows, "bg_nbd"), fitted(rows, "gamma_gamma"), weeks)
    keys = histories.project("customer_key").to_arrow_table().column("customer_key")
    return pyarrow.table(
        {
            "customer_key": keys.cast(pyarrow.string()),
            **{
                name: pyarrow.array(values, mask=~numpy.isfinite(values))
                for name, values in found.items()
            },
        },
        schema=SCHEMA,
    )
