"""What stands behind each figure of a run: over how many cases it is taken, and in how many an arm differs.

All arms of a replication meet the same tickets, so a ticket under one arm is compared with itself under the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.lens.figures import UNITS
from model import Policy, Status
from model.simulation import NEVER, STATUSES, Approvers, Trace

Numbers = NDArray[np.float64]
_Rows = NDArray[np.int64]

REQUESTS, ASKED, TICKETS, GRANTED = "requests", "tickets with a request", "tickets", "tickets with access"
CASES: Mapping[str, str] = {
    "median hours to a decision": REQUESTS,
    "90th percentile of hours to a decision": REQUESTS,
    "restricted mean hours to a decision": REQUESTS,
    "share decided within a day": REQUESTS,
    "share that nobody could decide": REQUESTS,
    "share canceled undecided": REQUESTS,
    "share expired undecided": REQUESTS,
    "share of tickets decided within a day": ASKED,
    "share of tickets that nobody could decide": ASKED,
    "share of tickets canceled undecided": ASKED,
    "share of tickets expired undecided": ASKED,
    "median hours to resolution": TICKETS,
    "90th percentile of hours to resolution": TICKETS,
    "restricted mean hours to resolution": TICKETS,
    "hours of access per ticket": TICKETS,
    "hours of access in total": TICKETS,
    "live grants on average": TICKETS,
    "share solved without access": ASKED,
    "how well a removal can be guessed": GRANTED,
}
"""What each figure is taken over."""
DAY = 86_400
MONTH = 30 * DAY
"""Where the restricted means end, in seconds."""
_GIVEN = [STATUSES.index(status) for status in (Status.APPROVED, Status.REVOKED, Status.COMPLETED)]
_CANCELED, _EXPIRED, _REVOKED = (STATUSES.index(status) for status in (Status.CANCELED, Status.EXPIRED, Status.REVOKED))


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands behind the figures of one arm; counts of blocks of tickets add up.

    `more`, `fewer`: for each figure of UNITS, in their order, in how many cases it is more, or less, than under the
    first arm.
    """

    cases: Mapping[str, int]  # by what CASES names
    more: Numbers
    fewer: Numbers
    otherwise: Numbers  # cases with the same number of events, of more or of fewer requests
    removed: int  # tickets with access of which it was removed
    longest: int  # seconds of access, of the ticket that had the most

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both."""
        return Counts(
            {name: many + other.cases[name] for name, many in self.cases.items()},
            self.more + other.more,
            self.fewer + other.fewer,
            self.otherwise + other.otherwise,
            self.removed + other.removed,
            max(self.longest, other.longest),
        )


@dataclass(frozen=True, slots=True)
class _Tickets:
    """What each ticket of a block adds to each figure under one arm."""

    values: Mapping[str, _Rows]
    requests: _Rows
    granted: NDArray[np.bool_]
    removed: NDArray[np.bool_]


def counts(traces: Sequence[Trace], policies: Sequence[Policy], before: int = 0) -> tuple[Counts, ...]:
    """Return the counts of each arm of some tickets, behind so many others; the traces and policies are the arms'."""
    first, *others = (_tickets(trace, policy, before) for trace, policy in zip(traces, policies, strict=True))
    return tuple(_counted(tickets, first) for tickets in (first, *others))


def _counted(its: _Tickets, first: _Tickets) -> Counts:
    cases = {
        REQUESTS: int(its.requests.sum()),
        ASKED: int(np.count_nonzero(its.requests)),
        TICKETS: len(its.requests),
        GRANTED: int(np.count_nonzero(its.granted)),
    }
    more, fewer, otherwise = (np.zeros(len(UNITS)) for _ in range(3))
    if its is not first:
        other = its.requests != first.requests
        for place, (metric, unit) in enumerate(UNITS.items()):
            apart = its.values[metric] - first.values[metric]
            apart = np.clip(apart, -2, 2) if unit == "share" else np.sign(apart)  # a ticket has at most two requests
            more[place], fewer[place] = apart[apart > 0].sum(), -apart[apart < 0].sum()
            if unit == "share" and CASES[metric] == REQUESTS:
                otherwise[place] = np.count_nonzero(other & (apart == 0))
    longest = int(its.values["hours of access per ticket"].max(initial=0))
    return Counts(cases, more, fewer, otherwise, int(np.count_nonzero(its.removed)), longest)


def _tickets(trace: Trace, policy: Policy, before: int) -> _Tickets:
    tickets, r = trace.tickets, trace.requests
    many = len(tickets.opened)
    place = r.ticket - before

    def by_ticket(of: NDArray[np.generic]) -> _Rows:
        summed: _Rows = np.bincount(place, of.astype(np.float64), many).astype(np.int64)
        return summed

    decided, took = r.decided < NEVER, tickets.closed - tickets.opened
    waited = np.where(decided, r.decided - r.requested, MONTH)
    given = np.isin(r.status, _GIVEN)
    access, requests = by_ticket(np.where(given, r.changed - r.decided, 0)), np.bincount(place, minlength=many)
    granted, removed = by_ticket(given) > 0, by_ticket(r.status == _REVOKED) > 0
    spells = by_ticket(np.minimum(waited, MONTH))
    first, within = r.number == 1, decided & (waited <= DAY)
    nobody = ~Approvers.under(policy).could_decide(r.common)
    values = {
        "median hours to a decision": spells,
        "90th percentile of hours to a decision": spells,
        "restricted mean hours to a decision": spells,
        "share decided within a day": by_ticket(within),
        "share that nobody could decide": by_ticket(nobody),
        "share canceled undecided": by_ticket(r.status == _CANCELED),
        "share expired undecided": by_ticket(r.status == _EXPIRED),
        "share of tickets decided within a day": by_ticket(first & within),
        "share of tickets that nobody could decide": by_ticket(first & nobody),
        "share of tickets canceled undecided": by_ticket(first & (r.status == _CANCELED)),
        "share of tickets expired undecided": by_ticket(first & (r.status == _EXPIRED)),
        "median hours to resolution": took,
        "90th percentile of hours to resolution": took,
        "restricted mean hours to resolution": np.minimum(took, MONTH),
        "hours of access per ticket": access,
        "hours of access in total": access,
        "live grants on average": access,
        "share solved without access": ((requests > 0) & ~granted).astype(np.int64),
        "how well a removal can be guessed": np.where(granted, took + access + (removed.astype(np.int64) << 40), 0),
    }
    return _Tickets(values, requests, granted, removed)
