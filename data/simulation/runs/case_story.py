"""Write one simulated case as a scenario, which can be opened as a room and played."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from data.files.durations import rounded
from data.scenario.scenario import Scenario
from data.simulation.runs.case_narrator import CaseNarrator
from data.simulation.runs.run import Run
from model.simulation import NEVER

WHICH = ("median", "worst")


def example(run: Run, which: str) -> int:
    """Return the ticket with the "median" or "worst" hours to resolution among those about another tenant.

    The first of equal ones; of two in the middle, the shorter one. Raises ValueError if none of them was closed.
    """
    if which not in WHICH:
        raise ValueError(f"'median' or 'worst' is wanted, not {which!r}")
    numbers, lengths = _resolutions(run)
    if not len(numbers):
        raise ValueError("no ticket whose problem lies in another tenant was closed in this run")
    ordered = np.sort(lengths)
    wanted = ordered[-1] if which == "worst" else ordered[(len(ordered) - 1) // 2]
    return int(numbers[np.argmax(lengths == wanted)])


def case_story(run: Run, ticket: int, arm: str = "") -> Scenario:
    """Return the history of a ticket of the run, as a scenario under the run's policy that meets its expectations.

    `ticket`: its number; `arm`: the name of the run's arm in a comparison. Raises ValueError.
    """
    if not 0 <= ticket < len(run.trace.tickets.opened):
        raise ValueError(f"the run has tickets 0 to {len(run.trace.tickets.opened) - 1:,}, not {ticket}")
    return CaseNarrator(run, ticket).tell().scenario(*_heading(run, ticket, arm), "the simulated case")


def _resolutions(run: Run) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the tickets that `example` chooses from, and for how many seconds each was open."""
    tickets = run.trace.tickets
    numbers = np.flatnonzero(tickets.elsewhere & (tickets.closed != NEVER))
    return numbers, (tickets.closed - tickets.opened)[numbers]


def _heading(run: Run, ticket: int, arm: str) -> tuple[str, str]:
    """Return the title and the summary."""
    numbers, lengths = _resolutions(run)
    which = next((which for which in WHICH if len(numbers) and ticket == example(run, which)), None)
    title = f"The {which} of {len(numbers):,} simulated cases" if which else f"Simulated case {ticket:,}"
    which_one = f"Support request {ticket:,} of a simulation with seed {run.seed}"
    summary = f"{which_one}: how people act is assumed, not measured."
    if which:
        rank = {"median": "Half of them were open no longer", "worst": "None of them was open for longer"}[which]
        took = rounded(timedelta(seconds=int(lengths[np.searchsorted(numbers, ticket)])))
        summary += " The cases are the closed support requests whose problem lies in another tenant."
        summary += f" {rank} than this: {took}."
    return f"{title}: {arm}" if arm else title, summary
