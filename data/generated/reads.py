"""Draw what engineers read, and when: the simulation leaves it out, but a room's log has it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.generated.columns import Ints, request_slot
from data.generated.problems import CATEGORY_OF_TITLE
from model import CATEGORIES, GRANTED, Status
from model.simulation import NEVER, STATUSES, Trace

FIRST_READ = 1.0  # median hours from the approval to the first read; four times as long for the ticket's own tenant
MOST_READS = 3  # the n-th comes n * n times as late as the first
_LAST_CATEGORY = CATEGORIES.index("directory-objects")  # of the last read; the others are of the ticket's category


@dataclass(frozen=True, slots=True)
class Reads:
    """A row for each time that an engineer reads, in order."""

    at: NDArray[np.int64]  # seconds since 1970
    ticket: Ints
    category: Ints  # places in CATEGORIES


def reads_of(trace: Trace, titles: Ints, seed: int, now: int) -> Reads:
    """Return what engineers read before `now`, from a separate random stream. Refused attempts are left out.

    They read another tenant's data while they have access, and the ticket's own tenant's while the ticket is open.
    """
    t, r = trace.tickets, trace.requests
    rng = np.random.default_rng([seed, *b"looks"])
    many = 2 * len(t.opened)
    hours, counts = rng.lognormal(np.log(FIRST_READ), 1, many), rng.integers(1, MOST_READS + 1, many)
    granted = np.flatnonzero(np.isin(r.status, [STATUSES.index(status) for status in GRANTED]))
    live = r.status[granted] == STATUSES.index(Status.APPROVED)
    home = np.flatnonzero(~t.elsewhere & t.advanced)
    ticket = np.concatenate([r.ticket[granted], home])
    begins = np.concatenate([r.decided[granted], t.opened[home]])
    ends = np.concatenate([np.where(live, NEVER, r.changed[granted]), t.closed[home]])
    slots = np.concatenate([request_slot(r.ticket[granted], r.number[granted]), 2 * home])
    slower = np.where(t.elsewhere[ticket], 1, 4)
    found = []
    for n in range(1, MOST_READS + 1):
        at = begins + 1 + (hours[slots] * (3600 * n * n) * slower).astype(np.int64)
        some = np.flatnonzero((n <= counts[slots]) & (at < np.minimum(ends, now)))
        category = CATEGORY_OF_TITLE[titles[ticket[some]]]
        if n == MOST_READS:
            category = np.full_like(category, _LAST_CATEGORY)
        found.append((at[some], ticket[some], category))
    at, ticket, category = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.lexsort((ticket, at))
    return Reads(at[order], ticket[order], category[order])
