"""The process that runs experiments for `dashboard.background.comparisons`, and draws their charts."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.background.worker import CannotAnswer, Progress, serve
from data.simulation.experiment import Comparison, Experiment

MOST_DAYS = 400  # of the live grants: a picture needs no more, and there may be a million
_ONLY_ACROSS = {"type": "fit-x", "contains": "padding"}
_LEGEND = {"orient": "bottom", "columns": 1, "labelLimit": 250}


@dataclass(frozen=True)
class ComparisonResult:
    """What a comparison found, with live grants in short, and its charts as Vega-Lite specifications."""

    comparison: Comparison
    pictures: dict[str, list[dict[str, Any]]]  # some have several parts; those of a base alone have none


def main() -> None:
    """Run one experiment after the other."""
    serve(compared)


def compared(experiment: Experiment, progress: Progress) -> ComparisonResult:
    """Run an experiment and draw its charts. Raises CannotAnswer."""
    try:
        whole = experiment.run(progress=progress)
        comparison = replace(whole, live=_in_short(whole.live))
        return ComparisonResult(comparison, _pictures(comparison))
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
    """Pictures that stand one below the other, each by itself, with its legend below it: so a phone has room."""
    shared = {key: picture[key] for key in ("$schema", "datasets") if key in picture} | {"autosize": _ONLY_ACROSS}
    config = {"config": picture["config"] | {"legend": _LEGEND}}
    return [shared | part | config for part in picture.get("vconcat", [picture])]


def _in_short(live: pd.DataFrame) -> pd.DataFrame:
    """Without the long end, in which every arm has less than a hundredth of the most grants; of many days, some."""
    most = live.groupby("day")["grants"].max()
    days = most.index[: 1 + int(np.flatnonzero(most >= most.max() / 100)[-1])]
    some: pd.DataFrame = live[live["day"].isin(days[:: -(-len(days) // MOST_DAYS)])]
    return some
