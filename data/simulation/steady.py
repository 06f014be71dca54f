"""Initial transients: a run starts without grants, without a queue and mid-week; how many tickets make up for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, exp, log10

import numpy as np

from data.lens.figures import UNITS
from data.simulation.arms import Arm
from model import GRANTED, Policy, Status
from model.simulation import STATUSES, Behaviour, Delay, Trace
from model.simulation.common_queue import queues

NEAR = 0.05
"""The relative error, against the long run, of a run that counts as long enough."""
WEEKS = 4  # after which a partial week makes little difference
_LIVE = "live grants on average"
_GIVEN = np.isin(STATUSES, list(GRANTED))  # by the code of a status
_SAME_IN_ANY_RUN = ("share that nobody could decide", "share of tickets that nobody could decide")


def notes_of_run(trace: Trace, policy: Policy, behaviour: Behaviour, now: int) -> Mapping[str, str]:
    """Return, for each figure, why the run is too short and how many tickets would be enough; empty if it is not.

    `now` is the end of the observation, in seconds since 1970.
    """
    tickets = len(trace.tickets.opened)
    notes = dict.fromkeys(UNITS, "")
    if behaviour.approvers_work and tickets < (enough := _rounded_up(WEEKS * 7 * behaviour.tickets_per_day)):
        notes |= _of_decisions(f"too short: part of a working week; {enough:,} tickets would do")
    if tickets < (enough := enough_for_queue(policy, behaviour)):
        notes |= _of_decisions(f"too short: starts without a queue; {enough:,} tickets would do")
    return notes | {_LIVE: _note_of_grants(trace, behaviour, now)}


def _of_decisions(note: str) -> dict[str, str]:
    return {metric: note for metric in UNITS if metric not in _SAME_IN_ANY_RUN}


def _note_of_grants(trace: Trace, behaviour: Behaviour, now: int) -> str:
    """Return how many grants would be live in the long run, if this run is too short to show it.

    The run begins without grants, and those that are live when the last ticket opens count up to then. The missing part
    is the same in every longer run, so its share falls as the run grows. In the long run Little's law holds.
    """
    r, opened = trace.requests, trace.tickets.opened
    given = _GIVEN[r.status]
    live = r.status[given] == STATUSES.index(Status.APPROVED)
    begins, ends, of = r.decided[given], np.where(live, now, r.changed[given]), opened[r.ticket[given]]
    length = float((ends - begins).sum())
    if not length:
        return ""
    after_opening = float(((ends - of).astype(np.float64) ** 2 - (begins - of).astype(np.float64) ** 2).sum()) / 2
    enough = behaviour.tickets_per_day * after_opening / length / NEAR / 86_400
    if len(opened) >= enough:
        return ""
    in_long_run = behaviour.tickets_per_day / 86_400 * length / len(opened)
    more = "more than " if live.any() else ""  # the run is cut off while grants are live
    return f"too short: {more}{in_long_run:,.3g} in the long run; {more}{_rounded_up(enough):,} tickets would do"


def enough_for_queue(policy: Policy, behaviour: Behaviour) -> int:
    """Return how many tickets make the empty queue at the start negligible; 0: no queue.

    A queue forgets its initial state once all its requests have been replaced, by decisions or cancellations: at the
    latest after the time that a ticket takes without access.
    """
    if not queues(policy, behaviour):
        return 0
    hours = _mean(behaviour.work) * behaviour.slower_without_access
    if policy.pending_expires_after:
        hours = min(hours, policy.pending_expires_after.total_seconds() / 3600)
    return _rounded_up(behaviour.tickets_per_day * max(hours, _mean(behaviour.decide)) / 24 / NEAR)


def queue_note(arms: Sequence[Arm], tickets: int, *, varied: bool = False) -> str:
    """Return a note on what runs of so many tickets can say about arms in which requests queue; empty if there is none.

    `varied`: the number of administrators is varied too, so that requests may queue in every arm.
    """
    each = {
        arm.name: enough_for_queue(
            arm.policy, replace(arm.behaviour, common_administrators=1) if varied else arm.behaviour
        )
        for arm in arms
    }
    if not (with_queue := {name: enough for name, enough in each.items() if enough}):
        return ""
    listed, enough = ", ".join(f"“{name}”" for name in with_queue), max(with_queue.values())
    queue = "Where administrators are few, requests queue" if varied else "Requests queue for a few administrators"
    what = "what is said of that" if varied else "all that is said, also of what was not seen,"
    said = f"{queue} ({listed}), and nobody waits yet when a run begins: {what} is about runs of {tickets:,} tickets."
    if tickets < enough:
        said += f" In longer ones they may wait longer; {enough:,} tickets would do for the long run."
    return said


def _mean(delay: Delay) -> float:
    """Return the mean of a delay in hours."""
    return delay.mean_of_exponential if delay.is_exponential else delay.median_hours * exp(delay.sigma**2 / 2)


def _rounded_up(tickets: float) -> int:
    """Return the number with two digits, and not less."""
    step: int = 10 ** max(int(log10(max(tickets, 1))) - 1, 0)
    return ceil(tickets / step) * step
