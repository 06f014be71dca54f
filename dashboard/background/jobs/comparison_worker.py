"""The process that runs experiments for `dashboard.background.jobs.comparisons`, and draws their charts."""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.decision_worker import DecisionResult, decided
from dashboard.background.jobs.worker import CannotAnswer, Progress, serve
from data.simulation.experiment import Arm, Comparison, Experiment

MOST_DAYS = 400  # rows of live grants: a picture needs no more, and there may be a million
_ONLY_ACROSS = {"type": "fit-x", "contains": "padding"}
_PADDING = {"left": 5, "top": 5, "right": 16, "bottom": 5}  # pixels; names stand a little right of the axes


@dataclass(frozen=True)
class ComparisonResult:
    """A comparison's results, with thinned live grants, and its charts as Vega-Lite specifications."""

    comparison: Comparison
    pictures: dict[str, list[dict[str, Any]]]  # some have several parts; there are none for a base alone
    seconds: float  # seconds of the simulation, without pictures


def main() -> None:
    """Run one experiment after another; a tiny one first, which does the one-time imports."""
    Experiment("Nothing", "", (Arm("base"),), tickets=100, replications=2).run()
    serve(answered)


def answered(request: Experiment | DecisionAsked, progress: Progress) -> ComparisonResult | DecisionResult:
    """Answer a question, or analyse what would change its answer. Raises CannotAnswer."""
    return decided(request, progress) if isinstance(request, DecisionAsked) else compared(request, progress)


def compared(experiment: Experiment, progress: Progress) -> ComparisonResult:
    """Run an experiment and draw its charts. Raises CannotAnswer."""
    try:
        began = time.monotonic()
        whole = experiment.run(progress=progress)
        seconds = time.monotonic() - began
        comparison = replace(whole, live=_in_short(whole.live))
        return ComparisonResult(comparison, _pictures(comparison), seconds)
    except ValueError as error:
        raise CannotAnswer(str(error)) from error
    except MemoryError:
        sentence = "The simulation needs more memory than there is: ask for fewer tickets in each replication."
        raise CannotAnswer(sentence) from None


def _pictures(found: Comparison) -> dict[str, list[dict[str, Any]]]:
    from dashboard import charts

    arms = [arm.name for arm in found.arms]
    drawn = {
        "trade-off": charts.trade_off(found.metrics, arms),
        "decided": charts.decided_by_hours(found.decided, arms),
        "resolved": charts.resolved_by_hours(found.resolved, arms),
        "live": charts.live_grants(found.live, arms),
        "differences": charts.differences(found.differences, arms),
    }
    return {name: _parts(chart.to_dict()) for name, chart in drawn.items()}


def _parts(picture: dict[str, Any]) -> list[dict[str, Any]]:
    """Return vertically stacked pictures one by one, so that each has the width of the page."""
    kept = ("$schema", "datasets", "config")
    shared = {key: picture[key] for key in kept if key in picture}
    shared |= {"autosize": _ONLY_ACROSS, "padding": _PADDING}
    return [shared | part for part in picture.get("vconcat", [picture])]


def _in_short(live: pd.DataFrame) -> pd.DataFrame:
    """Return the grants without the tail where every arm is below 1 % of the maximum, thinned if days are many."""
    most = live.groupby("day")["grants"].max()
    days = most.index[: 1 + int(np.flatnonzero(most >= most.max() / 100)[-1])]
    some: pd.DataFrame = live[live["day"].isin(days[:: -(-len(days) // MOST_DAYS)])]
    return some
