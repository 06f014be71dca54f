"""A difference between two arms over the replications, with its interval and how to read it."""

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from data.simulation.statistics.intervals import LEVEL, interval

CLEAR = ("more", "less")


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference, its 95 % interval, and its reading in the words of `differences.READINGS`.

    The interval is NaN if no replication differs, or all by the same amount: they give no estimate of the spread.
    """

    difference: float
    low: float
    high: float
    reading: str


def difference(one: NDArray[np.float64], other: NDArray[np.float64], *, among: int = 1) -> Difference:
    """Return how much more `one` is than `other`; both have a value for each replication.

    `among`: how many such differences are read together; the interval is widened accordingly (Bonferroni).
    """
    if np.array_equal(one, other):
        return Difference(0.0, np.nan, np.nan, "none seen")
    level_of_each = 1 - (1 - LEVEL) / among
    mean, low, high = (float(column[0]) for column in interval((one - other).reshape(-1, 1), level_of_each))
    if np.isnan(mean):
        return Difference(mean, low, high, "not comparable")
    if low == high:
        return Difference(mean, np.nan, np.nan, "too few")
    return Difference(mean, low, high, "more" if low > 0 else "less" if high < 0 else "no clear difference")


def level(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean over the replications and its 95 % interval on a logarithmic scale; NaN if there is none."""
    mean, low, _ = (float(column[0]) for column in interval(values.reshape(-1, 1)))
    if not mean > 0:
        return mean, mean, mean
    away = exp((mean - low) / mean)
    return mean, mean / away, mean * away
