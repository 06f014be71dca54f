"""The result of a comparison: means, differences and curves over the replications, each with a 95 % interval.

A figure is computed over the tickets of all replications together. The spread of the replications gives the interval,
on a scale that respects the bounds of the figure; rare events get exact intervals (see `intervals`). All arms of a
replication get the same tickets and the same random numbers, so differences are taken within each replication, where
shared luck cancels out. One figure is the primary, chosen before the run; the others are read with Holm's correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.scenario.find import known
from data.simulation.arms import Arm
from data.simulation.runs.replication import GRID, ArmResult
from data.simulation.statistics.differences import differences
from data.simulation.statistics.intervals import share, spread, t_quantile
from data.simulation.statistics.levels import levels
from data.simulation.statistics.pooled import METRICS, Pooled
from data.simulation.steady import queue_note
from data.simulation.words.answer import answer
from data.simulation.words.figure_words import mean_in_words
from data.simulation.words.findings import primary_in_words
from model.html_parts import table, words
from model.simulation import STARTS

Numbers = NDArray[np.float64]

PRIMARY = "median hours to resolution"
"""The figure that decides an experiment, unless it names another one."""


@dataclass(frozen=True, slots=True)
class Until:
    """Add replications until the interval of a metric is, in every arm, the mean ± at most `within`."""

    metric: str
    within: float
    most: int = 200  # replications

    def __post_init__(self) -> None:
        known(self.metric, UNITS, "metric")
        if not 0 < self.within < float("inf"):
            raise ValueError(f"the interval must be allowed more than 0 on either side, not {self.within!r}")


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """The result of `compare`: five frames. Intervals, from `low` to `high`, are 95 %; all numbers are float64.

    - metrics: arm, metric, unit (str: "hours", "share", "grants", "AUC"); mean, low, high in that unit: NaN if it never
      comes to it, and an infinite `high` if perhaps it never does; cases: the requests or tickets that it is taken
      over; missing: how many replications have no such figure by themselves
    - differences: arm, metric, unit (str); difference from the first arm, low, high in that unit; reading (str, one of
      READINGS, corrected for the number of figures); p, and p_adjusted for that correction; cases; enough: how many
      replications would do where they are too few, else NaN
    - decided: arm (str); hours; share of the requests that are decided within so many hours, low, high
    - resolved: the same of tickets that are closed
    - live: arm (str); day (datetime64[us]); grants that are live at the end of the day, low, high
    """

    arms: tuple[Arm, ...]  # the first is the base of the comparison
    tickets: int  # of each replication and arm
    replications: int
    seed: int
    primary: str  # the figure that decides, chosen before the run
    until: Until | None  # the requested width of an interval
    reached: bool  # whether the interval is as narrow as requested; True without a request
    metrics: pd.DataFrame
    differences: pd.DataFrame
    decided: pd.DataFrame
    resolved: pd.DataFrame
    live: pd.DataFrame

    def __repr__(self) -> str:
        """Return what was compared, and what to look at next."""
        note = f"{self.note} " if self.note else ""
        return (
            f"<Comparison of {', '.join(repr(arm.name) for arm in self.arms)}: {self.replications:,} replications of "
            f"{self.tickets:,} tickets, seed {self.seed}>\n{note}"
            "Go on with .metrics, .differences, .decided, .resolved, .live; help(Comparison) tells more."
        )

    def _repr_html_(self) -> str:
        """Return the answer for each arm in a sentence, and a table of the figures, for a notebook."""
        answers = "".join(f"<li>{words(answer(self, arm.name))}</li>" for arm in self.arms[1:] or self.arms)
        rows: dict[str, dict[str, object]] = {metric: {"figure": metric} for metric in UNITS}
        for row in self.metrics.to_dict("records"):
            rows[row["metric"]][f"“{row['arm']}”"] = mean_in_words(row)
        caption = f"{self.tickets:,} tickets, the same in each arm, {self.replications} times; 95 % intervals"
        assumed = "<p>How people act is assumed, not measured.</p>"
        if len(self.arms) > 1:
            answers += f"<li>{words(primary_in_words(self, ''))}</li>"
        if self.note:
            answers += f"<li>{words(self.note)}</li>"
        return f"<ul>{answers}</ul>{table(caption, list(rows.values()), most=len(UNITS))}{assumed}"

    @property
    def note(self) -> str:
        """The length of runs for which this holds, if requests queue for a few administrators; otherwise empty."""
        return queue_note(self.arms, self.tickets)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        names = ("metrics", "differences", "decided", "resolved", "live")
        return {name: getattr(self, name) for name in names}


def half_width(arms: tuple[Arm, ...], tickets: int, results: Sequence[Sequence[ArmResult]], metric: str) -> float:
    """Return half the width of the metric's widest interval among the arms; NaN if an arm lacks the metric."""
    rows = levels(Pooled(arms, tickets, results))
    its = rows[rows["metric"] == metric]
    return float(((its["high"] - its["low"]) / 2).max(skipna=False))


def comparison(
    arms: tuple[Arm, ...],
    tickets: int,
    seed: int,
    results: Sequence[Sequence[ArmResult]],
    until: Until | None = None,
    primary: str = PRIMARY,
) -> Comparison:
    """Return the comparison of results, which are given by replication, then by arm."""
    pooled = Pooled(arms, tickets, results)
    names = [arm.name for arm in arms]
    return Comparison(
        arms,
        tickets,
        len(results),
        seed,
        primary,
        until,
        until is None or half_width(arms, tickets, results, until.metric) <= until.within,
        levels(pooled),
        differences(pooled, primary),
        _curves(pooled, 0),
        _curves(pooled, 1),
        _live(names, results),
    )


def _curves(pooled: Pooled, which: int) -> pd.DataFrame:
    """Return, for each arm, the points at which its curve rises."""
    metric = ("median hours to a decision", "median hours to resolution")[which]
    cases = pooled.over[..., METRICS.index(metric), None]
    middle, low, high = share(pooled.curves[:, :, which], np.broadcast_to(cases, pooled.curves[:, :, which].shape))
    frames = []
    for place, arm in enumerate(pooled.arms):
        rises = np.diff(middle[place], prepend=0.0) > 0
        columns = {"hours": GRID / 3600, "share": middle[place], "low": low[place], "high": high[place]}
        points = {name: column[rises] for name, column in columns.items()}
        frames.append(pd.DataFrame({"arm": pd.Series([arm.name] * int(rises.sum()), dtype="str"), **points}))
    return pd.concat(frames, ignore_index=True)


def _live(arms: Sequence[str], results: Sequence[Sequence[ArmResult]]) -> pd.DataFrame:
    """Return live grants by arm and day; once all tickets of a replication are closed, it has none."""
    days = max(len(arm.live) for replication in results for arm in replication)
    grants = np.array([[np.pad(arm.live, (0, days - len(arm.live))) for arm in each] for each in results])
    mean, half = grants.mean(axis=0).ravel(), (spread(grants) * t_quantile(len(grants))).ravel()
    day = pd.date_range(STARTS.date(), periods=days, unit="us")
    frame = pd.DataFrame({"arm": np.repeat(np.array(arms), days), "day": np.tile(day, len(arms))})
    return frame.astype({"arm": "str"}).assign(grants=mean, low=np.maximum(mean - half, 0), high=mean + half)
