"""The pooled figures of all replications, and the influence of each replication on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.simulation.arms import Arm
from data.simulation.paired_counts import CASES, GRANTED, Counts
from data.simulation.runs.replication import GRID, ArmResult
from data.simulation.statistics.intervals import linear_errors, quantile

Numbers = NDArray[np.float64]

METRICS = tuple(UNITS)
QUANTILES: Mapping[str, tuple[int, float]] = {  # figure -> its index in CURVES, and the share to be reached
    "median hours to a decision": (0, 0.5),
    "90th percentile of hours to a decision": (0, 0.9),
    "median hours to resolution": (1, 0.5),
    "90th percentile of hours to resolution": (1, 0.9),
}
GUESS, ACCESS, TOTAL, LIVE = (
    "how well a removal can be guessed",
    "hours of access per ticket",
    "hours of access in total",
    "live grants on average",
)
_CURVE_OF = ("median hours to a decision", "median hours to resolution")


@dataclass(frozen=True, eq=False)
class Pooled:
    """The results of all replications, each by arm, as arrays: replications, arms, then figures in METRICS's order."""

    arms: tuple[Arm, ...]
    tickets: int  # of each replication and arm
    results: Sequence[Sequence[ArmResult]]

    @cached_property
    def over(self) -> Numbers:
        """The number of requests or tickets behind each figure."""
        named = [[[arm.counts.cases[CASES[metric]] for metric in METRICS] for arm in arms] for arms in self.results]
        return np.array(named, np.float64)

    @cached_property
    def weights(self) -> Numbers:
        """The weight of each replication's figure: its cases; for a guess, the pairs of a removal and another case."""
        weights, place = self.over.copy(), METRICS.index(GUESS)
        removed = np.array([[arm.counts.removed for arm in arms] for arms in self.results], np.float64)
        weights[..., place] = removed * (self.over[..., place] - removed)
        return weights

    @cached_property
    def sums(self) -> Numbers:
        """The figures that are shares or means, times their number of cases."""
        values = np.array([[arm.figures for arm in arms] for arms in self.results])
        sums: Numbers = np.nan_to_num(values) * self.weights
        access = sums[..., METRICS.index(ACCESS)]
        for metric in (TOTAL, LIVE):
            sums[..., METRICS.index(metric)] = access * [self.times_access(metric, arm) for arm in self.arms]
        return sums

    def times_access(self, metric: str, arm: Arm) -> float:
        """Return the factor between a figure and the access per ticket.

        Live grants are those of the long run, by Little's law: tickets opened an hour, times the hours of access of
        each. Every grant counts in full, so that a short run, in which few are live, says what a long one does.
        """
        return {ACCESS: 1.0, TOTAL: float(self.tickets), LIVE: arm.behaviour.tickets_per_day / 24}[metric]

    @cached_property
    def curves(self) -> Numbers:
        """By replication, arm, curve and second of GRID: how many requests, or tickets, had the outcome by then."""
        shares = np.array([[arm.curves for arm in arms] for arms in self.results])
        requests: Numbers = np.rint(shares * self.over[..., [METRICS.index(metric) for metric in _CURVE_OF], None])
        return requests

    def pooled_curve(self, metric: str) -> Numbers:
        """Return, by arm, the pooled curve that a figure is read off."""
        which, _ = QUANTILES[metric]
        over = self.over[..., METRICS.index(metric)].sum(axis=0)[:, None]
        with np.errstate(all="ignore"):
            curve: Numbers = self.curves[:, :, which].sum(axis=0) / over
        return curve

    @cached_property
    def middle(self) -> Numbers:
        """The figures by arm; NaN where there is none."""
        with np.errstate(all="ignore"):
            middle: Numbers = self.sums.sum(axis=0) / self.weights.sum(axis=0)
        for metric, (_, wanted) in QUANTILES.items():
            middle[:, METRICS.index(metric)] = quantile(self.pooled_curve(metric), GRID, wanted) / 3600
        return middle

    @cached_property
    def errors(self) -> Numbers:
        """The influence of each replication on each figure; NaN if a figure does not exist without one of them.

        To first order.
        """
        with np.errstate(all="ignore"):
            errors = linear_errors(self.sums, self.weights)
        for metric, (_, wanted) in QUANTILES.items():
            place = METRICS.index(metric)
            with np.errstate(all="ignore"):
                reached = self.reached(metric)
                errors[..., place] = -linear_errors(reached, self.over[..., place]) / self._density(metric, wanted)
        return errors

    def reached(self, metric: str) -> Numbers:
        """Return, by replication and arm, how many cases had the outcome by the pooled quantile."""
        which, _ = QUANTILES[metric]
        at, grid = np.log(np.maximum(self.middle[:, METRICS.index(metric)] * 3600, 1.0)), np.log(GRID)
        place = np.clip(np.searchsorted(grid, np.nan_to_num(at)), 1, len(grid) - 1)
        part = (at - grid[place - 1]) / (grid[place] - grid[place - 1])
        arms = np.arange(len(self.arms))
        before, after = self.curves[:, arms, which, place - 1], self.curves[:, arms, which, place]
        reached: Numbers = before + part * (after - before)
        return reached

    def _density(self, metric: str, wanted: float) -> Numbers:
        """Return, by arm, the share of outcomes per hour around the quantile, over the sampling error of the share."""
        place, curve = METRICS.index(metric), self.pooled_curve(metric)
        away = 2 * np.sqrt(wanted * (1 - wanted) / self.over[..., place].sum(axis=0))
        low, high = (quantile(curve, GRID, np.clip(wanted + side * away, 0.0, 1.0)) / 3600 for side in (-1, 1))
        return np.where(np.isnan(high), np.nan, 2 * away / (high - low))

    @cached_property
    def more(self) -> Numbers:
        """By arm and base: in how many cases a figure is more than under the base; see `Counts`."""
        return self._total(lambda counts: counts.more)

    @cached_property
    def fewer(self) -> Numbers:
        """By arm and base: in how many cases a figure is less than under the base."""
        return self._total(lambda counts: counts.fewer)

    @cached_property
    def otherwise(self) -> Numbers:
        """By arm and base: in how many cases it is the same number, of more or of fewer requests."""
        return self._total(lambda counts: counts.otherwise)

    def _total(self, part: Callable[[Counts], Numbers]) -> Numbers:
        total: Numbers = np.sum([[part(arm.counts) for arm in arms] for arms in self.results], axis=0)
        return total

    @property
    def longest(self) -> float:
        """The most hours of access that a ticket had."""
        return max(arm.counts.longest for arms in self.results for arm in arms) / 3600

    @cached_property
    def scarce(self) -> Numbers:
        """By arm: tickets with access that were removed, or that were not, whichever are fewer."""
        removed = np.sum([[arm.counts.removed for arm in arms] for arms in self.results], axis=0)
        granted = np.sum([[arm.counts.cases[GRANTED] for arm in arms] for arms in self.results], axis=0)
        scarce: Numbers = np.minimum(removed, granted - removed).astype(np.float64)
        return scarce

    def crossings(self, metric: str, arm: int, base: int) -> tuple[float, float, float] | None:
        """Return how many more, fewer, and differing cases have the outcome by the time of the base's figure.

        Within a replication only the net difference is visible: so None if most replications have one.
        """
        (which, wanted), over = QUANTILES[metric], self.over[..., METRICS.index(metric)]
        at = int((self.pooled_curve(metric)[base] >= wanted - 1e-12).argmax())
        apart = np.rint(self.curves[:, arm, which] - self.curves[:, base, which])[:, [max(at - 1, 0), at]]
        seen, others = apart[:, np.abs(apart).sum(axis=0).argmax()], over[:, arm] - over[:, base]
        if 2 * np.count_nonzero(seen) > len(seen) or 2 * np.count_nonzero(others) > len(seen):
            return None
        return float(seen[seen > 0].sum()), float(-seen[seen < 0].sum()), float(np.abs(others).sum())


def by_metric(arms: Sequence[Arm]) -> pd.DataFrame:
    """Return a row for each arm and figure: arm, metric, unit."""
    rows = [(arm.name, metric, unit) for arm in arms for metric, unit in UNITS.items()]
    return pd.DataFrame(rows, columns=["arm", "metric", "unit"], dtype="str")
