"""The rules: whether a command may be carried out, and what happens if it is.

`decide` reads the lifecycle table, the policy and the directory, and answers with events or a refusal. It is a pure
function that pages, steps of scenarios, simulations and tests all call. If several refusals apply, the first in this
order is given: no permission or not assigned, not found, ticket closed, wrong status, then the rest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from model.authority import administrator, assigned, check_decider, check_nobody_acts, check_second_approver
from model.case import Case, Event, Request, evolve
from model.commands import (
    Approve,
    CloseTicket,
    Command,
    Decision,
    FallDue,
    OpenTicket,
    ReadDiagnostics,
    Reading,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import GRANTED, Action, Status, Whose, transition, transition_of
from model.policy import Approval, Justification, Policy
from model.refusal import Code, Refused, not_found
from model.visibility import sees

__all__ = ["carry_out", "decide", "evolve"]


def decide(
    case: Case | None,
    command: Command,
    *,
    actor: Actor | None,
    directory: Directory,
    policy: Policy,
    at: datetime,
    new_id: str = "",
) -> tuple[Event, ...]:
    """Return the events of a command that `actor` gives at the time `at` (naive UTC).

    `case` is the case that the command is about, or None if there is none; `actor` is None if a limit passes (FallDue).
    `new_id` is the id of the ticket or access request that the command creates. Raises Refused.
    """
    match command:
        case OpenTicket():
            return _open(command, actor, directory, at, new_id)
        case CloseTicket():
            return _close(case, command, actor, directory, at)
        case RequestAccess():
            return _request(case, command, actor, directory, policy, at, new_id)
        case Approve() | Reject() | Revoke():
            return _decision(case, command, actor, directory, policy, at)
        case ReadDiagnostics() | WriteDiagnostics():
            return _read(case, command, actor, directory, at)
        case FallDue():
            return _fall_due(case, command, actor, at)


def carry_out(
    case: Case | None,
    command: Command,
    *,
    actor: Actor | None,
    directory: Directory,
    policy: Policy,
    at: datetime,
    new_id: str = "",
) -> tuple[tuple[Event, ...], Case | None]:
    """Decide on a command, and return its events and the case after them. The arguments are those of `decide`.

    Raises Refused.
    """
    events = decide(case, command, actor=actor, directory=directory, policy=policy, at=at, new_id=new_id)
    for event in events:
        case = evolve(case, event)
    return events, case


def _open_still(case: Case) -> None:
    if case.closed_at is not None:
        raise Refused(Code.TICKET_CLOSED, "The support request is closed.")


def _open(
    command: OpenTicket, actor: Actor | None, directory: Directory, at: datetime, new_id: str
) -> tuple[Event, ...]:
    member = administrator(actor, directory, command)
    if command.engineer not in directory.engineers:
        raise not_found("support engineer")
    opened = Event(
        at,
        Action.OPEN,
        new_id,
        member,
        tenant=member.tenant,
        title=command.title,
        severity=command.severity,
        advanced_diagnostics=command.advanced_diagnostics,
        engineer=command.engineer,
    )
    return (opened,)


def _request(
    case: Case | None,
    command: RequestAccess,
    actor: Actor | None,
    directory: Directory,
    policy: Policy,
    at: datetime,
    new_id: str,
) -> tuple[Event, ...]:
    """Decide on a request for access.

    Source: "The support engineer creates a support access request for the resource tenant", one that "is different
    from the tenant in which the support request was created".
    """
    case = assigned(case, actor, command)
    if command.resource_tenant not in directory.tenants:
        raise not_found("tenant")
    _open_still(case)
    if command.resource_tenant == case.tenant:
        raise Refused(
            Code.SAME_TENANT,
            "This is the tenant that opened the support request: its choice about advanced diagnostic information "
            "decides, and no access request is needed.",
        )
    earlier = [r.status for r in case.requests if r.resource_tenant == command.resource_tenant]
    if not may_ask(earlier, policy):
        # One sentence for a pending, a live and an ended grant: the refusal must not tell them apart.
        raise Refused(Code.ALREADY_REQUESTED, "Access to this tenant was already requested for this support request.")
    row = transition(None, Action.REQUEST)
    assert row
    asked = Event(
        at,
        row.action,
        case.ticket_id,
        actor,
        request_id=new_id,
        to_status=row.end,
        due_at=_limit(at, policy.pending_expires_after),
        tenant=command.resource_tenant,
        reason=command.reason,
    )
    return (asked,)


def may_ask(earlier: list[Status], policy: Policy) -> bool:
    """Return whether access may be requested after earlier requests with these statuses.

    Not while one is pending or live, and by default not once access was granted: asking again after a removal,
    and only then, would betray the removal to the support request tenant.
    """
    if policy.ask_again_after_grant:
        return not {Status.PENDING, Status.APPROVED}.intersection(earlier)
    return Status.PENDING not in earlier and not GRANTED.intersection(earlier)


_ACTIONS: Mapping[type[Decision], Action] = {Approve: Action.APPROVE, Reject: Action.REJECT, Revoke: Action.REVOKE}


def _decision(
    case: Case | None, command: Decision, actor: Actor | None, directory: Directory, policy: Policy, at: datetime
) -> tuple[Event, ...]:
    """Decide on an approval, a rejection or a removal.

    Source: "An administrator of both tenants approves"; "an administrator of the resource tenant has manually
    removed this approval".
    """
    member = administrator(actor, directory, command)
    request = case.request(command.request_id) if case else None
    if case is None or request is None or not sees(case, request, member.tenant, policy):
        raise not_found("access request")
    _open_still(case)
    action = _ACTIONS[type(command)]
    row = transition(request.status, action)
    if row is None:
        raise Refused(Code.WRONG_STATUS, f"The access request is {request.status}: {_cannot(action)}")
    check_decider(case, request, row.whose, member, directory, policy)
    end = row.end
    if action is Action.APPROVE and policy.approval is Approval.EACH:
        check_second_approver(request, member)
        if request.first_approval is None:
            end = Status.PENDING
    note = _justification(command, policy)
    return (_moved(case, request, action, end, member, at, _due(request, end, policy, at), note),)


def _justification(command: Decision, policy: Policy) -> str | None:
    """Return the note to record with a decision, or None.

    A policy that does not ask records none, even if one is given, so that one story runs under every policy. Raises
    Refused if one is required and missing. The source names no justification.
    """
    note = command.note.strip()
    if policy.justification is Justification.REQUIRED and not note:
        raise Refused(Code.JUSTIFICATION_MISSING, "A justification is required: say why.")
    return note or None if policy.asks_for_note else None


def _cannot(action: Action) -> str:
    if action is Action.REVOKE:
        return "only an approved one has access to remove."
    return "only a pending one can be decided."


def _close(
    case: Case | None, command: CloseTicket, actor: Actor | None, directory: Directory, at: datetime
) -> tuple[Event, ...]:
    """Decide on the closing of a ticket.

    Source: "Closing the support request automatically revokes the support engineer's access"; the status of an
    approved request "is automatically set to Completed".
    """
    if isinstance(actor, Engineer):
        case = assigned(case, actor, command)
    else:
        member = administrator(actor, directory, command)
        if case is None or case.tenant != member.tenant:
            raise not_found("support request")
    _open_still(case)
    events = [Event(at, Action.CLOSE, case.ticket_id, actor)]
    for request in case.requests:
        row = transition_of(request.status, Whose.TICKET_CLOSED)
        if row:
            events.append(_moved(case, request, row.action, row.end, None, at, None))
    return tuple(events)


def _read(
    case: Case | None, command: Reading, actor: Actor | None, directory: Directory, at: datetime
) -> tuple[Event, ...]:
    """Decide on an attempt to read or change diagnostic data.

    Source: "Microsoft Support now has read-only access to your identity diagnostic data".
    """
    case = assigned(case, actor, command)
    if command.tenant not in directory.tenants:
        raise not_found("tenant")
    _open_still(case)
    if not case.may_be_read(command.tenant):
        raise Refused(Code.NO_ACCESS, "This support request gives no access to this tenant's diagnostic data now.")
    if isinstance(command, WriteDiagnostics):
        raise Refused(Code.READ_ONLY, "Access is read-only: diagnostic data cannot be changed.")
    read = Event(at, Action.READ, case.ticket_id, actor, tenant=command.tenant, category=command.category)
    return (read,)


def _fall_due(case: Case | None, command: FallDue, actor: Actor | None, at: datetime) -> tuple[Event, ...]:
    check_nobody_acts(actor, command)
    request = case.request(command.request_id) if case else None
    if case is None or request is None:
        raise not_found("access request")
    row = transition_of(request.status, Whose.TIME)
    if row is None or request.due_at is None or at < request.due_at:
        raise Refused(Code.WRONG_STATUS, "Nothing is due for this access request.")
    return (_moved(case, request, row.action, row.end, None, at, None),)


def _moved(
    case: Case,
    request: Request,
    action: Action,
    end: Status,
    actor: Member | None,
    at: datetime,
    due_at: datetime | None,
    note: str | None = None,
) -> Event:
    return Event(at, action, case.ticket_id, actor, request.id, request.status, end, due_at, note=note)


def _due(request: Request, end: Status, policy: Policy, at: datetime) -> datetime | None:
    """Return when a request that now gets the status `end` expires or lapses; None if it never does."""
    if end is Status.PENDING:
        return request.due_at
    return _limit(at, policy.grant_lasts) if end is Status.APPROVED else None


def _limit(at: datetime, length: timedelta | None) -> datetime | None:
    return None if length is None else at + length
