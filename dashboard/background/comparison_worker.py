"""Comparisons in a process of their own: at low priority, so that no page waits for them, and ended when stopped.

`dashboard.runs` starts one and ends it. It reads experiments from its input, one after the other, and writes what
becomes of each; all of it is pickled, and both ends are this project's own.
"""

import os
import pickle
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from data.simulation.experiment import Comparison, Experiment

NICENESS = 10  # of 19: what else wants the processor gets ten times as much of it
MOST_DAYS = 400  # of the live grants: a picture needs no more, and there may be a million
_ONLY_ACROSS = {"type": "fit-x", "contains": "padding"}
_LEGEND = {"orient": "bottom", "columns": 1, "labelLimit": 250}


@dataclass(frozen=True)
class Progress:
    """How much of a comparison is done."""

    done: int
    of: int


@dataclass(frozen=True)
class Failure:
    """Why a comparison came to nothing, in a sentence for the page."""

    sentence: str


@dataclass(frozen=True)
class Found:
    """What a comparison found, of live grants in short, and its pictures as Vega-Lite has them: no page draws any."""

    comparison: Comparison
    pictures: dict[str, list[dict[str, Any]]]  # some are several, or of a base alone none


Message = Progress | Failure | Found


def main() -> None:
    """Answers until the input ends, or nobody reads the answers."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this process
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with suppress(EOFError, BrokenPipeError):
        while True:
            experiment: Experiment = pickle.load(asked)
            _send(answers, _answer(experiment, lambda done, of: _send(answers, Progress(done, of))))


def _answer(experiment: Experiment, progress: Callable[[int, int], None]) -> Message:
    try:
        whole = experiment.run(progress=progress)
        comparison = replace(whole, live=_in_short(whole.live))
        return Found(comparison, _pictures(comparison))
    except BrokenPipeError:
        raise
    except ValueError as error:
        return Failure(str(error))
    except MemoryError:
        return Failure("The simulation needs more memory than there is: ask for fewer tickets in each replication.")
    except Exception:
        traceback.print_exc()
        return Failure("The simulation failed; the app's own log says more.")


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


def _send(answers: BinaryIO, message: Message) -> None:
    pickle.dump(message, answers)
    answers.flush()
