"""Leaks that a harmless-looking change might introduce. Each is injected for one test by monkeypatching.

A docstring says what a member of the support request tenant would learn. Leaks of the rules show in the plain room;
those of storage and of SQL need a real one.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from data import Done, Room
from data.generated.ids import request_id
from data.lens import lens, sql
from data.lens.sql import LENS
from data.room.unit_of_work import UnitOfWork
from data.store.queries import queries
from model import (
    AUDIT,
    Action,
    AuditRow,
    Case,
    CloseTicket,
    Code,
    Directory,
    Member,
    Policy,
    Refused,
    RequestAccess,
    Revoke,
    Side,
    Status,
    visibility,
)
from model import rules as rules_now

Leak = Callable[[pytest.MonkeyPatch], None]

# In the rules.


def a_live_grant_is_visible(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: the row is there while it lasts, and is gone when it is removed."""
    sees = Policy.sees
    patch.setattr(Policy, "sees", lambda self, status, side: status is Status.APPROVED or sees(self, status, side))


def asking_again_is_allowed_after_a_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: only then does a second request for the same tenant appear."""
    live = {Status.PENDING, Status.APPROVED, Status.COMPLETED}
    patch.setattr("model.rules.may_ask", lambda earlier, policy: not live.intersection(earlier))


def the_audit_log_has_the_removal(patch: pytest.MonkeyPatch) -> None:
    """That access was removed, when and by whom: the support request tenant logs it too."""
    row = AuditRow(Action.REVOKE, Status.REVOKED, Side.SUPPORT, "Approval removed", False)
    patch.setattr("model.visibility.AUDIT", (*AUDIT, row))


def not_found_has_a_second_sentence(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the code is right, but the sentence is another one for a removed request."""
    decide = rules_now._decision

    def decided(case: Case | None, command: Any, *rest: Any) -> Any:
        request = case.request(command.request_id) if case else None
        try:
            return decide(case, command, *rest)
        except Refused as refused:
            if refused.code is Code.NOT_FOUND and request and request.status is Status.REVOKED:
                raise Refused(Code.NOT_FOUND, "There is no such access request here any more.") from None
            raise

    patch.setattr(rules_now, "_decision", decided)


