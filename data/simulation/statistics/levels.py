"""The figures of the arms, each with its interval."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.simulation.runs.replication import GRID
from data.simulation.statistics.intervals import FEW, exact, linear_errors, quantile, share, spread, t_quantile
from data.simulation.statistics.pooled import METRICS, QUANTILES, Pooled, by_metric

Numbers = NDArray[np.float64]


def levels(pooled: Pooled) -> pd.DataFrame:
    """Return the frame `Comparison.metrics`."""
    middle, errors = pooled.middle, pooled.errors
    low, high = np.full(middle.shape, np.nan), np.full(middle.shape, np.nan)
    times = t_quantile(len(errors))
    for place, (metric, unit) in enumerate(UNITS.items()):
        its, half = middle[:, place], spread(errors[..., place]) * times
        with np.errstate(all="ignore"):
            if unit == "share":
                _, low[:, place], high[:, place] = share(pooled.sums[..., place], pooled.weights[..., place])
            elif metric in QUANTILES:
                low[:, place], high[:, place] = _reached(pooled, metric, times)
            elif unit == "AUC":
                low[:, place], high[:, place] = _guess(its, half, pooled.scarce)
            else:
                low[:, place] = np.where(its == 0, 0.0, its * np.exp(-half / its))
                high[:, place] = its * np.exp(half / its)
    cases = pooled.over.sum(axis=0)
    missing = np.isnan(np.array([[arm.figures for arm in arms] for arms in pooled.results])).sum(axis=0)
    columns = {"mean": middle, "low": low, "high": high, "cases": cases, "missing": missing}
    frame = by_metric(pooled.arms)
    return frame.assign(**{name: column.ravel().astype(np.float64) for name, column in columns.items()})


def _reached(pooled: Pooled, metric: str, times: float) -> tuple[Numbers, Numbers]:
    """Return the limits of a quantile of time: where the curve crosses the lower and upper limit of the share.

    Woodruff 1952. Infinity if there is no upper limit: perhaps the share is never reached.
    """
    _, wanted = QUANTILES[metric]
    over, curve = pooled.over[..., METRICS.index(metric)], pooled.pooled_curve(metric)
    half = spread(linear_errors(pooled.reached(metric), over)) * times
    middle = pooled.middle[:, METRICS.index(metric)]
    half = np.where(np.isnan(middle), 2 * np.sqrt(wanted * (1 - wanted) / over.sum(axis=0)), half)
    low, high = (quantile(curve, GRID, np.clip(wanted + side * half, 0.0, 1.0)) / 3600 for side in (-1, 1))
    return low, np.where(np.isnan(low), np.nan, np.where(np.isnan(high), np.inf, high))


def _guess(middle: Numbers, half: Numbers, scarce: Numbers) -> tuple[Numbers, Numbers]:
    """Return the limits of an area under a curve; if removals or non-removals are few, those of a share of so many.

    These are conservative, since a guess can be half right, but a counted case cannot.
    """
    few_low, few_high = exact(middle * scarce, scarce)
    odds = np.log(middle / (1 - middle))
    away = half / (middle * (1 - middle))
    low, high = 1 / (1 + np.exp(away - odds)), 1 / (1 + np.exp(-away - odds))
    few = scarce < FEW
    return np.where(few, few_low, low), np.where(few, few_high, high)
