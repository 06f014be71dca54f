"""Faults in the store: in the room, its log, its file and its ids."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from data import Room
from data.room import room as rooms
from data.room.file import integrity
from data.room.unit_of_work import UnitOfWork
from data.store import audit_entries, log
from data.store import queries as sql_files
from data.store.duckdb_file import Store
from data.store.mark import Mark
from model import Code, Command, FallDue, OpenTicket, Refused
from tests.checker.catchers import (
    a_jump_beside_its_steps,
    a_lens_beside_the_rules,
    a_write_that_fails_midway,
    looking_back_and_winding_back,
    opening_a_log_that_was_cut,
    opening_a_snapshot,
    verifying_a_damaged_room,
    verifying_the_room,
)
from tests.checker.catchers_of_leaks import deciding_on_what_was_shown, two_rooms_one_with_a_removal
from tests.checker.faults import Fault


def only_one_side_of_a_request_is_written(patch: pytest.MonkeyPatch) -> None:
    """The support request tenant goes on seeing how a request stood before: a pending one that was approved."""
    change = log._set

    def changed(cursor: Any, table: str, to: Mapping[str, Any], **key: Any) -> None:
        if table != "requests":
            return change(cursor, table, to, **key)
        values = ", ".join(f"{name} = ?" for name in to)
        sql = f"UPDATE requests SET {values} WHERE seq = ? AND side = 'resource tenant'"
        cursor.execute(sql, [*to.values(), key["seq"]])
        return None

    patch.setattr(log, "_set", changed)


def _changing(patch: pytest.MonkeyPatch, **otherwise: Any) -> None:
    changing = log._changing
    patch.setattr(log, "_changing", lambda *given: changing(*given) | otherwise)


def when_it_falls_due_is_not_written(patch: pytest.MonkeyPatch) -> None:
    """A request never expires, though the log says when."""
    _changing(patch, due_at=None)


def who_changed_it_is_not_written(patch: pytest.MonkeyPatch) -> None:
    """Every change looks automated."""
    _changing(patch, changed_by=None, changed_in=None, changed_by_engineer=None)


def the_last_of_several_lines_is_lost(patch: pytest.MonkeyPatch) -> None:
    """What closing a ticket ended last is not in the log."""
    append = log.append

    def written(cursor: Any, lines: Any, **more: int) -> None:
        append(cursor, lines[:-1] if len(lines) > 1 else lines, **more)

    patch.setattr(log, "append", written)


def a_line_of_the_log_has_the_wrong_outcome(patch: pytest.MonkeyPatch) -> None:
    """The log says Approved of every decision."""
    line = log.event_line
    columns = list(log.LOG_COLUMNS).index("to_status")

    def written(*given: Any) -> Any:
        made = line(*given)
        return made if made[columns] is None else (*made[:columns], "Approved", *made[columns + 1 :])

    patch.setattr(log, "event_line", written)


def winding_back_keeps_cases_as_they_were(patch: pytest.MonkeyPatch) -> None:
    """A decision that was wound back still counts."""
    rewind = Room.rewind

    def wound(self: Room, to: int) -> None:
        cached = dict(self._work._cached)
        rewind(self, to)
        self._work._cached |= cached

    patch.setattr(Room, "rewind", wound)


def what_falls_due_happens_where_the_clock_stops(patch: pytest.MonkeyPatch) -> None:
    """A jump is not its steps: what expires on the way has the time at which somebody looked."""
    advance, write = Room.advance, UnitOfWork.carry_out

    def advanced(self: Room, by: timedelta) -> Any:
        until = self.now + by

        def late(self: UnitOfWork, cursor: Any, command: Command, actor: Any, at: datetime, name: Any) -> Any:
            return write(self, cursor, command, actor, until if isinstance(command, FallDue) else at, name)

        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(UnitOfWork, "carry_out", late)
            return advance(self, by)

    patch.setattr(Room, "advance", advanced)


def a_commit_sets_no_mark(patch: pytest.MonkeyPatch) -> None:
    """Acknowledged lines can go missing, and nobody notices."""
    patch.setattr(Mark, "raise_to", lambda self, seq: None)


def opening_does_not_look_at_the_mark(patch: pytest.MonkeyPatch) -> None:
    """The same, at the other end."""
    patch.setattr(Mark, "read", lambda self: 0)


def _integrity(patch: pytest.MonkeyPatch, name: str) -> None:
    patch.delitem(sql_files.queries("store/integrity.sql"), name)


def verifying_skips_the_requests(patch: pytest.MonkeyPatch) -> None:
    """A status that somebody wrote by hand stays."""
    _integrity(patch, "the table requests is not what the log says")


def verifying_skips_who_is_who(patch: pytest.MonkeyPatch) -> None:
    """A permission that somebody wrote by hand stays."""
    patch.setattr(integrity, "fixed_tables", lambda *_: {})


def a_snapshot_copies_the_file_alone(patch: pytest.MonkeyPatch) -> None:
    """What lies in the write-ahead log is left behind."""
    patch.setattr(Store, "snapshot", lambda self, path: shutil.copyfile(self.path, path))


def a_write_is_several_transactions(patch: pytest.MonkeyPatch) -> None:
    """What fails midway is half done."""

    @contextmanager
    def halfway(self: Store) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.cursor() as cursor:
            yield cursor

    patch.setattr(Store, "transaction", halfway)


def a_decision_counts_whatever_was_shown(patch: pytest.MonkeyPatch) -> None:
    """Somebody removes the access of a request that is not the one on the screen."""
    patch.setattr(Room, "_check_unchanged", lambda *_: None)


def comparing_looks_past_the_gate(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: a row kept from before the approval has "changed meanwhile" only then."""

    def unchanged(self: Room, actor: Any, seen: Mapping[str, Any]) -> None:
        for row in self.overview().rows("all_requests"):
            if row["request_id"] == seen["request_id"] and row["status"] == "Revoked":
                raise Refused(Code.CHANGED_MEANWHILE, "The access request has changed since it was shown.")

    patch.setattr(Room, "_check_unchanged", unchanged)
    do = Room.do

    def done(self: Room, command: Any, actor: Any, *, seen: Any = None, **rest: Any) -> Any:
        if seen:
            self._check_unchanged(actor, seen)
        return do(self, command, actor, seen=seen, **rest)

    patch.setattr(Room, "do", done)


