"""95 % confidence intervals: of a pooled figure over replications, of rare shares, and of differences.

The unit is the replication, since its tickets share the week in which it begins. A figure is computed over the tickets
of all replications together, since an average over small replications is biased; the spread of the replications gives
its standard error. Arrays have a row for each replication.

Sources: Clopper and Pearson 1934 (exact limits of a share); Zou and Donner 2008 (limits of a difference from those of
its parts); Quenouille and Tukey's jackknife; Hanley and Lippman-Hand 1983 (nothing seen among n: at most 3/n).
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVEL = 0.95
FEW = 30
"""With fewer events, or differing cases, than this the interval is exact instead of based on the spread."""


class Interval(NamedTuple):
    """A figure and its confidence limits."""

    middle: Numbers
    low: Numbers
    high: Numbers


def t_quantile(replications: int, level: float = LEVEL) -> float:
    """Return the half-width of the interval in standard errors."""
    return float(scipy.special.stdtrit(replications - 1, (1 + level) / 2))


def interval(values: Numbers, level: float = LEVEL) -> Interval:
    """Return mean, low and high of each column over the rows, which are the replications; NaN if one is NaN."""
    mean, half = values.mean(axis=0), spread(values) * t_quantile(len(values), level)
    mean = np.where(half == 0, values[0], mean)
    return Interval(mean, mean - half, mean + half)


def most_if_none(cases: Numbers | float) -> Numbers:
    """Return the upper limit of a share that was not seen in so many cases: near 3 / cases."""
    with np.errstate(divide="ignore"):
        bound: Numbers = 1 - (1 - LEVEL) ** (1 / np.asarray(cases, np.float64))
    return np.where(cases > 0, bound, 1.0)


def exact(events: Numbers | float, cases: Numbers | float) -> tuple[Numbers, Numbers]:
    """Return Clopper and Pearson's limits of a share. For shares of 0 and 1 the single limit is one-sided, of 95 %."""
    low, high = _two_sided(events, cases)
    none, all_ = np.asarray(events) <= 0, np.asarray(events) >= cases
    return np.where(all_, 1 - most_if_none(cases), low), np.where(none & ~all_, most_if_none(cases), high)


def _two_sided(events: Numbers | float, cases: Numbers | float) -> tuple[Numbers, Numbers]:
    one_side, others = (1 - LEVEL) / 2, np.maximum(np.asarray(cases) - events, 0)
    low = scipy.special.betaincinv(np.maximum(events, 1e-9), others + 1, one_side)
    high = scipy.special.betaincinv(np.asarray(events) + 1, np.maximum(others, 1e-9), 1 - one_side)
    return np.where(np.asarray(events) <= 0, 0.0, low), np.where(others <= 0, 1.0, high)


def linear_errors(sums: Numbers, over: Numbers) -> Numbers:
    """Return the influence of each replication on the ratio of the pooled sums, to first order."""
    ratio = sums.sum(axis=0) / over.sum(axis=0)
    errors: Numbers = (sums - ratio * over) / over.mean(axis=0)
    return errors


def spread(errors: Numbers) -> Numbers:
    """Return the standard error of the mean over replications; 0 for equal values, whatever the rounding."""
    many = len(errors)
    error: Numbers = errors.std(axis=0, ddof=1) / np.sqrt(many)
    return np.where(np.ptp(errors, axis=0) <= 1e-12 * np.abs(errors).max(axis=0, initial=0), 0.0, error)


def share(events: Numbers, cases: Numbers) -> Interval:
    """Return the share of events among all cases, with exact limits if events or non-events are few."""
    all_events, all_cases = events.sum(axis=0), cases.sum(axis=0)
    with np.errstate(all="ignore"):
        middle = all_events / all_cases
        errors = spread(linear_errors(events, cases)) * t_quantile(len(events))
        low, high = exact(all_events, all_cases)
        few = np.minimum(all_events, all_cases - all_events) < FEW
        odds = np.log(middle / (1 - middle))
        half = errors / (middle * (1 - middle))
        low, high = np.where(few, low, _share(odds - half)), np.where(few, high, _share(odds + half))
    return Interval(middle, low, high)


def _share(log_odds: Numbers) -> Numbers:
    shares: Numbers = 1 / (1 + np.exp(-log_odds))
    return shares


def few_differences(more: Numbers | float, fewer: Numbers | float, cases: Numbers | float) -> tuple[Numbers, Numbers]:
    """Return the limits of a difference of shares from few cases with more, and few with fewer; exact in each part."""
    b, c = more / cases, fewer / cases
    b_low, b_high = _two_sided(more, cases)
    c_low, c_high = _two_sided(fewer, cases)
    low = b - c - np.hypot(b - b_low, c_high - c)
    return low, b - c + np.hypot(b_high - b, c - c_low)


def sign_test(more: float, fewer: float) -> float:
    """Return the p-value of the sign test: the probability of so uneven a split if both signs are equally likely."""
    return min(1.0, 2 * float(scipy.special.bdtr(min(more, fewer), int(more + fewer), 0.5)))


def quantile(curves: Numbers, grid: Numbers, share: float | Numbers) -> Numbers:
    """Return where each curve (along its last axis, over the grid) reaches the share; NaN if it never does.

    Between grid points the curve is interpolated by a monotone cubic in the logarithm (Fritsch and Butland 1984).
    """
    wanted = np.broadcast_to(np.asarray(share, np.float64), curves.shape[:-1])
    there = curves >= wanted[..., None] - 1e-12
    place = np.maximum(there.argmax(axis=-1), 1)
    places = np.clip(place[..., None] + np.arange(-2, 2), 0, len(grid) - 1)
    x, y = np.log(grid)[places], np.take_along_axis(curves, places, axis=-1)
    step = np.diff(x, axis=-1)
    with np.errstate(all="ignore"):
        rise = np.diff(y, axis=-1) / step
        one, two = 2 * step[..., 1:] + step[..., :-1], step[..., 1:] + 2 * step[..., :-1]
        slopes = (one + two) / (one / rise[..., :-1] + two / rise[..., 1:])
        slopes = np.where((rise[..., :-1] > 0) & (rise[..., 1:] > 0), slopes, 0.0) * step[..., 1:2]
    low, high = np.zeros(place.shape), np.ones(place.shape)
    first, last, out, into = y[..., 1], y[..., 2], slopes[..., 0], slopes[..., 1]
    for _ in range(45):
        middle = (low + high) / 2
        back = 1 - middle
        reached = (
            back * back * (1 + 2 * middle) * first
            + middle * middle * (3 - 2 * middle) * last
            + middle * back * (back * out - middle * into)
        ) >= wanted
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    found: Numbers = np.exp(x[..., 1] + high * step[..., 1])
    return np.where(there[..., 0], grid[0], np.where(there[..., -1], found, np.nan))
