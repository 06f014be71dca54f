"""What a comparison says: means, differences and curves over the replications, each with a 95 % interval.

The intervals are Student's t over the replications. All arms of a replication meet the same tickets and the same
chance, so differences are taken within each replication: luck that both share cancels out. Intervals end at the bounds
of what they measure: at 0, and for shares and an AUC at 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.scenario.find import known
from data.simulation.answer import answer
from data.simulation.arms import Arm
from data.simulation.figure_words import mean_in_words
from data.simulation.replication import CURVES, GRID, ArmResult
from model.html_parts import table, words
from model.simulation import STARTS

Numbers = NDArray[np.float64]

READINGS = ("more", "less", "no clear difference", "the same", "not comparable")
LEVEL = 0.95
PRIMARY = "median hours to resolution"
"""The figure that an experiment decides by, unless it names another one."""
_METRICS = tuple(UNITS)


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
    """What `compare` gives: five frames. Intervals, from `low` to `high`, are of 95 %; all numbers are float64.

    - metrics: arm, metric, unit (str: "hours", "share", "grants", "AUC"); mean, low, high in that unit, NaN if some
      replication has no such figure; missing: how many have none
    - differences: arm, metric, unit (str); difference from the first arm, low, high in that unit; reading (str, one of
      READINGS)
    - decided: arm (str); hours; share of the requests that are decided within so many hours, low, high
    - resolved: the same of tickets that are closed
    - live: arm (str); day (datetime64[us]); grants that are live at the end of the day, low, high
    """

    arms: tuple[Arm, ...]  # the first is the one that the others are compared with
    tickets: int  # of each replication and arm
    replications: int
    seed: int
    primary: str  # the figure that was chosen before the run to decide by
    until: Until | None  # how narrow an interval was wanted
    reached: bool  # whether the interval is as narrow as wanted; True if none was
    metrics: pd.DataFrame
    differences: pd.DataFrame
    decided: pd.DataFrame
    resolved: pd.DataFrame
    live: pd.DataFrame

    def __repr__(self) -> str:
        """Say what was compared, and where to go on."""
        return (
            f"<Comparison of {', '.join(repr(arm.name) for arm in self.arms)}: {self.replications:,} replications of "
            f"{self.tickets:,} tickets, seed {self.seed}>\n"
            "Go on with .metrics, .differences, .decided, .resolved, .live; help(Comparison) tells more."
        )

    def _repr_html_(self) -> str:
        """Return the answer for each arm in a sentence, and a table of the figures, for a notebook."""
        answers = "".join(f"<li>{words(answer(self, arm.name))}</li>" for arm in self.arms[1:] or self.arms)
        rows: dict[str, dict[str, object]] = {metric: {"figure": metric} for metric in UNITS}
        for row in self.metrics.to_dict("records"):
            rows[row["metric"]][f"“{row['arm']}”"] = mean_in_words(row, self.replications)
        caption = f"{self.tickets:,} tickets, the same in each arm, {self.replications} times; 95 % intervals"
        assumed = "<p>How people act is assumed, not measured.</p>"
        return f"<ul>{answers}</ul>{table(caption, list(rows.values()), most=len(UNITS))}{assumed}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        names = ("metrics", "differences", "decided", "resolved", "live")
        return {name: getattr(self, name) for name in names}


def interval(values: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return mean, low and high of each column over the rows, which are the replications; NaN if one is NaN."""
    from scipy.special import stdtrit  # here, since every start of the dashboard would wait for it, which never asks

    many = len(values)
    mean = values.mean(axis=0)
    half = stdtrit(many - 1, (1 + LEVEL) / 2) * values.std(axis=0, ddof=1) / np.sqrt(many)
    half = np.where((values == values[:1]).all(axis=0), 0.0, half)  # what is equal is not spread by rounding
    mean = np.where(half == 0, values[0], mean)
    return mean, mean - half, mean + half


