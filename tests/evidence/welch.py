"""Welch's t between two classes of measurements, and of the faster ones alone, as in dudect."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

CROPS = (1.0, 0.95, 0.9, 0.75, 0.5)
"""Shares of the fastest measurements to keep: slow ones are mostly noise of the machine."""
LIMIT = 4.5
"""Below this |t|, two classes show no difference. By chance |t| exceeds it in 7 of a million cases."""


class Difference(NamedTuple):
    """The difference of two classes of measurements."""

    t: float  # farthest from 0 among all shares
    slower: float  # mean of the second minus mean of the first, in the unit of the measurements
    smallest: float  # the smallest detectable difference


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Return the difference of two classes of measurements."""
    one, two = np.asarray(first, float), np.asarray(second, float)
    both = np.concatenate([one, two])
    found = []
    for crop in CROPS:
        most = np.quantile(both, crop)
        found.append(_welch(one[one <= most], two[two <= most]))
    return max(found, key=lambda each: abs(each.t))


def _welch(one: np.ndarray, two: np.ndarray) -> Difference:
    if len(one) < 2 or len(two) < 2:
        return Difference(0.0, 0.0, math.inf)
    slower = float(two.mean() - one.mean())
    error = math.sqrt(one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
    if error == 0:
        return Difference(math.copysign(math.inf, slower) if slower else 0.0, slower, 0.0)
    return Difference(slower / error, slower, LIMIT * error)
