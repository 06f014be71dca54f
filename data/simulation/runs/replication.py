"""One replication of an experiment: the same tickets under every arm, and the figures of each.

It gives the same in a thread of this process and in another process.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import UNITS, measured
from data.simulation.arms import Arm
from data.simulation.paired_counts import Counts, counts
from data.simulation.runs.event_files import write_events
from data.simulation.runs.run import Run
from data.simulation.runs.run_tables import GIVEN, lent_tables
from model.simulation import Trace, begins, side_by_side
from model.simulation.trace import NO_EVENTS, joined

Numbers = NDArray[np.float64]

GRID: Numbers = np.unique(np.floor(np.exp(np.arange(401) / 20)))
"""The seconds at which curves are read: each 5 % further, up to 15 years; there they are exact (see `figures.sql`)."""
CURVES = ("decided by hours", "resolved by hours")
_READ_OFF = ("to a decision", "to resolution")  # in the names of the figures that are read off each curve
_LIVE = "live grants by day"


@dataclass(frozen=True, slots=True)
class ArmResult:
    """The result of one arm in one replication."""

    figures: Numbers  # in the order of `data.lens.figures.UNITS`; NaN for a missing one
    curves: Numbers  # a row for each of CURVES: the share by the seconds of GRID
    counts: Counts
    live: Numbers  # grants by day, from the day on which runs start


class Stopped(Exception):
    """The replication was stopped."""


@dataclass(frozen=True, slots=True)
class Replication:
    """What every replication of an experiment runs. It can be sent to another process."""

    arms: tuple[Arm, ...]
    tickets: int
    seed: int
    events: Path | None = None  # the folder that events are written to
    figures: tuple[str, ...] = ()  # only these are computed, which is faster; empty: all
    every_pair: bool = False  # compare every two arms case by case, not only each arm with the first

    def run(
        self, number: int, arm_done: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False
    ) -> tuple[ArmResult, ...]:
        """Run the replication of this number and return each arm's result; `arm_done` is called after each arm.

        Raises Stopped soon after `stopped` answers True.
        """
        kept: list[list[Trace]] = [[] for _ in self.arms]
        worlds = [(arm.policy, arm.behaviour) for arm in self.arms]
        starts = begins(self.seed, number)
        counted: tuple[Counts, ...] = ()
        before = 0  # tickets
        bases, figures = len(self.arms) if self.every_pair else 1, self.figures or tuple(UNITS)
        policies = [arm.policy for arm in self.arms]
        for parts in side_by_side(worlds, self.tickets, seed=self.seed, replication=number, starts=starts):
            for traces, part in zip(kept, parts, strict=True):
                traces.append(part if self.events else replace(part, events=NO_EVENTS))
            counted = counts(parts, policies, before, counted, bases=bases, figures=figures)
            before += len(parts[0].tickets.opened)
            if stopped():
                raise Stopped
        results = []
        for arm, traces, its in zip(self.arms, kept, counted, strict=True):
            run = Run(arm.policy, arm.behaviour, self.seed, starts, None, joined(traces))
            traces.clear()
            results.append(_result(run, its, self.figures))
            if self.events:
                write_events(run.events, self.events, arm.name, number)
            arm_done()
            if stopped():
                raise Stopped
        return tuple(results)


def _result(run: Run, counted: Counts, only: tuple[str, ...]) -> ArmResult:
    """Return the figures of one arm's run; with `only` some, those and the curves that they are read off."""
    curves = [
        name for name, about in zip(CURVES, _READ_OFF, strict=True) if not only or any(about in it for it in only)
    ]
    with lent_tables(run.trace, run.policy, run.now) as db:
        names, metrics = (*curves, *(() if only else (_LIVE,))), only or tuple(UNITS)
        figures, series = measured(db, names, GIVEN, metrics, keep_plan=True)
    grid = [_on_grid(series[name]) if name in curves else np.zeros(len(GRID)) for name in CURVES]
    return ArmResult(figures["value"].to_numpy(), np.array(grid), counted, _by_day(run, series.get(_LIVE)))


def _by_day(run: Run, live: pd.DataFrame | None) -> Numbers:
    """Return live grants by day, from the day on which runs start."""
    if live is None:
        return np.zeros(0)
    before = (pd.Timestamp(live["day"].iloc[0]) - pd.Timestamp(run.starts.date())).days
    return np.concatenate([np.zeros(before), live["grants"].to_numpy(np.float64)])


def _on_grid(curve: pd.DataFrame) -> Numbers:
    """Return the share that the curve has reached by each second of the grid."""
    seconds = np.round(curve["hours"].to_numpy(np.float64) * 3600)
    shares = np.concatenate([[0.0], curve["share"].to_numpy(np.float64)])
    return shares[np.searchsorted(seconds, GRID, side="right")]