def half_width(results: Sequence[Sequence[ArmResult]], metric: str) -> float:
    """Return half the width of the metric's widest interval among the arms; NaN if an arm lacks the metric."""
    place = _METRICS.index(metric)
    values = np.array([[arm.figures[place] for arm in arms] for arms in results])
    _, low, high = interval(values)
    return float(np.max((high - low) / 2))


def comparison(
    arms: tuple[Arm, ...],
    tickets: int,
    seed: int,
    results: Sequence[Sequence[ArmResult]],
    until: Until | None = None,
    primary: str = PRIMARY,
) -> Comparison:
    """Return what the results say. They come by replication, and in each by arm."""
    values = np.array([[arm.figures for arm in replication] for replication in results])
    names = [arm.name for arm in arms]
    curves = [np.array([[arm.curves[n] for arm in replication] for replication in results]) for n in range(len(CURVES))]
    decided, resolved = (_curves(names, each) for each in curves)
    return Comparison(
        arms,
        tickets,
        len(results),
        seed,
        primary,
        until,
        until is None or half_width(results, until.metric) <= until.within,
        _metrics(names, values),
        _differences(names, values),
        decided,
        resolved,
        _live(names, results),
    )


def _metrics(arms: Sequence[str], values: Numbers) -> pd.DataFrame:
    mean, low, high = interval(values)
    most = np.array([1.0 if unit in ("share", "AUC") else np.inf for unit in UNITS.values()])
    missing = np.isnan(values).sum(axis=0).astype(np.float64)
    columns = {"mean": mean, "low": np.maximum(low, 0), "high": np.minimum(high, most), "missing": missing}
    return _by_metric(arms).assign(**{name: column.ravel() for name, column in columns.items()})


def _differences(arms: Sequence[str], values: Numbers) -> pd.DataFrame:
    """Return the differences from the first arm.

    Identical results differ by zero, including figures that neither arm reached.
    """
    apart = values[:, 1:] - values[:, :1]
    for arm in range(apart.shape[1]):
        if np.array_equal(values[:, arm + 1], values[:, 0], equal_nan=True):
            apart[:, arm] = 0
    difference, low, high = (each.ravel() for each in interval(apart))
    same = (apart == 0).all(axis=0).ravel()
    reading = np.select([same, np.isnan(difference), low > 0, high < 0], np.array(READINGS)[[3, 4, 0, 1]], READINGS[2])
    return _by_metric(arms[1:]).assign(
        difference=difference, low=low, high=high, reading=pd.Series(reading, dtype="str")
    )


def _by_metric(arms: Sequence[str]) -> pd.DataFrame:
    rows = [(arm, metric, unit) for arm in arms for metric, unit in UNITS.items()]
    return pd.DataFrame(rows, columns=["arm", "metric", "unit"], dtype="str")


def _curves(arms: Sequence[str], shares: Numbers) -> pd.DataFrame:
    """Return for each arm the points at which its curve rises."""
    mean, low, high = interval(shares)
    low, high = np.maximum(low, 0), np.minimum(high, 1)
    frames = []
    for place, arm in enumerate(arms):
        rises = np.diff(mean[place], prepend=0.0) > 0
        columns = {"hours": GRID / 3600, "share": mean[place], "low": low[place], "high": high[place]}
        points = {name: column[rises] for name, column in columns.items()}
        frames.append(pd.DataFrame({"arm": pd.Series([arm] * int(rises.sum()), dtype="str"), **points}))
    return pd.concat(frames, ignore_index=True)


def _live(arms: Sequence[str], results: Sequence[Sequence[ArmResult]]) -> pd.DataFrame:
    """Return live grants by arm and day; once all tickets of a replication are closed, it has none."""
    days = max(len(arm.live) for replication in results for arm in replication)
    grants = np.array([[np.pad(arm.live, (0, days - len(arm.live))) for arm in each] for each in results])
    mean, low, high = (each.ravel() for each in interval(grants))
    day = pd.date_range(STARTS.date(), periods=days, unit="us")
    frame = pd.DataFrame({"arm": np.repeat(np.array(arms), days), "day": np.tile(day, len(arms))})
    return frame.astype({"arm": "str"}).assign(grants=mean, low=np.maximum(low, 0), high=high)
