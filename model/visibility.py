"""What a member may see: requests by the policy's visibility table, the audit log by the table below.

This is the reference implementation over Python values. A room computes the same in SQL (`data/lens/lens.sql`), which
joins the same tables; a test compares the two over generated worlds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from model.case import Case, Event, Request
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import Action, Side, Status, TicketStatus
from model.policy import HistoryFrom, Policy

AUTOMATED = "automated"
SOMEBODY_ELSE = "an administrator of the other tenant"
"""The name of a person in a tenant that does not know them."""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """An access request as a member sees it; the columns of `lens.pending()` and `lens.approved_access()`."""

    request_id: str
    ticket_id: str
    title: str
    severity: str
    ticket_status: TicketStatus
    support_request_tenant: str
    resource_tenant: str
    reason: str
    status: Status
    requested_by: str
    requested_at: datetime
    first_approval: str | None
    decided_by: str | None
    decided_at: datetime | None
    changed_by: str
    changed_at: datetime
    due_at: datetime | None
    leaves_at: datetime | None  # when it leaves Approved access; None while it is pending or live
    first_approval_note: str | None
    decision_note: str | None
    removal_note: str | None  # None in the support request tenant, whatever the visibility table says


@dataclass(frozen=True, slots=True)
class SeenTicket:
    """A ticket as an administrator of its tenant sees it; the columns of `lens.tickets()`."""

    ticket_id: str
    title: str
    severity: str
    status: TicketStatus
    advanced_diagnostics: bool
    engineer: str
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit table: an action, the status it led to, and what the tenant on one side logs."""

    action: Action
    to_status: Status
    side: Side
    activity: str
    automated: bool


AUDIT: tuple[AuditRow, ...] = (
    AuditRow(Action.REQUEST, Status.PENDING, Side.SUPPORT, "Request created", True),
    AuditRow(Action.APPROVE, Status.PENDING, Side.SUPPORT, "Request approved", False),  # the first of two approvals
    AuditRow(Action.APPROVE, Status.APPROVED, Side.SUPPORT, "Request approved", False),
    AuditRow(Action.APPROVE, Status.APPROVED, Side.RESOURCE, "Approval approved", True),
    AuditRow(Action.REJECT, Status.REJECTED, Side.SUPPORT, "Request rejected", False),
    AuditRow(Action.CANCEL, Status.CANCELED, Side.SUPPORT, "Request canceled", True),
    AuditRow(Action.EXPIRE, Status.EXPIRED, Side.SUPPORT, "Request expired", True),
    AuditRow(Action.REVOKE, Status.REVOKED, Side.RESOURCE, "Approval removed", False),
    AuditRow(Action.COMPLETE, Status.COMPLETED, Side.RESOURCE, "Approval removed", True),
    AuditRow(Action.LAPSE, Status.COMPLETED, Side.RESOURCE, "Approval removed", True),
)
"""Activities of the audit log's category MicrosoftSupportAccessManagement, service Core Directory."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of a tenant's audit log; the columns of `lens.audit_log()`."""

    occurred_at: datetime
    activity: str
    actor: str
    ticket_id: str
    request_id: str
    support_request_tenant: str
    resource_tenant: str
    details: str | None  # the note of a decision or a removal, in the tenant whose log names the person


def side_of(case: Case, request: Request, tenant: str) -> Side | None:
    """Return the tenant's part in the request; None if it has none."""
    if tenant == case.tenant:
        return Side.SUPPORT
    return Side.RESOURCE if tenant == request.resource_tenant else None


def sees(case: Case, request: Request, tenant: str, policy: Policy) -> bool:
    """Return whether an administrator of the tenant sees the request."""
    side = side_of(case, request, tenant)
    return side is not None and policy.sees(request.status, side)


def in_history(request: Request, policy: Policy, now: datetime) -> bool:
    """Return whether the request is listed in Approved access: live, or decided or ended less than 30 days ago.

    Source: "all Support Access Requests for your tenant that are no longer pending and less than 30 days old".
    """
    if request.status is Status.PENDING:
        return False
    return request.status is Status.APPROVED or now - _counted_from(request, policy) < policy.history


def request_as_seen(
    case: Case, request: Request, member: Member, directory: Directory, policy: Policy
) -> SeenRequest | None:
    """Return the request as the member sees it; None if it is hidden, as if it did not exist."""
    if not (directory.administers(member.person, member.tenant) and sees(case, request, member.tenant, policy)):
        return None
    live = request.status in (Status.PENDING, Status.APPROVED)
    return SeenRequest(
        request_id=request.id,
        ticket_id=case.ticket_id,
        title=case.title,
        severity=case.severity,
        ticket_status=case.status,
        support_request_tenant=case.tenant,
        resource_tenant=request.resource_tenant,
        reason=request.reason,
        status=request.status,
        requested_by=directory.engineers[case.engineer],
        requested_at=request.requested_at,
        first_approval=_named(request.first_approval, member.tenant, directory) if request.first_approval else None,
        decided_by=_named(request.decided_by, member.tenant, directory) if request.decided_by else None,
        decided_at=request.decided_at,
        changed_by=_named(request.changed_by, member.tenant, directory),
        changed_at=request.changed_at,
        due_at=request.due_at,
        leaves_at=None if live else _counted_from(request, policy) + policy.history,
        first_approval_note=request.first_approval_note,
        decision_note=request.decision_note,
        removal_note=request.removal_note if member.tenant == request.resource_tenant else None,
    )