def a_refused_try_is_not_recorded(patch: pytest.MonkeyPatch) -> None:
    """Nobody learns that an engineer tried to read without access."""
    patch.setattr(rooms, "record_refused_try", lambda *_: None)


def a_ticket_is_named_by_the_length_of_the_log(patch: pytest.MonkeyPatch) -> None:
    """How much happened in the room: the id of the next ticket says so."""
    made = UnitOfWork._new_id

    def named(self: UnitOfWork, cursor: Any, command: Command, *rest: Any) -> str:
        return f"t-{self.state[1]:010}" if isinstance(command, OpenTicket) else made(self, cursor, command, *rest)

    patch.setattr(UnitOfWork, "_new_id", named)


def a_removal_is_a_second_line_of_its_ticket(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the ticket's row is written again, and lies behind the others of its second."""
    change = log.save_case

    def saved(cursor: Any, before: Any, case: Any, made: Any) -> None:
        change(cursor, before, case, made)
        if any(r.status == "Revoked" for r in case.requests):
            cursor.execute(
                "UPDATE tickets SET opened_at = opened_at - INTERVAL 1 SECOND WHERE ticket_id = ?", [case.ticket_id]
            )

    patch.setattr(log, "save_case", saved)


def both_tenants_log_what_one_may(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the line is written into the audit log of the support request tenant, too."""
    entries = audit_entries._entries

    def written(case: Any, seq: int, event: Any) -> Iterator[tuple[Any, ...]]:
        for tenant, *rest in entries(case, seq, event):
            yield from ((each, *rest) for each in {tenant, case.tenant})

    patch.setattr(audit_entries, "_entries", written)


def an_audit_log_gets_no_new_lines(patch: pytest.MonkeyPatch) -> None:
    """A tenant's audit log ends where the story begins."""
    patch.setattr(audit_entries, "_entries", lambda *_: iter(()))


IN_STORE = (
    Fault(only_one_side_of_a_request_is_written, verifying_the_room),
    Fault(when_it_falls_due_is_not_written, verifying_the_room),
    Fault(who_changed_it_is_not_written, verifying_the_room),
    Fault(the_last_of_several_lines_is_lost, verifying_the_room),
    Fault(a_line_of_the_log_has_the_wrong_outcome, verifying_the_room),
    Fault(both_tenants_log_what_one_may, two_rooms_one_with_a_removal, "audit log"),
    Fault(an_audit_log_gets_no_new_lines, verifying_the_room),
    Fault(winding_back_keeps_cases_as_they_were, looking_back_and_winding_back),
    Fault(what_falls_due_happens_where_the_clock_stops, a_jump_beside_its_steps),
    Fault(a_commit_sets_no_mark, opening_a_log_that_was_cut),
    Fault(opening_does_not_look_at_the_mark, opening_a_log_that_was_cut),
    Fault(verifying_skips_the_requests, verifying_a_damaged_room),
    Fault(verifying_skips_who_is_who, verifying_a_damaged_room),
    Fault(a_snapshot_copies_the_file_alone, opening_a_snapshot),
    Fault(a_write_is_several_transactions, a_write_that_fails_midway),
    Fault(a_decision_counts_whatever_was_shown, deciding_on_what_was_shown),
    Fault(comparing_looks_past_the_gate, deciding_on_what_was_shown, "changed-meanwhile"),
    Fault(a_refused_try_is_not_recorded, a_lens_beside_the_rules),
    Fault(a_ticket_is_named_by_the_length_of_the_log, two_rooms_one_with_a_removal, "ids"),
    Fault(a_removal_is_a_second_line_of_its_ticket, two_rooms_one_with_a_removal, "last-changed stamps"),
)
