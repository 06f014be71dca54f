"""The counts behind each figure of a run: the number of cases, and in how many of them an arm differs.

All arms of a replication meet the same tickets, so a ticket under one arm is compared with itself under another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from data.lens.figures import UNITS
from model import Policy, Status
from model.simulation import NEVER, STATUSES, Approvers, Trace

Numbers = NDArray[np.float64]
_Rows = NDArray[np.int64]
_Flags = NDArray[np.bool_]

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
"""The cases over which each figure is computed."""
_ADDS: Mapping[str, str] = {
    "median hours to a decision": "waits",
    "90th percentile of hours to a decision": "waits",
    "restricted mean hours to a decision": "waits",
    "share decided within a day": "within",
    "share that nobody could decide": "nobody",
    "share canceled undecided": "canceled",
    "share expired undecided": "expired",
    "share of tickets decided within a day": "first_within",
    "share of tickets that nobody could decide": "first_nobody",
    "share of tickets canceled undecided": "first_canceled",
    "share of tickets expired undecided": "first_expired",
    "median hours to resolution": "took",
    "90th percentile of hours to resolution": "took",
    "restricted mean hours to resolution": "took_of_month",
    "hours of access per ticket": "access",
    "hours of access in total": "access",
    "live grants on average": "access",
    "share solved without access": "solved",
    "how well a removal can be guessed": "guess",
}
"""The attribute of `_Tickets` from which each figure is computed."""
DAY = 86_400
MONTH = 30 * DAY
"""The horizon of the restricted means, in seconds."""
MANY = 500
"""The most differing cases that are counted: beyond that, the spread of the replications suffices."""
_GIVEN = np.isin(STATUSES, [Status.APPROVED, Status.REVOKED, Status.COMPLETED])  # by the code of a status
_CANCELED, _EXPIRED, _REVOKED = (STATUSES.index(status) for status in (Status.CANCELED, Status.EXPIRED, Status.REVOKED))


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts behind the figures of one arm; counts of blocks of tickets add up.

    `more`, `fewer`: a row for each base, and for each figure of UNITS, in their order, in how many cases it is more, or
    less, than under the base. The bases are the first arms; an arm that is one itself is compared with those before it.
    """

    cases: Mapping[str, int]  # by what CASES names
    more: Numbers
    fewer: Numbers
    otherwise: Numbers  # cases with the same number of events, of more or of fewer requests
    removed: int  # tickets whose access was removed
    longest: int  # seconds of access that no ticket exceeded

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


def counts(
    traces: Sequence[Trace],
    policies: Sequence[Policy],
    before: int = 0,
    so_far: Sequence[Counts] = (),
    *,
    bases: int = 1,
    figures: Collection[str] = tuple(UNITS),
) -> tuple[Counts, ...]:
    """Return the counts of each arm of some tickets, behind `before` others, with those of the others, `so_far`.

    The traces and the policies are the arms'; so many of them are bases. Cases that differ are counted of these figures
    only, up to MANY and a few more.
    """
    arms = [_Tickets(trace, policy, before) for trace, policy in zip(traces, policies, strict=True)]
    known: Sequence[Counts | None] = so_far or [None] * len(arms)
    return tuple(_counted(its, arms[:bases], its_known, figures) for its, its_known in zip(arms, known, strict=True))


def _counted(its: "_Tickets", bases: Sequence["_Tickets"], so_far: Counts | None, figures: Collection[str]) -> Counts:
    more, fewer, otherwise = np.zeros((3, len(bases), len(UNITS)))
    met = so_far.more + so_far.fewer + so_far.otherwise if so_far else more
    for row, base in enumerate(takewhile(lambda base: base is not its, bases)):
        signs: dict[str, _Rows | None] = {}
        for place, metric in enumerate(UNITS):
            if metric not in figures or met[row, place] >= MANY:
                continue
            its_name = _ADDS[metric]
            if its_name not in signs:
                signs[its_name] = _apart(getattr(its, its_name), getattr(base, its_name), UNITS[metric] == "share")
            apart = signs[its_name]
            if apart is not None:
                more[row, place], fewer[row, place] = apart[apart > 0].sum(), -apart[apart < 0].sum()
            if UNITS[metric] == "share" and CASES[metric] == REQUESTS:
                other = its.requests != base.requests
                otherwise[row, place] = np.count_nonzero(other if apart is None else other & (apart == 0))
    here = Counts(its.cases, more, fewer, otherwise, its.many_removed, its.longest)
    return so_far + here if so_far else here


