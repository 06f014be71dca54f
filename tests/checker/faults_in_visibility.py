"""Faults in what a member may see, as `model.visibility` and `model.policy` say it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from model import AUDIT, Action, AuditRow, Case, Directory, Member, Policy, Request, Side, Status, visibility
from model.checker.promise_names import DECIDABLE, NO_STRANGERS, PRIVACY, REMOVABLE
from tests.checker.catchers import a_lens_beside_the_rules, the_naive_reading
from tests.checker.faults import LIMITS, WITH_AN_HOUR, Fault


def _sees(patch: pytest.MonkeyPatch, also: Any) -> None:
    sees = Policy.sees
    patch.setattr(Policy, "sees", lambda self, status, side: also(sees(self, status, side), status, side))


def a_live_grant_is_hidden_from_its_own_tenant(patch: pytest.MonkeyPatch) -> None:
    """A grant that nobody can see is a grant that nobody can remove."""
    _sees(patch, lambda seen, status, side: seen and status is not Status.APPROVED)


def a_pending_request_is_hidden_from_everybody(patch: pytest.MonkeyPatch) -> None:
    """Nobody can decide on it."""
    _sees(patch, lambda seen, status, side: seen and status is not Status.PENDING)


def a_completed_grant_is_visible(patch: pytest.MonkeyPatch) -> None:
    """That access was not removed: only then is the row there once the ticket is closed."""
    _sees(patch, lambda seen, status, side: seen or status is Status.COMPLETED)


def a_canceled_request_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """It is gone from the lists instead of being in the history."""
    _sees(patch, lambda seen, status, side: seen and status is not Status.CANCELED)


def everybody_has_a_part(patch: pytest.MonkeyPatch) -> None:
    """The outsider sees every request as a resource tenant does."""
    side_of = visibility.side_of
    patch.setattr(visibility, "side_of", lambda *given: side_of(*given) or Side.RESOURCE)


def details_need_no_permission(patch: pytest.MonkeyPatch) -> None:
    """Who has the id of a request sees it."""
    seen = visibility.request_as_seen

    class Everybody:
        def __init__(self, directory: Directory) -> None:
            self._directory = directory

        def administers(self, *_: str) -> bool:
            return True

        def __getattr__(self, name: str) -> Any:
            return getattr(self._directory, name)

    patch.setattr(visibility, "request_as_seen", lambda c, r, m, d, p: seen(c, r, m, Everybody(d), p))


def everybody_reads_the_audit_log(patch: pytest.MonkeyPatch) -> None:
    """Its own role is not asked for."""
    patch.setattr(Directory, "reads_audit_log", lambda *_: True)


def tickets_are_listed_to_every_administrator(patch: pytest.MonkeyPatch) -> None:
    """The administrators of other tenants see them."""
    tickets = visibility.tickets

    def listed(cases: Iterable[Case], member: Member, directory: Directory) -> Any:
        return tickets([replace(case, tenant=member.tenant) for case in cases], member, directory)

    patch.setattr(visibility, "tickets", listed)


def a_live_grant_leaves_the_history(patch: pytest.MonkeyPatch) -> None:
    """After 30 days nobody sees it any more, and it is still live."""
    history = visibility.in_history

    def recent(request: Request, policy: Policy, now: Any) -> bool:
        return history(
            replace(request, status=Status.COMPLETED) if request.status == "Approved" else request, policy, now
        )

    patch.setattr(visibility, "in_history", recent)


def _tickets(patch: pytest.MonkeyPatch, **marks: Any) -> None:
    """Changes fields of a ticket's row where access was removed."""
    tickets = visibility.tickets

    def listed(cases: Iterable[Case], *rest: Any) -> Any:
        removed = {case.ticket_id for case in cases if any(r.status is Status.REVOKED for r in case.requests)}
        return [replace(row, **marks) if row.ticket_id in removed else row for row in tickets(cases, *rest)]

    patch.setattr(visibility, "tickets", listed)


