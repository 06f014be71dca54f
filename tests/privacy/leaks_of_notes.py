"""Leaks of notes: why access was removed, or a note meant only for the tenant that logs the decider."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from model import Action, Case, Directory, Member, Policy, Request, Status, visibility
from tests.privacy.leaks import Leak, in_sql

# In the rules.


def a_removal_that_is_seen_is_seen_with_its_note(patch: pytest.MonkeyPatch) -> None:
    """Why access was removed, under a policy that shows the removal itself."""
    seen = visibility.request_as_seen

    def as_seen(case: Case, request: Request, *rest: Any) -> Any:
        row = seen(case, request, *rest)
        return row and replace(row, removal_note=request.removal_note)

    patch.setattr(visibility, "request_as_seen", as_seen)


def another_row_has_the_note_of_the_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed, and why: another request of the ticket has that note."""
    seen = visibility.request_as_seen

    def as_seen(case: Case, request: Request, *rest: Any) -> Any:
        row = seen(case, request, *rest)
        why = next((other.removal_note for other in case.requests if other.removal_note), None)
        return replace(row, decision_note=why) if row and why else row

    patch.setattr(visibility, "request_as_seen", as_seen)


def an_approval_is_logged_with_the_note_of_the_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed, and why: the line of the approval says it."""
    log = visibility.audit_log

    def logged(events: Any, cases: Any, *rest: Any) -> Any:
        why = {r.id: r.removal_note for case in cases.values() for r in case.requests if r.removal_note}
        return [replace(line, details=why.get(line.request_id, line.details)) for line in log(events, cases, *rest)]

    patch.setattr(visibility, "audit_log", logged)


def an_automated_line_has_a_note(patch: pytest.MonkeyPatch) -> None:
    """Why access was approved: whoever reads the resource tenant's audit log, where nobody is named who approved."""
    log = visibility.audit_log

    def logged(events: Iterable[Any], cases: Any, *rest: Any) -> Any:
        events = list(events)
        notes = {event.request_id: event.note for event in events if event.action is Action.APPROVE}
        return [replace(line, details=line.details or notes.get(line.request_id)) for line in log(events, cases, *rest)]

    patch.setattr(visibility, "audit_log", logged)


def a_rejection_is_seen_without_the_permission(patch: pytest.MonkeyPatch) -> None:
    """Why access was rejected: every member of the tenant sees it, with all else of the request."""
    seen = visibility.request_as_seen

    class Everybody(Directory):
        def administers(self, *_: str) -> bool:
            return True

    def as_seen(case: Case, request: Request, member: Member, directory: Directory, policy: Policy) -> Any:
        if request.status is Status.REJECTED and request.decision_note:
            directory = Everybody(directory.tenants, directory.people, directory.engineers, directory.roles)
        return seen(case, request, member, directory, policy)

    patch.setattr(visibility, "request_as_seen", as_seen)


# In SQL.


def a_removal_that_is_seen_is_read_with_its_note(patch: pytest.MonkeyPatch) -> None:
    """Why access was removed, under a policy that shows the removal itself."""
    in_sql(patch, "seen", "if(r.side = 'resource tenant', r.removal_note, NULL)", "r.removal_note")


def another_row_is_read_with_the_note_of_the_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed, and why: another request of the ticket has that note."""
    latest = "(SELECT max(x.removal_note) FROM requests AS x WHERE x.ticket_id = r.ticket_id)"
    in_sql(patch, "seen", "r.decision_note,", f"coalesce({latest}, r.decision_note) AS decision_note,")


def an_approval_is_read_with_the_note_of_the_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed, and why: the line of the approval says it."""
    removal = "(SELECT any_value(r.removal_note) FROM requests AS r WHERE r.request_id = l.request_id)"
    in_sql(
        patch,
        "audit_log",
        "NULL, l.note)",
        f"NULL, coalesce({removal}, l.note))",
    )


def an_automated_line_is_read_with_its_note(patch: pytest.MonkeyPatch) -> None:
    """Why access was approved: whoever reads the resource tenant's audit log, where nobody is named who approved."""
    in_sql(patch, "audit_log", "if(a.automated, NULL, l.note)", "l.note")


def a_rejection_is_read_without_the_permission(patch: pytest.MonkeyPatch) -> None:
    """Why access was rejected: every member of the tenant reads it, with all else of the request."""
    in_sql(patch, "seen", " AND k.may", " AND (k.may OR r.decision_note <> '' AND r.status = 'Rejected')")


IN_THE_RULES: tuple[Leak, ...] = (
    another_row_has_the_note_of_the_removal,
    an_approval_is_logged_with_the_note_of_the_removal,
)
IN_SQL: tuple[Leak, ...] = (
    another_row_is_read_with_the_note_of_the_removal,
    an_approval_is_read_with_the_note_of_the_removal,
)
