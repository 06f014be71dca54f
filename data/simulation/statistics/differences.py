"""The differences between arms, each with its interval and how to read it."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, isnan
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.simulation.arms import Arm
from data.simulation.paired_counts import MONTH
from data.simulation.runs.replication import GRID
from data.simulation.statistics.family import ALPHA, adjusted
from data.simulation.statistics.intervals import (
    FEW,
    exact,
    few_differences,
    most_if_none,
    quantile,
    sign_test,
    spread,
    t_quantile,
)
from data.simulation.statistics.pooled import ACCESS, GUESS, LIVE, METRICS, QUANTILES, TOTAL, Pooled, by_metric

Numbers = NDArray[np.float64]

MORE, LESS, UNCLEAR, NONE_SEEN, TOO_FEW, SAME, NOT_COMPARABLE = READINGS = (
    "more",
    "less",
    "no clear difference",
    "none seen",
    "too few",
    "the same",
    "not comparable",
)
"""How a difference is read.

- none seen: no case differs; the interval says how large the difference might still be
- too few: too few differing cases or replications to say anything; `enough` says how many replications would be enough
- the same: the arms differ in nothing that affects a ticket
- not comparable: one of the two never has the outcome
"""
ENOUGH_REPLICATIONS = 20
COLUMNS = ("metric", "unit", "difference", "low", "high", "reading", "p", "p_adjusted", "cases", "enough")
"""What is said of each difference, in this order."""
_NOT_FELT = ("history_days", "history_from", "justification")


class Difference(NamedTuple):
    """A difference between two arms, its reading not yet corrected for others that are read beside it."""

    difference: float
    low: float
    high: float
    reading: str
    p: float
    enough: float  # replications that would be enough; NaN if these are
    cases: float = np.nan  # requests or tickets in the arm that has fewer


def differences(pooled: Pooled, primary: str) -> pd.DataFrame:
    """Return the frame `Comparison.differences`."""
    frame = by_metric(pooled.arms[1:])
    each = [difference(pooled, metric, arm) for arm in range(1, len(pooled.arms)) for metric in METRICS]
    columns = dict(zip(Difference._fields, zip(*each, strict=True), strict=True)) if each else {}
    empty: Sequence[float] = ()
    for name in Difference._fields:
        kind = "str" if name == "reading" else "float64"
        frame[name] = pd.Series(list(columns.get(name, empty)), dtype=kind)
    one_of_all = frame["metric"] != TOTAL  # a multiple of the access per ticket
    frame["p_adjusted"] = frame["p"]
    frame.loc[one_of_all, "p_adjusted"] = adjusted(
        frame.loc[one_of_all, "p"].to_numpy(), (frame.loc[one_of_all, "metric"] == primary).to_numpy()
    )
    per_ticket = frame.loc[frame["metric"] == ACCESS, "p_adjusted"].to_numpy()
    frame.loc[~one_of_all, "p_adjusted"] = per_ticket
    return corrected(frame).reindex(columns=["arm", *COLUMNS])


def corrected(frame: pd.DataFrame) -> pd.DataFrame:
    """Return differences without a clear reading where the corrected p-value, `p_adjusted`, is too large for one."""
    seems_clear = frame["reading"].isin([MORE, LESS]) & (frame["p_adjusted"] > ALPHA)
    return frame.assign(reading=frame["reading"].mask(seems_clear, UNCLEAR))


def difference(pooled: Pooled, metric: str, arm: int, base: int = 0) -> Difference:
    """Return how much more the arm of this place has of a figure than the arm `base`, which comes before it."""
    place = METRICS.index(metric)
    cases = float(pooled.over[:, [base, arm], place].sum(axis=0).min())
    return _difference(pooled, place, arm, base)._replace(cases=cases)


def _difference(pooled: Pooled, place: int, arm: int, base: int) -> Difference:
    metric, both = METRICS[place], (pooled.arms[arm], pooled.arms[base])
    if alike(*both):
        return Difference(0.0, 0.0, 0.0, SAME, 1.0, np.nan)
    its, first = pooled.middle[arm, place], pooled.middle[base, place]
    if isnan(its) or isnan(first):
        return Difference(np.nan, np.nan, np.nan, NOT_COMPARABLE, 1.0, np.nan)
    if metric in QUANTILES:
        more, fewer, otherwise = pooled.crossings(metric, arm, base) or (np.inf, np.inf, np.inf)
    else:
        more, fewer, otherwise = (of[arm, base, place] for of in (pooled.more, pooled.fewer, pooled.otherwise))
    other = more + fewer + otherwise
    if metric == LIVE and both[0].behaviour.tickets_per_day != both[1].behaviour.tickets_per_day:
        other = pooled.over[:, arm, place].sum()
    apart = its - first
    if UNITS[metric] == "share" and more == fewer == 0 and its == first in (0, 1):  # whatever the number of requests
        other = otherwise = 0.0
    if metric == GUESS and (scarce := float(pooled.scarce[[base, arm]].min())) < FEW and other:
        return _of_few_guesses(pooled, arm, base, float(apart), scarce)
    if other < FEW:
        return _of_few(pooled, place, arm, base, float(apart), more, fewer, otherwise)
    errors = pooled.errors[:, arm, place] - pooled.errors[:, base, place]
    error, many = float(spread(errors)), len(errors)
    if error == 0 and apart == 0 and metric in QUANTILES:
        return _of_few(pooled, place, arm, base, 0.0, 0.0, 0.0, 0.0)
    if isnan(error) or error == 0:
        end = apart if error == 0 else np.nan
        return Difference(apart, end, end, TOO_FEW, 1.0, float(max(ENOUGH_REPLICATIONS, 2 * many)))
    half = t_quantile(many) * error
    low, high, p = apart - half, apart + half, 2 * float(scipy.special.stdtr(many - 1, -abs(apart) / error))
    return Difference(apart, low, high, _reading(low, high), p, np.nan)


def _of_few(
    pooled: Pooled, place: int, arm: int, base: int, apart: float, more: float, fewer: float, otherwise: float
) -> Difference:
    """Return a difference that rests on few cases, or none."""
    metric, cases = METRICS[place], pooled.over[:, [base, arm], place].sum(axis=0).min()
    many, other = len(pooled.results), more + fewer + otherwise
    if other == 0:
        bound = float(most_if_none(cases))
        low, high = _worth(pooled, place, arm, base, -bound, bound)
        return Difference(0.0, low, high, NONE_SEEN, 1.0, np.nan)
    enough = float(ceil(many * FEW / other))
    if UNITS[metric] == "share" or metric in QUANTILES:
        share_of_all = QUANTILES[metric][1] if metric in QUANTILES else pooled.middle[base, place]
        # Another request changes the share.
        asked = np.diff(pooled.over[:, [base, arm], place].sum(axis=0))[0]
        more += share_of_all * otherwise * (asked < 0)
        fewer += share_of_all * otherwise * (asked > 0)
        low, high = (float(limit) for limit in few_differences(more, fewer, cases))
        if metric in QUANTILES:
            low, high = _worth(pooled, place, arm, base, low, high)
        p, reading = sign_test(ceil(more), ceil(fewer)), _reading(low, high)
        return Difference(apart, low, high, reading, p, enough if reading == UNCLEAR else np.nan)
    _, bound = (float(limit) for limit in exact(other, cases))
    low, high = _worth(pooled, place, arm, base, -bound, bound)
    return Difference(apart, low, high, TOO_FEW, 1.0, enough)


def _of_few_guesses(pooled: Pooled, arm: int, base: int, apart: float, scarce: float) -> Difference:
    """Return the difference between two guesses that rest on few removals."""
    place = METRICS.index(GUESS)
    its, first = pooled.middle[[arm, base], place]
    scarce_of_both = pooled.scarce[[arm, base]]
    (low, first_low), (high, first_high) = exact(np.array([its, first]) * scarce_of_both, scarce_of_both)
    low, high = apart - np.hypot(its - low, first_high - first), apart + np.hypot(high - its, first - first_low)
    enough = ceil(len(pooled.results) * FEW / max(scarce, 1))
    return Difference(apart, float(low), float(high), TOO_FEW, 1.0, float(enough))


def _worth(pooled: Pooled, place: int, arm: int, base: int, low: float, high: float) -> tuple[float, float]:
    """Return how much the figure changes at most if this share of the cases has less, or more."""
    metric = METRICS[place]
    if UNITS[metric] == "share":
        return low, high
    if metric in QUANTILES:
        _, wanted = QUANTILES[metric]
        curve, first = pooled.pooled_curve(metric)[base], pooled.middle[base, place]
        ends = quantile(np.array([curve, curve]), GRID, np.clip([wanted - high, wanted - low], 0, 1)) / 3600
        return float(ends[0] - first), float(ends[1] - first)
    if metric == GUESS:
        worth = pooled.over[:, arm, place].sum() / max(pooled.scarce[[base, arm]].min(), 1)
        return max(low * worth, -1.0), min(high * worth, 1.0)
    if metric.startswith("restricted"):
        return low * MONTH / 3600, high * MONTH / 3600
    worth = pooled.longest * pooled.times_access(metric, pooled.arms[arm])
    return low * worth, high * worth


def _reading(low: float, high: float) -> str:
    return MORE if low > 0 else LESS if high < 0 else UNCLEAR


def alike(one: Arm, other: Arm) -> bool:
    """Return whether two arms differ only in settings that affect no ticket, such as the days in the history."""
    here, there = one.policy, other.policy
    unfelt = {name: getattr(there, name) for name in _NOT_FELT}
    return one.behaviour == other.behaviour and replace(here, **unfelt) == there