def a_ticket_says_that_access_was_removed(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the ticket has become an urgent one."""
    _tickets(patch, severity="A")


def removing_access_takes_back_advanced_diagnostics(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the ticket's own choice shows as off."""
    _tickets(patch, advanced_diagnostics=False)


def who_removes_access_is_named_as_who_closed(patch: pytest.MonkeyPatch) -> None:
    """Who removed access: the person's name is in a column that was empty."""
    _tickets(patch, closed_by="Felix Okoro")


def what_a_closing_ended_is_logged_on_both_sides(patch: pytest.MonkeyPatch) -> None:
    """That access was still on when the ticket closed: the support request tenant logs its end."""
    row = AuditRow(Action.COMPLETE, Status.COMPLETED, Side.SUPPORT, "Approval removed", True)
    patch.setattr(visibility, "AUDIT", (*AUDIT, row))


def the_audit_log_forgets_what_was_removed(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the line of its approval is gone."""
    log = visibility.audit_log

    def kept(events: Any, cases: Any, *rest: Any) -> Any:
        gone = {r.id for case in cases.values() for r in case.requests if r.status is Status.REVOKED}
        return [line for line in log(events, cases, *rest) if line.request_id not in gone]

    patch.setattr(visibility, "audit_log", kept)


def a_rejected_row_changes_with_its_ticket(patch: pytest.MonkeyPatch) -> None:
    """When access was removed: an earlier, rejected request of the ticket has that as its last change."""
    seen = visibility.request_as_seen

    def as_seen(case: Case, request: Request, *rest: Any) -> Any:
        row = seen(case, request, *rest)
        return row and replace(row, changed_at=max(r.changed_at for r in case.requests))

    patch.setattr(visibility, "request_as_seen", as_seen)


def a_rejected_row_leaves_with_its_ticket(patch: pytest.MonkeyPatch) -> None:
    """When access was removed: an earlier, rejected request of the ticket is to leave the history 30 days later."""
    seen = visibility.request_as_seen

    def as_seen(case: Case, request: Request, member: Any, directory: Any, policy: Policy) -> Any:
        row = seen(case, request, member, directory, policy)
        last = max(r.changed_at for r in case.requests)
        return (row and row.leaves_at and replace(row, leaves_at=last + policy.history)) or row

    patch.setattr(visibility, "request_as_seen", as_seen)


def lists_are_in_the_order_of_the_tickets_last_change(patch: pytest.MonkeyPatch) -> None:
    """That something happened to a ticket: its rejected request moves to the top."""
    approved = visibility.approved_access

    def in_order(cases: Iterable[Case], *rest: Any) -> Any:
        last = {case.ticket_id: max((r.changed_at for r in case.requests), default=case.opened_at) for case in cases}
        return sorted(approved(cases, *rest), key=lambda row: last[row.ticket_id], reverse=True)

    patch.setattr(visibility, "approved_access", in_order)


def a_removed_grant_counts_one_more_rejection(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: a rejected request of the same ticket is listed twice."""
    approved = visibility.approved_access

    def counted(cases: Iterable[Case], *rest: Any) -> Any:
        twice = {case.ticket_id for case in cases if any(r.status is Status.REVOKED for r in case.requests)}
        rows = approved(cases, *rest)
        return [row for row in rows for _ in range(1 + (row.status == "Rejected" and row.ticket_id in twice))]

    patch.setattr(visibility, "approved_access", counted)


def people_are_named_to_strangers(patch: pytest.MonkeyPatch) -> None:
    """Who decided, of the other tenant: a name instead of "an administrator of the other tenant"."""
    patch.setattr(Directory, "knows", lambda *_: True)


IN_VISIBILITY = (
    Fault(a_live_grant_is_hidden_from_its_own_tenant, REMOVABLE),
    Fault(a_pending_request_is_hidden_from_everybody, DECIDABLE),
    Fault(a_completed_grant_is_visible, PRIVACY, "a list's rows"),
    Fault(a_canceled_request_is_hidden, the_naive_reading),
    Fault(everybody_has_a_part, NO_STRANGERS),
    Fault(details_need_no_permission, NO_STRANGERS),
    Fault(everybody_reads_the_audit_log, NO_STRANGERS),
    Fault(tickets_are_listed_to_every_administrator, NO_STRANGERS),
    Fault(a_live_grant_leaves_the_history, REMOVABLE, policy=LIMITS),
    Fault(a_ticket_says_that_access_was_removed, PRIVACY, "ticket's own fields"),
    Fault(removing_access_takes_back_advanced_diagnostics, PRIVACY, "ticket's own fields"),
    Fault(who_removes_access_is_named_as_who_closed, PRIVACY, "names of people"),
    Fault(what_a_closing_ended_is_logged_on_both_sides, PRIVACY, "audit log"),
    Fault(the_audit_log_forgets_what_was_removed, PRIVACY, "audit log"),
    Fault(a_rejected_row_changes_with_its_ticket, PRIVACY, "last-changed stamps", bounds=WITH_AN_HOUR),
    Fault(a_rejected_row_leaves_with_its_ticket, PRIVACY, "leaves_at", bounds=WITH_AN_HOUR),
    Fault(lists_are_in_the_order_of_the_tickets_last_change, PRIVACY, "order", bounds=WITH_AN_HOUR),
    Fault(a_removed_grant_counts_one_more_rejection, PRIVACY, "counts"),
    Fault(people_are_named_to_strangers, a_lens_beside_the_rules, "names of people"),
)
