"""One replication of an experiment: the same tickets under every arm, and what is measured of each.

It runs wherever there is room for it, in a thread here or in another process: what it gives is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.lens.figures import measured
from data.simulation.arms import Arm
from data.simulation.event_files import shelve
from data.simulation.run import Run
from model.simulation import STARTS, Record, side_by_side
from model.simulation.record import NO_EVENTS, joined

Numbers = NDArray[np.float64]

GRID: Numbers = np.unique(np.floor(np.exp(np.arange(401) / 20)))
"""The seconds at which curves are read: each 5 % further, up to 15 years; there they are exact (see `figures.sql`)."""
CURVES = ("decided by hours", "resolved by hours")
_LIVE = "live grants by day"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one arm gave in one replication."""

    figures: Numbers  # those of `data.figures.UNITS`, in their order; NaN where there is none
    curves: Numbers  # a row for each of CURVES: the share by the seconds of GRID
    live: Numbers  # grants by day, from the day on which runs start


class Stopped(Exception):
    """Nobody wants the replication any more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What every replication does."""

    arms: tuple[Arm, ...]
    tickets: int
    seed: int
    events: Path | None = None  # the folder that events are written to

    def __call__(
        self, number: int, step: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False
    ) -> tuple[Measured, ...]:
        """What each arm gives in the replication of this number. `step` is called after each arm. Raises Stopped."""
        kept: list[list[Record]] = [[] for _ in self.arms]
        worlds = [(arm.policy, arm.behaviour) for arm in self.arms]
        for parts in side_by_side(worlds, self.tickets, seed=self.seed, replication=number):
            for records, part in zip(kept, parts, strict=True):
                records.append(part if self.events else replace(part, events=NO_EVENTS))
            if stopped():
                raise Stopped
        found = []
        for arm, records in zip(self.arms, kept, strict=True):
            run = Run(arm.policy, arm.behaviour, self.seed, STARTS, None, joined(records))
            records.clear()
            found.append(_measured(run))
            if self.events:
                shelve(run.events, self.events, arm.name, number)
            step()
            if stopped():
                raise Stopped
        return tuple(found)


def _measured(run: Run) -> Measured:
    with run.tables() as db:
        figures, series = measured(db, (*CURVES, _LIVE))
    live = series[_LIVE]
    before = (pd.Timestamp(live["day"].iloc[0]) - pd.Timestamp(run.starts)).days
    return Measured(
        figures["value"].to_numpy(),
        np.array([_on_grid(series[name]) for name in CURVES]),
        np.concatenate([np.zeros(before), live["grants"].to_numpy(np.float64)]),
    )


def _on_grid(curve: pd.DataFrame) -> Numbers:
    """The share that had come by each second of the grid."""
    seconds = np.round(curve["hours"].to_numpy(np.float64) * 3600)
    shares = np.concatenate([[0.0], curve["share"].to_numpy(np.float64)])
    return shares[np.searchsorted(seconds, GRID, side="right")]
