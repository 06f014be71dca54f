"""The lifecycle of a support access request, as one table.

Read it beside the source document: each row is a sentence of it. What is not in the table is refused.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The status of an access request."""

    PENDING = "Pending"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    REVOKED = "Revoked"
    COMPLETED = "Completed"
    CANCELED = "Canceled"
    EXPIRED = "Expired"


class TicketStatus(StrEnum):
    """The status of a ticket (in the source: support request)."""

    OPEN = "Open"
    CLOSED = "Closed"


class Action(StrEnum):
    """What can happen to a case: to its ticket (open, close), to an access request, or to diagnostic data (read)."""

    OPEN = "open"
    CLOSE = "close"
    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REVOKE = "revoke"
    COMPLETE = "complete"
    LAPSE = "lapse"
    READ = "read"


class Side(StrEnum):
    """A tenant's part in an access request."""

    SUPPORT = "support request tenant"
    RESOURCE = "resource tenant"


class Whose(StrEnum):
    """Who makes a transition."""

    ENGINEER = "the engineer who is assigned to the open ticket"
    DECIDERS = "an administrator of both tenants"  # another approval policy names others
    RESOURCE_ADMINISTRATOR = "an administrator of the resource tenant"
    TICKET_CLOSED = "nobody: the ticket closed"
    TIME = "nobody: a limit of the policy passed"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the lifecycle: from a status (None: it did not exist) by an action to a status."""

    start: Status | None
    action: Action
    end: Status
    whose: Whose


LIFECYCLE: tuple[Transition, ...] = (
    Transition(None, Action.REQUEST, Status.PENDING, Whose.ENGINEER),
    Transition(Status.PENDING, Action.APPROVE, Status.APPROVED, Whose.DECIDERS),
    Transition(Status.PENDING, Action.REJECT, Status.REJECTED, Whose.DECIDERS),
    Transition(Status.PENDING, Action.CANCEL, Status.CANCELED, Whose.TICKET_CLOSED),
    Transition(Status.PENDING, Action.EXPIRE, Status.EXPIRED, Whose.TIME),
    Transition(Status.APPROVED, Action.REVOKE, Status.REVOKED, Whose.RESOURCE_ADMINISTRATOR),
    Transition(Status.APPROVED, Action.COMPLETE, Status.COMPLETED, Whose.TICKET_CLOSED),
    Transition(Status.APPROVED, Action.LAPSE, Status.COMPLETED, Whose.TIME),
)

_ROWS = {(row.start, row.action): row for row in LIFECYCLE}
_BY_WHOSE = {(row.start, row.whose): row for row in reversed(LIFECYCLE)}

FINAL: frozenset[Status] = frozenset(Status) - {row.start for row in LIFECYCLE if row.start is not None}
"""The statuses that never change again: Rejected, Revoked, Completed, Canceled and Expired."""

GRANTED: frozenset[Status] = frozenset({Status.APPROVED, Status.REVOKED, Status.COMPLETED})
"""The statuses of a request that was approved once."""


def transition(start: Status | None, action: Action) -> Transition | None:
    """Return the row for an action on a request with this status; None if the table has none, so it is refused."""
    return _ROWS.get((start, action))


def transition_of(start: Status, whose: Whose) -> Transition | None:
    """Return the row by which a ticket's closing, or the passing of a limit, leaves `start`; None if there is none."""
    return _BY_WHOSE.get((start, whose))
