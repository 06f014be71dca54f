"""A case and its events.

A case is one ticket with all its access requests, and the unit of change: closing a ticket and approving one of its
requests change the same case, so they cannot race. All values are frozen; times are naive UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from model.directory import Actor, Member
from model.lifecycle import Action, Status, TicketStatus


@dataclass(frozen=True, slots=True)
class Request:
    """The current state of an access request."""

    id: str
    resource_tenant: str
    reason: str
    status: Status
    requested_at: datetime
    changed_at: datetime
    due_at: datetime | None = None  # when it expires (Pending) or lapses (Approved)
    first_approval: Member | None = None  # where two approvals are needed
    decided_by: Member | None = None  # who approved (the last of two) or rejected
    decided_at: datetime | None = None
    changed_by: Actor | None = None  # who made the last change; None: automated
    first_approval_note: str | None = None
    decision_note: str | None = None
    removal_note: str | None = None  # only the resource tenant may read it


@dataclass(frozen=True, slots=True)
class Case:
    """The current state of a ticket and of its access requests, in the order in which they were made."""

    ticket_id: str
    tenant: str  # the support request tenant
    title: str
    severity: str
    advanced_diagnostics: bool
    engineer: str
    opened_at: datetime
    opened_by: Member
    closed_at: datetime | None = None
    closed_by: Actor | None = None
    requests: tuple[Request, ...] = ()

    @property
    def status(self) -> TicketStatus:
        """Return Open or Closed."""
        return TicketStatus.OPEN if self.closed_at is None else TicketStatus.CLOSED

    def request(self, request_id: str) -> Request | None:
        """Return the access request of this id, or None if the case has no such request."""
        for request in self.requests:
            if request.id == request_id:
                return request
        return None

    def may_be_read(self, tenant: str) -> bool:
        """Return whether the assigned engineer may read the tenant's diagnostic data under this ticket now.

        Source: "With approval, the support engineer only has access to the data in the approved resource tenant";
        within the support request tenant, the choice made when the ticket was opened decides.
        """
        if self.closed_at is not None:
            return False
        if tenant == self.tenant:
            return self.advanced_diagnostics
        return any(r.resource_tenant == tenant and r.status is Status.APPROVED for r in self.requests)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. It carries its outcome (`to_status`, `due_at`), so a reader never decides anything."""

    occurred_at: datetime
    action: Action
    ticket_id: str
    actor: Actor | None  # None: automated
    request_id: str | None = None
    from_status: Status | None = None
    to_status: Status | None = None
    due_at: datetime | None = None
    tenant: str | None = None  # open: the ticket's; request: the resource tenant; read: the one that is read
    title: str | None = None
    severity: str | None = None
    advanced_diagnostics: bool | None = None
    engineer: str | None = None
    reason: str | None = None
    category: str | None = None
    note: str | None = None  # why a member decided or removed access; None: no note is recorded


def evolve(case: Case | None, event: Event) -> Case:
    """Return the case after the event, deciding nothing. `case` is None if the ticket is not open yet."""
    if event.action is Action.OPEN:
        assert isinstance(event.actor, Member)
        assert event.tenant and event.title and event.severity and event.engineer
        return Case(
            event.ticket_id,
            event.tenant,
            event.title,
            event.severity,
            bool(event.advanced_diagnostics),
            event.engineer,
            opened_at=event.occurred_at,
            opened_by=event.actor,
        )
    assert case is not None, f"{event.action} before the ticket was opened"
    if event.action is Action.CLOSE:
        return _with(case, event.occurred_at, event.actor, case.requests)
    if event.action is Action.READ:
        return case
    assert event.request_id and event.to_status
    if event.action is Action.REQUEST:
        assert event.tenant and event.reason
        made = Request(
            id=event.request_id,
            resource_tenant=event.tenant,
            reason=event.reason,
            status=event.to_status,
            requested_at=event.occurred_at,
            changed_at=event.occurred_at,
            due_at=event.due_at,
            changed_by=event.actor,
        )
        return _with(case, case.closed_at, case.closed_by, (*case.requests, made))
    requests = [_changed(r, event) if r.id == event.request_id else r for r in case.requests]
    return _with(case, case.closed_at, case.closed_by, tuple(requests))


def _with(case: Case, closed_at: datetime | None, closed_by: Actor | None, requests: tuple[Request, ...]) -> Case:
    """Return a copy of the case with these fields changed; `dataclasses.replace` takes twice as long."""
    return Case(
        case.ticket_id,
        case.tenant,
        case.title,
        case.severity,
        case.advanced_diagnostics,
        case.engineer,
        case.opened_at,
        case.opened_by,
        closed_at,
        closed_by,
        requests,
    )


def _changed(request: Request, event: Event) -> Request:
    assert event.to_status
    decides = event.action in (Action.APPROVE, Action.REJECT)
    decider = event.actor if decides and isinstance(event.actor, Member) else None
    assert decider or not decides
    final = event.to_status is not Status.PENDING  # Pending: the first of two approvals
    return Request(
        request.id,
        request.resource_tenant,
        request.reason,
        event.to_status,
        requested_at=request.requested_at,
        changed_at=event.occurred_at,
        due_at=event.due_at,
        first_approval=request.first_approval if final else decider,
        decided_by=decider if decider and final else request.decided_by,
        decided_at=event.occurred_at if decider and final else request.decided_at,
        changed_by=event.actor,
        first_approval_note=request.first_approval_note if final else event.note,
        decision_note=event.note if decider and final else request.decision_note,
        removal_note=event.note if event.action is Action.REVOKE else request.removal_note,
    )