def _apart(its: _Rows, base: _Rows, of_events: bool) -> _Rows | None:
    """Return by ticket how many events more or fewer there are, or 1 and -1 for longer and shorter; None: nowhere."""
    if its is base or np.array_equal(its, base):
        return None
    apart = its - base
    return apart if of_events else np.sign(apart)


class _Tickets:
    """What each ticket of a block adds to the figures of one arm, computed on demand."""

    def __init__(self, trace: Trace, policy: Policy, before: int) -> None:
        self.tickets, self.r, self.policy = trace.tickets, trace.requests, policy
        self.place = self.r.ticket - before

    def by_ticket(self, of: NDArray[np.generic]) -> _Rows:
        """Return the sums of the requests' values by ticket."""
        many = len(self.tickets.opened)
        summed: _Rows = np.bincount(self.place, of.astype(np.float64), many).astype(np.int64)
        return summed

    @cached_property
    def cases(self) -> Mapping[str, int]:
        """The number of each kind of case in CASES."""
        return {
            REQUESTS: len(self.place),
            ASKED: int(np.count_nonzero(self.first)),
            TICKETS: len(self.tickets.opened),
            GRANTED: self._many_tickets(self.given),
        }

    def _many_tickets(self, requests: _Flags) -> int:
        """Return of how many tickets these requests are; no ticket has two grants unless the policy asks again."""
        again = self.policy.ask_again_after_grant
        return int(np.count_nonzero(self.by_ticket(requests) if again else requests))

    @cached_property
    def many_removed(self) -> int:
        """From how many tickets access was removed."""
        return self._many_tickets(self.r.status == _REVOKED)

    @cached_property
    def longest(self) -> int:
        """Return the most seconds of access that a ticket had, or more."""
        lengths = (self.r.changed - self.r.decided)[self.given]
        return int(lengths.max(initial=0)) * (2 if self.policy.ask_again_after_grant else 1)

    @cached_property
    def first(self) -> _Flags:
        first: _Flags = self.r.number == 1
        return first

    @cached_property
    def given(self) -> _Flags:
        given: _Flags = _GIVEN[self.r.status]
        return given

    @cached_property
    def requests(self) -> _Rows:
        return np.bincount(self.place, minlength=len(self.tickets.opened))

    @cached_property
    def _waited(self) -> _Rows:
        return np.where(self.r.decided < NEVER, self.r.decided - self.r.requested, MONTH)

    @cached_property
    def _within(self) -> _Flags:
        within: _Flags = (self.r.decided < NEVER) & (self._waited <= DAY)
        return within

    @cached_property
    def _nobody(self) -> _Flags:
        nobody: _Flags = ~Approvers.under(self.policy).could_decide(self.r.common)
        return nobody

    @cached_property
    def waits(self) -> _Rows:
        return self.by_ticket(np.minimum(self._waited, MONTH))

    @cached_property
    def within(self) -> _Rows:
        return self.by_ticket(self._within)

    @cached_property
    def nobody(self) -> _Rows:
        return self.by_ticket(self._nobody)

    @cached_property
    def canceled(self) -> _Rows:
        return self.by_ticket(self.r.status == _CANCELED)

    @cached_property
    def expired(self) -> _Rows:
        return self.by_ticket(self.r.status == _EXPIRED)

    @cached_property
    def first_within(self) -> _Rows:
        return self.by_ticket(self.first & self._within)

    @cached_property
    def first_nobody(self) -> _Rows:
        return self.by_ticket(self.first & self._nobody)

    @cached_property
    def first_canceled(self) -> _Rows:
        return self.by_ticket(self.first & (self.r.status == _CANCELED))

    @cached_property
    def first_expired(self) -> _Rows:
        return self.by_ticket(self.first & (self.r.status == _EXPIRED))

    @cached_property
    def took(self) -> _Rows:
        took: _Rows = self.tickets.closed - self.tickets.opened
        return took

    @cached_property
    def took_of_month(self) -> _Rows:
        return np.minimum(self.took, MONTH)

    @cached_property
    def access(self) -> _Rows:
        return self.by_ticket(np.where(self.given, self.r.changed - self.r.decided, 0))

    @cached_property
    def solved(self) -> _Rows:
        solved: _Rows = ((self.requests > 0) & (self.by_ticket(self.given) == 0)).astype(np.int64)
        return solved

    @cached_property
    def guess(self) -> _Rows:
        removed = (self.by_ticket(self.r.status == _REVOKED) > 0).astype(np.int64) << 40
        return np.where(self.by_ticket(self.given) > 0, self.took + self.access + removed, 0)
