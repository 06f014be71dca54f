"""The process that learns from rooms how people act, for `dashboard.background.jobs.fits`."""

from dataclasses import dataclass

import pandas as pd

from dashboard.background.jobs.worker import CannotAnswer, Progress, serve
from data.fitting.fit import History
from model.simulation import Behaviour


@dataclass(frozen=True)
class Learned:
    """What is kept of a fit to be shown: not the cases themselves. See `data.Fit`."""

    behaviour: Behaviour
    tickets: int
    shape: str
    learned: list[str]
    kept: list[str]
    report: pd.DataFrame
    curves: pd.DataFrame
    quantiles: pd.DataFrame


def main() -> None:
    """Learn from one history after the other."""
    serve(learned)


def learned(history: History, progress: Progress) -> Learned:
    """Learn from a history. Raises CannotAnswer."""
    try:
        found = history.fit(progress=progress)
    except ValueError as error:
        raise CannotAnswer(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    except MemoryError:
        raise CannotAnswer("Learning needs more memory than there is.") from None
    report = found.report
    if not found.learned:
        raise CannotAnswer(f"Nothing can be learned from this room: {report['reason'].iloc[0]}.")
    return Learned(
        found.behaviour, found.tickets, found.shape, found.learned, found.kept, report, found.curves, found.quantiles
    )
