"""Faults in the rules and in the lifecycle."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from model import PRESETS, Action, Case, Code, Event, Member, Policy, Refused, Status, rules
from model.authority import check_decider, check_second_approver
from model.case import Request
from model.checker.promise_names import (
    CONSENT,
    DECIDABLE,
    ENDS_WITH_REMOVAL,
    ENDS_WITH_TICKET,
    FINALITY,
    NO_STRANGERS,
    PRIVACY,
)
from model.directory import Engineer
from model.lifecycle import Transition, Whose, transition, transition_of
from model.visibility import sees
from tests.checker.catchers import the_naive_reading, verifying_the_room
from tests.checker.faults import HOUR, LIMITS, Fault

TWO_KEYS = PRESETS["two-key"]


def _readable(patch: pytest.MonkeyPatch, may: Callable[[Case, str], bool]) -> None:
    patch.setattr(Case, "may_be_read", may)


def _reads(case: Case, tenant: str, *statuses: Status) -> bool:
    return any(r.status in statuses and r.resource_tenant == tenant for r in case.requests)


def a_pending_request_can_be_read(patch: pytest.MonkeyPatch) -> None:
    """Nobody has approved."""
    _readable(patch, lambda case, tenant: _reads(case, tenant, Status.PENDING, Status.APPROVED))


def a_removed_grant_can_be_read(patch: pytest.MonkeyPatch) -> None:
    """Removal is only noted."""
    _readable(patch, lambda case, tenant: _reads(case, tenant, Status.REVOKED, Status.APPROVED))


def a_grant_opens_every_tenant(patch: pytest.MonkeyPatch) -> None:
    """The engineer reads the data of the outsider, too."""
    _readable(patch, lambda case, tenant: any(r.status is Status.APPROVED for r in case.requests))


def diagnostics_at_home_are_always_allowed(patch: pytest.MonkeyPatch) -> None:
    """What was chosen when the ticket was opened counts for nothing."""
    may = Case.may_be_read
    _readable(patch, lambda case, tenant: tenant == case.tenant or may(case, tenant))


def a_closed_ticket_can_be_read(patch: pytest.MonkeyPatch) -> None:
    """Closing the ticket ends nothing for who is quick."""
    read = rules._read

    def reads(case: Case | None, command: Any, actor: Any, *rest: Any) -> tuple[Event, ...]:
        if case and case.closed_at and isinstance(actor, Engineer) and _reads(case, command.tenant, Status.COMPLETED):
            return (Event(rest[-1], Action.READ, case.ticket_id, actor, tenant=command.tenant),)
        return read(case, command, actor, *rest)

    patch.setattr(rules, "_read", reads)


def anybody_with_the_permission_approves(patch: pytest.MonkeyPatch) -> None:
    """An administrator of one tenant decides alone."""
    patch.setattr(rules, "check_decider", lambda *_: None)


def the_support_request_tenant_removes_access(patch: pytest.MonkeyPatch) -> None:
    """Whose grant it is does not matter to who removes it."""
    authority = check_decider

    def checked(case: Case, request: Request, whose: Whose, *rest: Any) -> None:
        if whose is not Whose.RESOURCE_ADMINISTRATOR:
            authority(case, request, whose, *rest)

    patch.setattr(rules, "check_decider", checked)


def _decided(patch: pytest.MonkeyPatch, change: Callable[[Event], Event]) -> None:
    decision = rules._decision
    patch.setattr(rules, "_decision", lambda *given: tuple(map(change, decision(*given))))


def one_key_of_two_opens(patch: pytest.MonkeyPatch) -> None:
    """The first approval is enough."""
    _decided(patch, lambda e: replace(e, to_status=Status.APPROVED) if e.action is Action.APPROVE else e)


def one_tenant_turns_both_keys(patch: pytest.MonkeyPatch) -> None:
    """The second approval may come from the tenant that gave the first."""
    decision = rules._decision

    def decided(case: Case | None, command: Any, actor: Any, *rest: Any) -> tuple[Event, ...]:
        other = Member("", "")
        if case:
            requests = tuple((r.first_approval and replace(r, first_approval=other)) or r for r in case.requests)
            case = replace(case, requests=requests)
        return decision(case, command, actor, *rest)

    patch.setattr(rules, "_decision", decided)


def one_person_turns_both_keys(patch: pytest.MonkeyPatch) -> None:
    """The second approval may come from whoever gave the first, signed in to the other tenant."""
    patch.setattr(rules, "check_second_approver", lambda r, member: check_second_approver(_by_a_stranger(r), member))


def _by_a_stranger(request: Request) -> Request:
    first = request.first_approval
    return replace(request, first_approval=first and replace(first, person=""))


def a_rejection_leaves_the_request_pending(patch: pytest.MonkeyPatch) -> None:
    """One may reject it again, or approve it after all."""
    _decided(patch, lambda e: replace(e, to_status=Status.PENDING) if e.action is Action.REJECT else e)


def _also(patch: pytest.MonkeyPatch, *rows: Transition) -> None:
    more = {(row.start, row.action): row for row in rows}
    patch.setattr(rules, "transition", lambda start, action: more.get((start, action)) or transition(start, action))
    by_whose = {(row.start, row.whose): row for row in rows}
    patch.setattr(
        rules, "transition_of", lambda start, whose: by_whose.get((start, whose)) or transition_of(start, whose)
    )


def a_rejected_request_can_be_approved(patch: pytest.MonkeyPatch) -> None:
    """Somebody thinks again."""
    _also(patch, Transition(Status.REJECTED, Action.APPROVE, Status.APPROVED, Whose.DECIDERS))


def a_removal_can_be_undone(patch: pytest.MonkeyPatch) -> None:
    """Removing is no longer for good."""
    _also(patch, Transition(Status.REVOKED, Action.APPROVE, Status.APPROVED, Whose.DECIDERS))


def closing_completes_what_was_removed(patch: pytest.MonkeyPatch) -> None:
    """A removed grant looks as if it had lasted."""
    _also(patch, Transition(Status.REVOKED, Action.COMPLETE, Status.COMPLETED, Whose.TICKET_CLOSED))


def closing_cancels_what_had_expired(patch: pytest.MonkeyPatch) -> None:
    """An end is written over."""
    _also(patch, Transition(Status.EXPIRED, Action.CANCEL, Status.CANCELED, Whose.TICKET_CLOSED))


def closing_leaves_a_pending_request(patch: pytest.MonkeyPatch) -> None:
    """It stays in the list, and nobody can decide any more."""
    patch.setattr(
        rules,
        "transition_of",
        lambda start, whose: (
            None if whose is Whose.TICKET_CLOSED and start is Status.PENDING else transition_of(start, whose)
        ),
    )


def a_grant_never_lapses(patch: pytest.MonkeyPatch) -> None:
    """The longest grant of the policy is forgotten when it is due."""
    patch.setattr(
        rules,
        "transition_of",
        lambda start, whose: None if whose is Whose.TIME and start is Status.APPROVED else transition_of(start, whose),
    )


def a_grant_lasts_an_hour_longer(patch: pytest.MonkeyPatch) -> None:
    """The engineer reads after the approval has run out."""
    due = rules._due

    def later(request: Request, end: Status, policy: Policy, at: Any) -> Any:
        when = due(request, end, policy, at)
        return when + HOUR if when and end is Status.APPROVED else when

    patch.setattr(rules, "_due", later)


def a_first_approval_stops_the_clock(patch: pytest.MonkeyPatch) -> None:
    """A request that one tenant has approved no longer expires."""
    due = rules._due
    patch.setattr(rules, "_due", lambda r, end, *rest: None if end is Status.PENDING else due(r, end, *rest))


def an_expiry_is_never_set(patch: pytest.MonkeyPatch) -> None:
    """A request waits for ever, whatever the policy says."""
    request = rules._request
    patch.setattr(rules, "_request", lambda *given: tuple(replace(e, due_at=None) for e in request(*given)))


def what_is_due_ends_a_second_later(patch: pytest.MonkeyPatch) -> None:
    """At its limit itself a request still stands."""
    fall_due = rules._fall_due
    second = timedelta(seconds=1)
    patch.setattr(rules, "_fall_due", lambda case, command, actor, at: fall_due(case, command, actor, at - second))


def the_permission_is_not_asked_for(patch: pytest.MonkeyPatch) -> None:
    """Every member of a tenant is told what only administrators may know."""

    def anybody(actor: Any, *_: Any) -> Member:
        if not isinstance(actor, Member):
            raise Refused(Code.NO_PERMISSION, "Only members.")
        return actor

    patch.setattr(rules, "administrator", anybody)


def any_engineer_is_assigned(patch: pytest.MonkeyPatch) -> None:
    """An engineer who has no part in the ticket reads."""

    def assigned(case: Case | None, actor: Any, *_: Any) -> Case:
        if case is None or not isinstance(actor, Engineer):
            raise Refused(Code.NOT_ASSIGNED, "Only engineers.")
        return case

    patch.setattr(rules, "assigned", assigned)


def diagnostic_data_can_be_written(patch: pytest.MonkeyPatch) -> None:
    """Access is not read-only."""
    read = rules._read

    def reads(case: Case | None, command: Any, actor: Any, *rest: Any) -> tuple[Event, ...]:
        try:
            return read(case, command, actor, *rest)
        except Refused as refused:
            if refused.code is not Code.READ_ONLY:
                raise
            return (Event(rest[-1], Action.READ, command.ticket_id, actor, tenant=command.tenant),)

    patch.setattr(rules, "_read", reads)


def one_may_ask_while_a_request_is_pending(patch: pytest.MonkeyPatch) -> None:
    """Two requests wait for the same tenant."""
    ask = rules.may_ask
    patch.setattr(rules, "may_ask", lambda earlier, policy: ask([s for s in earlier if s != "Pending"], policy))


def closing_is_refused_while_access_is_on(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: closing is refused, and after a removal it is not."""
    close = rules._close

    def closes(case: Case | None, *rest: Any) -> tuple[Event, ...]:
        if case and any(r.status is Status.APPROVED for r in case.requests):
            raise Refused(Code.WRONG_STATUS, "Access is to be removed first.")
        return close(case, *rest)

    patch.setattr(rules, "_close", closes)


