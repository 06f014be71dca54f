"""What happened before the story: the people and the tickets that a room begins with.

Nothing here decides: `data.society` makes people, `model.simulation` what comes of tickets, and
`data.simulation.casting` brings the two together. The story's people and engineers never act here, and nothing is asked
between two tenants of the story.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated.assign_names import cast, fitting
from data.generated.directory import society
from data.scenario.scenario import Background
from model import Directory, Policy
from model.simulation import NEVER, Behaviour, Record, run, seconds


def engineers(tickets_per_day: float) -> int:
    """How many support engineers there are for so many tickets."""
    return min(200, 3 + round(tickets_per_day / 4))


def background(
    spec: Background, directory: Directory, policy: Policy, starts: datetime, seed: int
) -> tuple[Directory, pd.DataFrame]:
    """The directory with Faker's tenants, people and engineers added, and what happened before `starts` (naive UTC).

    That is lines of a room's log in their order, at whole seconds. All lie before `starts`, save that what falls due
    at `starts` has happened. Raises ValueError where the seed is negative.
    """
    whole = society(directory, spec.tenants, engineers(spec.tickets_per_day), seed)
    opened = _openings(spec, starts, seed) if whole.directory.tenants else np.array([], np.int64)
    record = run(policy, fitting(Behaviour(), whole), max(len(opened), 1), seed=seed)
    record = _moved(record, opened).until(seconds(starts)) if len(opened) else record.until(0)
    return whole.directory, cast(record, whole, policy, seed, seconds(starts))


def _openings(spec: Background, starts: datetime, seed: int) -> NDArray[np.int64]:
    """When tickets are opened (seconds since 1970), in order: mostly in the working hours of working days.

    Exactly as many as asked for, where a run of its own would open so many a day on average.
    """
    rng = np.random.default_rng([seed, *b"openings"])
    first = starts - timedelta(days=spec.days)
    hours = np.arange(spec.days * 24)
    day, hour = np.divmod(first.weekday() * 24 + first.hour + hours, 24)
    busy = np.where(day % 7 < 5, 1, 0.2) * np.where((hour >= 7) & (hour < 18), 1, 0.15)
    after = rng.choice(hours, spec.tickets, p=busy / busy.sum()) * 3600 + rng.integers(0, 3600, spec.tickets)
    return seconds(first) + np.sort(after)


def _moved(record: Record, opened: NDArray[np.int64]) -> Record:
    """The same tickets, opened at other moments. Approvers decide around the clock, so all else stays as it was."""
    tickets, requests, events = record.tickets, record.requests, record.events
    by = opened - tickets.opened
    later = by[requests.ticket]
    return Record(
        replace(tickets, opened=opened, closed=tickets.closed + by),
        replace(
            requests,
            requested=requests.requested + later,
            decided=np.where(requests.decided == NEVER, NEVER, requests.decided + later),
            changed=requests.changed + later,
        ),
        replace(events, at=events.at + by[events.ticket]),
    )