def pending(cases: Iterable[Case], member: Member, directory: Directory, policy: Policy) -> list[SeenRequest]:
    """Return the member's Pending requests, oldest first."""
    found = [seen for _, seen in _requests(cases, member, directory, policy) if seen.status is Status.PENDING]
    return sorted(found, key=lambda seen: (seen.requested_at, seen.request_id))


def approved_access(
    cases: Iterable[Case], member: Member, directory: Directory, policy: Policy, now: datetime
) -> list[SeenRequest]:
    """Return the member's Approved access at `now`, latest change first."""
    found = [seen for request, seen in _requests(cases, member, directory, policy) if in_history(request, policy, now)]
    return sorted(sorted(found, key=lambda seen: seen.request_id), key=lambda seen: seen.changed_at, reverse=True)


def statuses_found(
    case: Case, tenant: str, directory: Directory, policy: Policy, now: datetime
) -> dict[str, Status | None]:
    """Return the status that an administrator of the tenant finds for each access request of a case, by its id.

    None stands for a request that is neither in Pending requests nor in Approved access. All are None if the tenant
    has no administrator. `now` is naive UTC.
    """
    administered = bool(directory.administrators(tenant))
    return {
        request.id: request.status if administered and _is_listed(case, request, tenant, policy, now) else None
        for request in case.requests
    }


def tickets(cases: Iterable[Case], member: Member, directory: Directory) -> list[SeenTicket]:
    """Return the tickets of the member's tenant, newest first; none without the permission."""
    if not directory.administers(member.person, member.tenant):
        return []
    found = [
        SeenTicket(
            ticket_id=case.ticket_id,
            title=case.title,
            severity=case.severity,
            status=case.status,
            advanced_diagnostics=case.advanced_diagnostics,
            engineer=directory.engineers[case.engineer],
            opened_by=_named(case.opened_by, member.tenant, directory),
            opened_at=case.opened_at,
            closed_by=_named(case.closed_by, member.tenant, directory) if case.closed_at else None,
            closed_at=case.closed_at,
        )
        for case in cases
        if case.tenant == member.tenant
    ]
    return sorted(sorted(found, key=lambda seen: seen.ticket_id), key=lambda seen: seen.opened_at, reverse=True)


def audit_log(
    events: Iterable[Event], cases: Mapping[str, Case], member: Member, directory: Directory
) -> list[AuditEntry]:
    """Return the audit log of the member's tenant, latest entry first; empty if the member may not read it."""
    if not directory.reads_audit_log(member.person, member.tenant):
        return []
    table = {(row.action, row.to_status, row.side): row for row in AUDIT}
    found = []
    for event in events:
        if event.request_id is None or event.to_status is None:
            continue
        case = cases[event.ticket_id]
        request = case.request(event.request_id)
        side = side_of(case, request, member.tenant) if request else None
        row = table.get((event.action, event.to_status, side)) if side else None
        if row and request:
            found.append(
                AuditEntry(
                    occurred_at=event.occurred_at,
                    activity=row.activity,
                    actor=AUTOMATED if row.automated else _named(event.actor, member.tenant, directory),
                    ticket_id=event.ticket_id,
                    request_id=request.id,
                    support_request_tenant=case.tenant,
                    resource_tenant=request.resource_tenant,
                    details=None if row.automated else event.note,
                )
            )
    return found[::-1]


def _is_listed(case: Case, request: Request, tenant: str, policy: Policy, now: datetime) -> bool:
    listed = request.status is Status.PENDING or in_history(request, policy, now)
    return listed and sees(case, request, tenant, policy)


def _requests(
    cases: Iterable[Case], member: Member, directory: Directory, policy: Policy
) -> Iterable[tuple[Request, SeenRequest]]:
    for case in cases:
        for request in case.requests:
            seen = request_as_seen(case, request, member, directory, policy)
            if seen:
                yield request, seen


def _counted_from(request: Request, policy: Policy) -> datetime:
    return request.changed_at if policy.history_from is HistoryFrom.LAST_CHANGE else request.requested_at


def _named(actor: Actor | None, tenant: str, directory: Directory) -> str:
    if actor is None:
        return AUTOMATED
    if isinstance(actor, Engineer):
        return directory.engineers[actor.id]
    return directory.people[actor.person] if directory.knows(actor.person, tenant) else SOMEBODY_ELSE