def who_administers_both_finds_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """Whether access is on: the answer to removing it, in the tenant where the request is hidden."""
    decision = rules._decision

    def decided(case: Case | None, command: Any, actor: Any, directory: Any, *rest: Any) -> tuple[Event, ...]:
        both = isinstance(actor, Member) and directory.administers(actor.person, "fabrikam")
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(rules, "sees", lambda *given: both or sees(*given))
            return decision(case, command, actor, directory, *rest)

    patch.setattr(rules, "_decision", decided)


def what_is_closed_is_told_before_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """That a hidden request exists: it answers as closed, and what never was answers as not found."""
    decision = rules._decision

    def decided(case: Case | None, *rest: Any) -> tuple[Event, ...]:
        if case:
            rules._open_still(case)
        return decision(case, *rest)

    patch.setattr(rules, "_decision", decided)


def after_a_removal_no_other_tenant_is_asked(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: only then is the request for a third tenant refused."""
    request = rules._request

    def asked(case: Case | None, command: Any, *rest: Any) -> tuple[Event, ...]:
        others = [r.status for r in case.requests if r.resource_tenant != command.resource_tenant] if case else []
        if Status.REVOKED in others:
            raise Refused(Code.ALREADY_REQUESTED, "Access was already requested for this support request.")
        return request(case, command, *rest)

    patch.setattr(rules, "_request", asked)


def a_grant_elsewhere_can_be_removed(patch: pytest.MonkeyPatch) -> None:
    """Whoever administers a resource tenant of the ticket finds the requests for the other one."""
    patch.setattr(rules, "sees", lambda case, request, tenant, policy: tenant != case.tenant)


IN_RULES = (
    Fault(a_pending_request_can_be_read, CONSENT),
    Fault(a_removed_grant_can_be_read, ENDS_WITH_REMOVAL),
    Fault(a_grant_opens_every_tenant, CONSENT),
    Fault(diagnostics_at_home_are_always_allowed, CONSENT),
    Fault(a_closed_ticket_can_be_read, ENDS_WITH_TICKET),
    Fault(anybody_with_the_permission_approves, CONSENT),
    Fault(the_support_request_tenant_removes_access, the_naive_reading),
    Fault(one_key_of_two_opens, CONSENT, policy=TWO_KEYS),
    Fault(one_tenant_turns_both_keys, CONSENT, policy=TWO_KEYS),
    Fault(one_person_turns_both_keys, CONSENT, policy=TWO_KEYS),
    Fault(a_rejection_leaves_the_request_pending, CONSENT),
    Fault(a_rejected_request_can_be_approved, FINALITY),
    Fault(a_removal_can_be_undone, FINALITY),
    Fault(closing_completes_what_was_removed, FINALITY),
    Fault(closing_cancels_what_had_expired, FINALITY, policy=LIMITS),
    Fault(closing_leaves_a_pending_request, DECIDABLE, policy=TWO_KEYS),
    Fault(a_grant_never_lapses, CONSENT, policy=LIMITS),
    Fault(a_grant_lasts_an_hour_longer, CONSENT, policy=LIMITS),
    Fault(a_first_approval_stops_the_clock, the_naive_reading),
    Fault(an_expiry_is_never_set, the_naive_reading),
    Fault(what_is_due_ends_a_second_later, verifying_the_room),
    Fault(the_permission_is_not_asked_for, NO_STRANGERS),
    Fault(any_engineer_is_assigned, NO_STRANGERS),
    Fault(diagnostic_data_can_be_written, the_naive_reading),
    Fault(one_may_ask_while_a_request_is_pending, the_naive_reading),
    Fault(after_a_removal_no_other_tenant_is_asked, PRIVACY, "engineer's answers"),
    Fault(a_grant_elsewhere_can_be_removed, NO_STRANGERS),
    Fault(closing_is_refused_while_access_is_on, PRIVACY, "answer to closing"),
    Fault(who_administers_both_finds_what_is_hidden, PRIVACY, "code of a refusal"),
    Fault(what_is_closed_is_told_before_what_is_hidden, the_naive_reading, "code of a refusal"),
)
