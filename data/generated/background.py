"""The traffic before the story: the people and the tickets that a room begins with.

Nothing here decides: `generated_directory` makes people, `model.simulation` simulates the tickets, and `assign_names`
combines the two. The story's people and engineers never act here, and no access is requested between two tenants of the
story.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated.assign_names import assign_names
from data.generated.directory import generated_directory
from data.generated.tenant_pairs import fitting
from data.scenario.scenario import Background
from model import Directory, Policy
from model.simulation import NEVER, Behaviour, Trace, run, seconds


def engineers(tickets_per_day: float) -> int:
    """Return how many support engineers work on so many tickets."""
    return min(200, 3 + round(tickets_per_day / 4))


def background(
    spec: Background, directory: Directory, policy: Policy, starts: datetime, seed: int
) -> tuple[Directory, pd.DataFrame]:
    """Return the directory with generated tenants, people and engineers added, and what happened before `starts`.

    What happened comes as lines of a room's log, in order, at whole seconds (naive UTC) before `starts`; what falls due
    exactly at `starts` is included. Raises ValueError if the seed is negative.
    """
    whole = generated_directory(directory, spec.tenants, engineers(spec.tickets_per_day), seed)
    opened = _openings(spec, starts, seed) if whole.directory.tenants else np.array([], np.int64)
    trace = run(policy, fitting(Behaviour(), whole), max(len(opened), 1), seed=seed)
    trace = _moved(trace, opened).until(seconds(starts)) if len(opened) else trace.until(0)
    return whole.directory, assign_names(trace, whole, policy, seed, seconds(starts))


def _openings(spec: Background, starts: datetime, seed: int) -> NDArray[np.int64]:
    """Return when tickets are opened (seconds since 1970), in order: mostly in the working hours of working days.

    Their number is exact, while in a run it is only right on average.
    """
    rng = np.random.default_rng([seed, *b"openings"])
    first = starts - timedelta(days=spec.days)
    hours = np.arange(spec.days * 24)
    day, hour = np.divmod(first.weekday() * 24 + first.hour + hours, 24)
    busy = np.where(day % 7 < 5, 1, 0.2) * np.where((hour >= 7) & (hour < 18), 1, 0.15)
    after = rng.choice(hours, spec.tickets, p=busy / busy.sum()) * 3600 + rng.integers(0, 3600, spec.tickets)
    return seconds(first) + np.sort(after)


def _moved(trace: Trace, opened: NDArray[np.int64]) -> Trace:
    """Return the same tickets, opened at other moments. Approvers decide around the clock, so nothing else changes."""
    tickets, requests, events = trace.tickets, trace.requests, trace.events
    by = opened - tickets.opened
    later = by[requests.ticket]
    return Trace(
        replace(tickets, opened=opened, closed=tickets.closed + by),
        replace(
            requests,
            requested=requests.requested + later,
            decided=np.where(requests.decided == NEVER, NEVER, requests.decided + later),
            changed=requests.changed + later,
        ),
        replace(events, at=events.at + by[events.ticket]),
    )
