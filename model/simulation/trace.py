"""The trace of a simulation, as columns: its tickets, its access requests, and its events."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.lifecycle import LIFECYCLE, Action, Status, Whose
from model.simulation.hours import NEVER, Seconds

Codes = NDArray[np.int8]

STATUSES = tuple(Status)
STATUS = {status: np.int8(code) for code, status in enumerate(STATUSES)}
"""The code of a status in a column."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is: an action that takes a request (of a ticket: None) from one status to another."""

    action: Action
    start: Status | None = None
    end: Status | None = None


KINDS = (
    *(Kind(row.action, row.start, row.end) for row in LIFECYCLE if row.whose is Whose.TIME),
    Kind(Action.OPEN),
    Kind(Action.REQUEST, None, Status.PENDING),
    Kind(Action.APPROVE, Status.PENDING, Status.PENDING),  # the first of two approvals
    Kind(Action.APPROVE, Status.PENDING, Status.APPROVED),
    Kind(Action.REJECT, Status.PENDING, Status.REJECTED),
    Kind(Action.REVOKE, Status.APPROVED, Status.REVOKED),
    Kind(Action.CLOSE),
    *(Kind(row.action, row.start, row.end) for row in LIFECYCLE if row.whose is Whose.TICKET_CLOSED),
)
"""By code. Events of the same second come in this order: what falls due first."""
KIND = {kind: np.int8(code) for code, kind in enumerate(KINDS)}
DUE = np.array([kind.action in (Action.EXPIRE, Action.LAPSE) for kind in KINDS])
"""Whether a kind of event falls due, by its code."""


class By(IntEnum):
    """Who acted in an event."""

    NOBODY = 0
    ENGINEER = 1
    SUPPORT = 2  # a member signed in to the support request tenant
    RESOURCE = 3  # a member signed in to the resource tenant


@dataclass(frozen=True, slots=True)
class Tickets:
    """A row for each ticket, in the order of opening; times are seconds since 1970, NEVER if it has not happened."""

    opened: Seconds
    closed: Seconds
    elsewhere: NDArray[np.bool_]  # does the problem lie in another tenant?
    advanced: NDArray[np.bool_]  # were advanced diagnostics allowed?
    common: NDArray[np.bool_]  # elsewhere: does somebody administer both tenants?


@dataclass(frozen=True, slots=True)
class Requests:
    """A row for each access request, in no order."""

    ticket: NDArray[np.int64]  # place among the tickets
    number: Codes  # of the ticket's requests, from 1
    common: NDArray[np.bool_]  # does somebody administer both tenants?
    requested: Seconds
    decided: Seconds
    status: Codes  # of STATUSES
    changed: Seconds


@dataclass(frozen=True, slots=True)
class Events:
    """A row for each event, in no order."""

    at: Seconds
    ticket: NDArray[np.int64]
    request: Codes  # the number of the access request; 0: about the ticket itself
    kind: Codes  # of KINDS
    by: Codes  # of By

    def order(self) -> NDArray[np.intp]:
        """Return the places of the events as they happened: by time; what falls due first; by ticket; by kind."""
        return np.lexsort((self.kind, self.ticket, ~DUE[self.kind], self.at))


NO_EVENTS = Events(np.zeros(0, np.int64), np.zeros(0, np.int64), *(np.zeros(0, np.int8) for _ in range(3)))
"""A placeholder where events are not needed."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What an engine produced: tickets, access requests and events."""

    tickets: Tickets
    requests: Requests
    events: Events

    def until(self, end: int) -> "Trace":
        """Return the trace as of a moment (seconds since 1970).

        It holds what happened before the moment, and what fell due by then.
        """
        r = self.requests
        kept = self.events.at < end
        kept |= (self.events.at == end) & DUE[self.events.kind]
        asked = r.requested < end
        lapsed = (r.status == STATUS[Status.COMPLETED]) & (r.changed < self.tickets.closed[r.ticket])
        due = lapsed | (r.status == STATUS[Status.EXPIRED])
        changed = (r.changed < end) | ((r.changed == end) & due)
        decided = r.decided < end
        stands = np.where(decided, STATUS[Status.APPROVED], STATUS[Status.PENDING])
        opened = self.tickets.opened < end
        tickets = replace(self.tickets, closed=np.where(self.tickets.closed < end, self.tickets.closed, NEVER))
        requests = replace(
            r,
            decided=np.where(decided, r.decided, NEVER),
            status=np.where(changed, r.status, stands).astype(np.int8),
            changed=np.where(changed, r.changed, np.where(decided, r.decided, r.requested)),
        )
        return Trace(_some(tickets, opened), _some(requests, asked), _some(self.events, kept))


T = TypeVar("T", Trace, Tickets, Requests, Events)


def joined(parts: Sequence[T]) -> T:
    """Join traces, or their parts, one after the other."""
    if len(parts) == 1:
        return parts[0]
    kind, names = type(parts[0]), [f.name for f in fields(parts[0])]
    columns = [[getattr(part, name) for part in parts] for name in names]
    return kind(*(joined(each) if isinstance(parts[0], Trace) else np.concatenate(each) for each in columns))


def _some(columns: T, kept: NDArray[np.bool_]) -> T:
    return type(columns)(*(getattr(columns, f.name)[kept] for f in fields(columns)))