def a_removed_request_is_of_the_wrong_status(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the answer is wrong-status, which what does not exist never has."""
    from model.visibility import sees

    patch.setattr(
        rules_now, "sees", lambda case, request, *rest: request.status is Status.REVOKED or sees(case, request, *rest)
    )


def asking_is_refused_in_another_sentence(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the engineer, whom the ticket's opener may ask, is told why not again."""
    ask = rules_now._request

    def asked(case: Case | None, *rest: Any) -> Any:
        try:
            return ask(case, *rest)
        except Refused as refused:
            if (
                case
                and refused.code is Code.ALREADY_REQUESTED
                and any(r.status is Status.REVOKED for r in case.requests)
            ):
                raise Refused(refused.code, "Access to this tenant was removed.") from None
            raise

    patch.setattr(rules_now, "_request", asked)


def a_closed_ticket_counts_what_its_closing_ended(patch: pytest.MonkeyPatch) -> None:
    """How many grants were live when the ticket closed: the refusal of closing it once more says so."""

    def open_still(case: Case) -> None:
        if case.closed_at:
            ended = sum(r.status is Status.COMPLETED and r.changed_at == case.closed_at for r in case.requests)
            raise Refused(Code.TICKET_CLOSED, f"The support request is closed; its closing ended {ended} grants.")

    patch.setattr(rules_now, "_open_still", open_still)


def tickets_are_in_the_order_of_their_last_change(patch: pytest.MonkeyPatch) -> None:
    """That something happened to a ticket: it moves to the top."""
    tickets = visibility.tickets

    def sorted_tickets(cases: Iterable[Case], *rest: Any) -> list[visibility.SeenTicket]:
        last = {case.ticket_id: max((r.changed_at for r in case.requests), default=case.opened_at) for case in cases}
        return sorted(tickets(cases, *rest), key=lambda seen: last[seen.ticket_id], reverse=True)

    patch.setattr(visibility, "tickets", sorted_tickets)


def a_row_leaves_the_history_with_the_last_change_of_its_ticket(patch: pytest.MonkeyPatch) -> None:
    """About when access was removed: a rejected request of the same ticket stays in the list 30 days from then."""
    shown = visibility.approved_access

    def shown_longer(
        cases: Iterable[Case], member: Member, directory: Directory, policy: Policy, now: datetime
    ) -> list[visibility.SeenRequest]:
        rows = []
        for case in cases:
            changes = [r.changed_at for r in case.requests]
            fresh = changes and now - max(changes) < policy.history
            rows += shown([case], member, directory, policy, min(changes) if fresh else now)
        return rows

    patch.setattr(visibility, "approved_access", shown_longer)


# In SQL.


def in_sql(patch: pytest.MonkeyPatch, query: str, old: str, new: str) -> None:
    """Replace text in a query or macro of the lens, for databases that are opened from now on."""
    gate = queries(LENS) if query in queries(LENS) else queries(LENS, "::")
    assert old in gate[query], f"the leak no longer fits the query {query}"
    patch.setitem(gate, query, gate[query].replace(old, new))
    read_anew(patch)


def read_anew(patch: pytest.MonkeyPatch) -> None:
    """Clear the cache of composed statements."""
    patch.setattr(lens, "statement", cache(sql.statement.__wrapped__))


def a_ticket_shows_its_last_change(patch: pytest.MonkeyPatch) -> None:
    """When access was removed: the stamp counts every change of the ticket's requests."""
    last = "(SELECT max(x.changed_at) FROM requests AS x WHERE x.ticket_id = t.ticket_id) AS changed_at"
    in_sql(patch, "tickets", "t.closed_at\nFROM", f"t.closed_at, {last}\nFROM")


def a_ticket_counts_its_live_grants(patch: pytest.MonkeyPatch) -> None:
    """Whether access is on: the number goes down by one when it is removed."""
    count = "(SELECT count(*) FROM requests AS x WHERE x.ticket_id = t.ticket_id AND x.status = 'Approved') AS grants"
    in_sql(patch, "tickets", "t.closed_at\nFROM", f"t.closed_at, {count}\nFROM")


def a_day_counts_grants_that_are_hidden(patch: pytest.MonkeyPatch) -> None:
    """Whether access is on: the overview of the support request tenant counts what it does not see."""
    of_members = {**sql.IN_REACH["member"], "granted": "FROM alike"}
    patch.setattr(sql, "IN_REACH", {**sql.IN_REACH, "member": of_members})
    patch.setattr(lens, "over_time", cache(sql.over_time.__wrapped__))


def a_bar_shows_access_that_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """Until when there was access: the timeline of the support request tenant draws every request of its tickets."""
    of_members = {**sql.IN_REACH["member"], "seen_now": "FROM requests_in_reach"}
    patch.setattr(sql, "IN_REACH", {**sql.IN_REACH, "member": of_members})
    patch.setattr(lens, "over_time", cache(sql.over_time.__wrapped__))


def the_next_refresh_is_due_when_the_hidden_grant_lapses(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: its page refreshes itself when the hidden grant lapses, and not where it was removed."""

    def due(self: lens.Lens) -> object:
        with self._cursor() as cursor:
            (row,) = cursor.execute(
                "SELECT min(due_at) FROM requests WHERE tenant = ?", [self.viewer.tenant]
            ).fetchall()
        return row[0]

    patch.setattr(lens.Lens, "next_due", due)


def the_audit_log_is_numbered_through(patch: pytest.MonkeyPatch) -> None:
    """How much happened in other tenants: the numbers of the lines have gaps."""
    in_sql(patch, "audit_log", "l.occurred_at, a.activity", "l.seq AS line, l.occurred_at, a.activity")


# In the room.


def tickets_are_numbered_through(patch: pytest.MonkeyPatch) -> None:
    """How much happened in the whole room since the last ticket: the next one's number says so."""
    made = UnitOfWork._new_id
    patch.setattr(UnitOfWork, "_new_id", lambda self, *rest: made(self, *rest) and f"x-{self.state[1] + 1:010}")


def a_request_is_named_by_how_much_happened_to_its_ticket(patch: pytest.MonkeyPatch) -> None:
    """That something happened to the ticket since: its next request gets another id."""
    made = UnitOfWork._new_id

    def named(self: UnitOfWork, cursor: Any, command: Any, *rest: Any) -> str:
        if not isinstance(command, RequestAccess):
            return made(self, cursor, command, *rest)
        row = cursor.execute("SELECT count(*) FROM log WHERE request_id <> '' AND ticket_id = ?", [command.ticket_id])
        return request_id(self._seed, command.ticket_id, row.fetchone()[0] + 1)

    patch.setattr(UnitOfWork, "_new_id", named)


def closing_names_the_first_grant_that_it_ended(patch: pytest.MonkeyPatch) -> None:
    """That access was still on: closing the ticket answers with the request whose access it ended."""
    do = Room.do

    def done(self: Room, command: Any, actor: Any, **more: Any) -> Done:
        live = []
        if isinstance(command, CloseTicket):
            requests = self.overview().requests()
            live = [
                r
                for t, r, s in zip(*(requests[c] for c in ("ticket_id", "request_id", "status")), strict=True)
                if t == command.ticket_id and s == "Approved"
            ]
        came = do(self, command, actor, **more)
        return replace(came, request_id=live[0]) if live else came

    patch.setattr(Room, "do", done)


def removing_takes_a_second(patch: pytest.MonkeyPatch) -> None:
    """That something happened: the clock, which everybody sees, has moved."""
    do = Room.do

    def done(self: Room, command: Any, actor: Any, **more: Any) -> Done:
        came = do(self, command, actor, **more)
        if isinstance(command, Revoke):
            self.advance(timedelta(seconds=1))
        return came

    patch.setattr(Room, "do", done)


IN_THE_RULES: tuple[Leak, ...] = (
    a_live_grant_is_visible,
    asking_again_is_allowed_after_a_removal,
    the_audit_log_has_the_removal,
    not_found_has_a_second_sentence,
    a_removed_request_is_of_the_wrong_status,
    asking_is_refused_in_another_sentence,
    a_closed_ticket_counts_what_its_closing_ended,
    tickets_are_in_the_order_of_their_last_change,
    a_row_leaves_the_history_with_the_last_change_of_its_ticket,
)
RARELY_READ = (
    tickets_are_in_the_order_of_their_last_change,
    a_row_leaves_the_history_with_the_last_change_of_its_ticket,
)
"""Leaks in the rules that few histories reveal, and leaks in reads."""
IN_STORAGE: tuple[Leak, ...] = (
    a_ticket_shows_its_last_change,
    a_ticket_counts_its_live_grants,
    a_day_counts_grants_that_are_hidden,
    a_bar_shows_access_that_is_hidden,
    the_next_refresh_is_due_when_the_hidden_grant_lapses,
    the_audit_log_is_numbered_through,
    tickets_are_numbered_through,
    a_request_is_named_by_how_much_happened_to_its_ticket,
    closing_names_the_first_grant_that_it_ended,
    removing_takes_a_second,
)
