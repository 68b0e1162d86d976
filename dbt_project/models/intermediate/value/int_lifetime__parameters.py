"""What the purchases of all customers say of how they buy: the parameters of BG/NBD, Gamma-Gamma.

Only the fit happens here, by maximum likelihood on scipy's optimiser. What it means for one
customer is `int_lifetime__estimates`, which histories are fitted `int_lifetime__histories`.

Sources of the formulas: Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way",
Marketing Science 24(2), equation 6; Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary
Value", equation 1a.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pyarrow
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln

Array = NDArray[numpy.float64]
Likelihood = Callable[[Array], tuple[float, Array]]

FORMULA_VERSION = "bg/nbd and gamma-gamma 1"
PARAMETERS = {"bg_nbd": ("r", "alpha", "a", "b"), "gamma_gamma": ("p", "q", "gamma")}
TOO_FEW = "too few customers who bought again"
NOT_TOLD_APART = "the purchases do not tell the parameters apart"
INFINITE_MEAN = "amounts vary so much that their mean is not finite"
NORMAL_95 = 1.959963984540054
LOG_LIMIT = 12.0
"""A parameter past exp(12), or under exp(-12), in units of the data has run away."""
SCHEMA = pyarrow.schema(
    [
        ("model", pyarrow.string()),
        ("parameter", pyarrow.string()),
        ("estimate", pyarrow.float64()),
        ("low", pyarrow.float64()),
        ("high", pyarrow.float64()),
        ("log_covariances", pyarrow.list_(pyarrow.float64())),
        ("customers_count", pyarrow.int64()),
        ("repeat_customers_count", pyarrow.int64()),
        ("log_likelihood", pyarrow.float64()),
        ("missing_reason", pyarrow.string()),
        ("formula_version", pyarrow.string()),
    ]
)


def purchase_likelihood(frequency: Array, recency: Array, age: Array, weights: Array) -> Likelihood:
    """Minus the log-likelihood of BG/NBD, and its gradient, by the logs of r, alpha, a, b.

    Args:
        frequency: repeat purchases of each history.
        recency: weeks from the first to the last purchase.
        age: weeks from the first purchase to the end of what was observed.
        weights: how many customers have the history.
    """
    bought_again = frequency > 0

    def minus(logs: Array) -> tuple[float, Array]:
        r, alpha, a, b = numpy.exp(logs)
        times = frequency + r
        earlier = numpy.where(bought_again, b + frequency - 1, 1.0)
        active = -times * numpy.log(alpha + age)
        gone = numpy.where(
            bought_again, numpy.log(a / earlier) - times * numpy.log(alpha + recency), -numpy.inf
        )
        total = (
            gammaln(times) - gammaln(r) + r * numpy.log(alpha)
            + gammaln(a + b) + gammaln(b + frequency) - gammaln(b) - gammaln(a + b + frequency)
            + numpy.logaddexp(active, gone)
        )  # fmt: skip
        is_gone = expit(gone - active)
        is_active = 1 - is_gone
        both = digamma(a + b) - digamma(a + b + frequency)
        slopes = numpy.stack(
            [
                digamma(times) - digamma(r) + numpy.log(alpha)
                - is_active * numpy.log(alpha + age) - is_gone * numpy.log(alpha + recency),
                r / alpha - times * (is_active / (alpha + age) + is_gone / (alpha + recency)),
                both + is_gone / a,
                both + digamma(b + frequency) - digamma(b) - is_gone / earlier,
            ]
        )  # fmt: skip
        return -float(weights @ total), -(slopes @ weights) * numpy.exp(logs)

    return minus


def amount_likelihood(count: Array, mean: Array, weights: Array) -> Likelihood:
    """Minus the log-likelihood of Gamma-Gamma, and its gradient, by the logs of p, q, gamma.

    Args:
        count: amounts of each history, at least one.
        mean: their mean, above 0.
        weights: how many customers have the history.
    """

    def minus(logs: Array) -> tuple[float, Array]:
        p, q, gamma = numpy.exp(logs)
        shape, spread = p * count, numpy.log(gamma + count * mean)
        total = (
            gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * numpy.log(gamma)
            - numpy.log(mean) + shape * numpy.log(mean * count) - (shape + q) * spread
        )  # fmt: skip
        rise = digamma(shape + q)
        slopes = numpy.stack(
            [
                count * (rise - digamma(shape) + numpy.log(mean * count) - spread),
                rise - digamma(q) + numpy.log(gamma) - spread,
                q / gamma - (shape + q) / (gamma + count * mean),
            ]
        )
        return -float(weights @ total), -(slopes @ weights) * numpy.exp(logs)

    return minus


def fit(likelihood: Likelihood, start: Array) -> tuple[Array, Array, float] | None:
    """The logs of the parameters, their covariances, and the log-likelihood at its maximum.

    The covariances are the inverse of the observed information, by central differences of the
    gradient. None where the maximum is not inside the limits or is flat in some direction.
    """
    limits = [(value - LOG_LIMIT, value + LOG_LIMIT) for value in start]
    found = minimize(
        likelihood,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-7},
    )
    logs = found.x
    if not numpy.isfinite(found.fun) or any(
        min(value - low, high - value) < 0.1
        for value, (low, high) in zip(logs, limits, strict=True)
    ):
        return None
    step = 1e-4
    information = numpy.stack(
        [
            (likelihood(logs + move)[1] - likelihood(logs - move)[1]) / (2 * step)
            for move in step * numpy.eye(len(logs))
        ]
    )
    information = (information + information.T) / 2
    if not numpy.isfinite(information).all() or numpy.linalg.eigvalsh(information)[0] <= 0:
        return None
    return logs, numpy.linalg.inv(information), -float(found.fun)


def same_histories(*columns: Array) -> tuple[list[Array], Array]:
    """The different rows of the columns, in order, and how often each of them occurs."""
    rows, counts = numpy.unique(numpy.column_stack(columns), axis=0, return_counts=True)
    return list(rows.T), counts.astype(float)


def fit_purchases(
    frequency: Array, recency: Array, age: Array
) -> tuple[Array, Array, float] | None:
    """BG/NBD on one row a customer: weeks, and repeat purchases; see `fit`."""
    (frequency, recency, age), weights = same_histories(frequency, recency, age)
    start = numpy.log([1.0, max(float(numpy.average(age, weights=weights)), 1.0), 1.0, 1.0])
    return fit(purchase_likelihood(frequency, recency, age, weights), start)


def fit_amounts(count: Array, mean: Array) -> tuple[Array, Array, float] | None:
    """Gamma-Gamma on one row a customer with an amount above 0; see `fit`."""
    (count, mean), weights = same_histories(count, mean)
    start = numpy.log([1.0, 2.0, float(numpy.average(mean, weights=weights))])
    return fit(amount_likelihood(count, mean, weights), start)


def rows_of(
    model: str, fitted: tuple[Array, Array, float] | None, reason: str | None, **counts: int
) -> list[dict[str, Any]]:
    """One row for each parameter of a model, columns as in `SCHEMA`."""
    if fitted is None:
        blank = {"missing_reason": reason or NOT_TOLD_APART, "formula_version": FORMULA_VERSION}
        return [
            {"model": model, "parameter": name, **counts, **blank} for name in PARAMETERS[model]
        ]
    logs, covariances, log_likelihood = fitted
    errors = NORMAL_95 * numpy.sqrt(numpy.diag(covariances))
    return [
        {
            "model": model,
            "parameter": name,
            "estimate": float(numpy.exp(log)),
            "low": float(numpy.exp(log - error)),
            "high": float(numpy.exp(log + error)),
            "log_covariances": row.tolist(),
            "log_likelihood": log_likelihood,
            # Without a finite mean nothing can be said of what an order comes to.
            "missing_reason": reason,
            "formula_version": FORMULA_VERSION,
            **counts,
        }
        for name, log, error, row in zip(PARAMETERS[model], logs, errors, covariances, strict=True)
    ]


def parameters(columns: dict[str, Array], minimum: int) -> list[dict[str, Any]]:
    """Both models fitted on histories; without an estimate where fewer bought again than `minimum`.

    Args:
        columns: `repeat_days_count`, `recency_weeks`, `age_weeks`, `amount_days_count` and
            `mean_repeat_amount` of each customer, the last NaN where there is none.
        minimum: customers who bought again, and of known amounts, that a fit needs.
    """
    frequency = columns["repeat_days_count"]
    count, mean = columns["amount_days_count"], columns["mean_repeat_amount"]
    spent = (count > 0) & (mean > 0)
    customers, again, amounts = len(frequency), int((frequency > 0).sum()), int(spent.sum())
    if customers == 0:
        return []
    purchases = (
        fit_purchases(frequency, columns["recency_weeks"], columns["age_weeks"])
        if again >= minimum
        else None
    )
    spending = fit_amounts(count[spent], mean[spent]) if amounts >= minimum else None
    infinite = spending is not None and spending[0][1] <= 0
    return [
        *rows_of(
            "bg_nbd",
            purchases,
            TOO_FEW if again < minimum else None,
            customers_count=customers,
            repeat_customers_count=again,
        ),
        *rows_of(
            "gamma_gamma",
            spending,
            TOO_FEW if amounts < minimum else INFINITE_MEAN if infinite else None,
            customers_count=customers,
            repeat_customers_count=amounts,
        ),
    ]


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each parameter; none where nobody has bought anything."""
    dbt.config(materialized="table")
    histories = dbt.ref("int_lifetime__histories").project(
        "repeat_days_count::double as repeat_days_count, recency_weeks::double as recency_weeks,"
        " age_weeks::double as age_weeks, amount_days_count::double as amount_days_count,"
        " coalesce(mean_repeat_amount, 'nan'::double) as mean_repeat_amount"
    )
    minimum = int(dbt.config.meta_get("lifetime_minimum_customers"))
    return pyarrow.Table.from_pylist(parameters(histories.fetchnumpy(), minimum), schema=SCHEMA)
