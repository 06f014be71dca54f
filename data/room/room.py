"""A room: one simulated world. Commands go in, one transaction each; what anybody sees is read through `data.lens`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, overload

import pandas as pd

from data.ad_hoc_sql.asking import EVERYTHING, QueryLimits
from data.lens.lens import Desk, Lens, Overview
from data.room import clock
from data.room.arguments import check_actor, check_command, check_length, check_line
from data.room.history import RoomHistory
from data.room.past import PastRoom
from data.room.reading import read_records, record_refused_try
from data.room.story import readable
from data.room.unit_of_work import Done
from data.scenario.expectations import Played, compare_expectations
from data.scenario.find import known
from data.scenario.policy_words import differences
from data.scenario.scenario import Step
from model import Actor, Code, Command, Engineer, Member, OpenTicket, ReadDiagnostics, Refused, WriteDiagnostics
from model.html_parts import card

_NAMED = 6  # tenants on a room's card


class Room(RoomHistory):
    """One simulated world: its tenants, cases, clock, policy and history. Made by `Room.create` or `Room.open`.

    `member` and `engineer` return an actor, `do` carries out the actor's command, `advance` moves the clock,
    `next_step` and `play` run the scenario's story. `as_seen_by` shows what one actor may see; `events` is the whole
    log. `snapshot` copies the room, `verify` checks it; `undo`, `back` and `rewind` undo, and `redo` restores.

    >>> from data import Room
    >>> from model import Approve
    >>> room = Room.create(scenario="cross-tenant-approval", seed=1)
    >>> played = [room.next_step() for _ in range(2)]  # a ticket is opened, and access is requested
    >>> adele = room.member("adele", "contoso")
    >>> room.as_seen_by(adele).pending()["request_id"].tolist()
    ['r1']
    >>> str(room.do(Approve("r1"), adele).action)
    'approve'
    """

    def __repr__(self) -> str:
        """Return a summary of the room, and what to look at next."""
        steps = f"step {self.steps_done} of {len(self.story.steps)}" if self.story.steps else "no story"
        return (
            f"<Room {self.story.title!r} in {self.path}: {self.now:%Y-%m-%d %H:%M} UTC, {steps}, line {self.seq:,}>\n"
            "Go on with .next_step(), .do(command, actor), .as_seen_by(actor), .events(); help(Room) tells more."
        )

    def _repr_html_(self) -> str:
        """Return a card of the room for a notebook: its story, its time, its policy and its tenants."""
        tenants = list(self.directory.tenants.values())
        changes = [clause for clause, _ in differences(self.policy)]
        facts = {
            "story": self.story.summary or "none",
            "steps done": f"{self.steps_done} of {len(self.story.steps)}",
            "time": f"{self.now:%A %d %B %Y, %H:%M} UTC",
            "policy": "; ".join(changes) or "as the source says",
            "tenants": ", ".join(tenants[:_NAMED]) + (f" and {len(tenants) - _NAMED} more" * (len(tenants) > _NAMED)),
            "lines of its log": f"{self.seq:,}",
        }
        return card(f"Room: {self.story.title}", facts)

    # Who is in it, and what they see.

    def member(self, person: str, tenant: str) -> Member:
        """Return the person, signed in to the tenant; both by id. Raises ValueError."""
        known(person, self.directory.people, "person")
        known(tenant, self.directory.tenants, "tenant")
        if not self.directory.knows(person, tenant):
            theirs = [t for p, t in self.directory.roles if p == person]
            raise ValueError(f"{person!r} is not a member of {tenant!r}, but of {', '.join(theirs) or 'no tenant'}")
        return Member(person, tenant)

    def engineer(self, engineer: str) -> Engineer:
        """Return the support engineer of this id. Raises ValueError."""
        return Engineer(known(engineer, self.directory.engineers, "engineer"))

    @overload
    def as_seen_by(self, actor: Member, as_of: int | None = None) -> Lens: ...
    @overload
    def as_seen_by(self, actor: Engineer, as_of: int | None = None) -> Desk: ...
    def as_seen_by(self, actor: Actor, as_of: int | None = None) -> Lens | Desk:
        """Return what the actor sees, now or as the room was after line `as_of` of the log.

        A member gets a `Lens`, an engineer a `Desk`. Raises TypeError and ValueError.

        >>> room = Room.create(scenario="cross-tenant-approval")
        >>> len(room.as_seen_by(room.member("adele", "contoso")).tickets())
        0
        """
        check_actor("as_seen_by", actor)
        if isinstance(actor, Engineer):
            return Desk(self._cursor, actor, self._line(as_of))
        return Lens(self._cursor, actor, self.directory, self._line(as_of))

    def overview(self, as_of: int | None = None) -> Overview:
        """Return what a trainer sees, which is everything, now or as it was after line `as_of` of the log."""
        return Overview(self._cursor, self._line(as_of))

    def sql(self, query: str, limits: QueryLimits = EVERYTHING) -> pd.DataFrame:
        """Return the result of one SELECT over the room as the trainer sees it; others use `as_seen_by(actor).sql`.

        The tables are `requests` and `tickets` with the columns of `overview()`'s frames, `audit_logs`, `events` with
        those of `events()`, and `time_in_each_status`. See `View.sql`. Raises QueryFailed.

        >>> room = Room.create(scenario="cross-tenant-approval")
        >>> played = room.play()
        >>> room.sql("SELECT status, count(*) AS requests FROM requests GROUP BY status").to_dict("records")
        [{'status': 'Completed', 'requests': 1}]
        """
        return self.overview().sql(query, limits)

    def at(self, line: int) -> PastRoom:
        """Return the room as it was after a line of the log, read-only. Raises TypeError and ValueError.

        >>> room = Room.create(scenario="rejection")
        >>> played = room.play()
        >>> room.at(1).steps_done
        0
        """
        return PastRoom(self, check_line(line, self.seq))

    def _line(self, seq: int | None) -> int | None:
        return None if seq is None else check_line(seq, self.seq)

    # Act, wait, tell the story.

    def do(
        self,
        command: Command,
        actor: Actor,
        *,
        seen: Mapping[str, Any] | None = None,
        seen_at: tuple[int, int] | None = None,
    ) -> Done:
        """Carry out a command, whole or not at all, and return what the actor may know of it.

        `seen` is the access request as `lens.request` showed it to the actor: if it has changed since, the decision is
        refused with changed-meanwhile. `seen_at` is the room's `state` at that time: if that is unchanged, the
        comparison is skipped. Raises Refused, and TypeError for what is not a command or an actor.

        >>> room = Room.create(scenario="cross-tenant-approval")
        >>> done = room.do(OpenTicket(title="Sign-ins fail"), room.member("adele", "contoso"))
        >>> done.action, len(done.ticket_id)
        (<Action.OPEN: 'open'>, 15)
        """
        check_command("do", command)
        check_actor("do", actor)
        with self._lock:
            number, before, made = self.progress.done_by(command, actor), self.seq, ""
            self._work.step = number
            try:
                command = self._as_in_story(command, number)
                done = self.carry_out(command, actor, seen=None if seen_at == self.state else seen)
                made = (done.ticket_id if isinstance(command, OpenTicket) else done.request_id) or ""
                return done
            finally:
                self._work.step = None
                if number and self.seq > before:
                    self.progress = self.progress.with_done(number, self._now, made)

    def carry_out(
        self, command: Command, actor: Actor, *, seen: Mapping[str, Any] | None = None, name: str | None = None
    ) -> Done:
        """Carry out a command like `do`, and use `name` as the id of what it creates, as a story does.

        Not for members: a name that is taken would reveal something to them.
        """
        with self._lock:
            try:
                with self._work.transaction() as cursor:
                    first = self._work.carry_out(cursor, command, actor, self._now, name)[0]
                    if seen is not None and isinstance(actor, Member):
                        self._check_unchanged(actor, seen)
                    records = None
                    if isinstance(command, ReadDiagnostics):
                        tenant_name = self.directory.tenants[command.tenant]
                        records = read_records(cursor, command, tenant_name, self.seed, self.story.starts)
            except Refused as refusal:
                if isinstance(command, ReadDiagnostics | WriteDiagnostics):
                    record_refused_try(self._work, command, actor, self._now, refusal.code)
                raise
            return Done(first.action, first.occurred_at, first.ticket_id, first.request_id, records)

    def _as_in_story(self, command: Command, step: int | None) -> Command:
        """Return a command by hand, with the engineer of the story's step if it counts as that step and names none."""
        wanted = self.story.steps[step - 1].command if step else None
        if isinstance(command, OpenTicket) and isinstance(wanted, OpenTicket) and command.engineer is None:
            return replace(command, engineer=wanted.engineer)
        return command

    def would_be_refused(self, command: Command, actor: Actor) -> Refused | None:
        """Return why the command would be refused now, or None. Changes and records nothing."""
        check_command("would_be_refused", command)
        check_actor("would_be_refused", actor)
        with self._work.locked(), self._cursor() as cursor:
            return self._work.would_be_refused(cursor, command, actor, self._now)

    def _check_unchanged(self, actor: Member, seen: Mapping[str, Any]) -> None:
        """Raise Refused if the request differs from what the actor saw. Reads the state before the command."""
        if self.as_seen_by(actor).rows("request", request_id=seen["request_id"]) != [dict(seen)]:
            raise Refused(Code.CHANGED_MEANWHILE, "The access request has changed since it was shown.")

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new time; what falls due happens at its own time on the way.

        Raises TypeError, and ValueError for a jump backwards, one of more than 3,650 days, and one past the year 2199.

        >>> Room.create(scenario="cross-tenant-approval").advance(timedelta(days=1))
        datetime.datetime(2026, 3, 3, 9, 0)
        """
        check_length("advance", by)
        with self._work.locked():
            self._now = clock.advance(self._work, self._now, by)
            return self._now

    def next_step(self) -> Played | None:
        """Do the next step of the story and compare what it expects with what is seen; None after the last step.

        >>> played = Room.create(scenario="cross-tenant-approval").next_step()
        >>> played.number, played.failures
        (1, ())
        """
        with self._work.locked():
            if self.steps_done >= len(self.story.steps) or self.progress.is_left:
                return None
            number = self._work.step = self.steps_done + 1
            step = self.story.steps[number - 1]
            refusal, logged_before = None, self._audit_log(step)
            try:
                if step.wait:
                    self.advance(step.wait)
                if step.command and step.by:
                    try:
                        command, opens = self.progress.in_this_room(step.command), isinstance(step.command, OpenTicket)
                        done = self.carry_out(command, step.by, name=None if opens else step.name)
                        if opens:  # the findings below are looked up by its id
                            self.progress = self.progress.with_done(number, self._now, done.ticket_id or "")
                    except Refused as refused:
                        refusal = refused
                failures = compare_expectations(step, refusal, *self._found(step, logged_before))
                with self._work.transaction() as cursor:
                    self._work.log(cursor, self._now, "step")
            finally:
                self._work.step = None
                self._read_state()
            return Played(number, step, refusal, failures)

    def leave_story(self) -> None:
        """Leave the story: it has no next step any more. `undo` restores it.

        >>> room = Room.create(scenario="rejection")
        >>> room.leave_story()
        >>> room.next_step() is None
        True
        """
        with self._work.locked():
            if not self.progress.is_left:
                self._work.step = len(self.story.steps) + 1
                try:
                    with self._work.transaction() as cursor:
                        self._work.log(cursor, self._now, "step")
                finally:
                    self._work.step = None
                self._read_state()

    def turn_of(self, actor: Actor, as_of: int | None = None) -> Step | None:
        """Return the step of the story that it is the actor's turn to do, now or after line `as_of` of the log.

        It does not reveal whether access was removed, except to those who remove it.

        >>> room = Room.create(scenario="cross-tenant-approval")
        >>> room.turn_of(room.member("adele", "contoso")).name
        't1'
        """
        if as_of is None:
            return self.progress.turn_of(actor, self._now)
        past = self.at(as_of)
        return past.progress.turn_of(actor, past.now)

    def play(self) -> list[Played]:
        """Do all remaining steps of the story.

        >>> [failure for played in Room.create(scenario="rejection").play() for failure in played.failures]
        []
        """
        with self._lock:
            return list(iter(self.next_step, None))

    def _audit_log(self, step: Step) -> dict[str, list[str]]:
        """Return the activities in the audit log of each tenant for which the step expects any, the latest first."""
        readers = {tenant: self.directory.audit_log_readers(tenant)[:1] for tenant in step.tenants("audit_log")}
        logs = {tenant: self.as_seen_by(who[0]).rows("audit_log") if who else [] for tenant, who in readers.items()}
        return {tenant: [row["activity"] for row in log] for tenant, log in logs.items()}

    def _found(
        self, step: Step, logged_before: Mapping[str, list[str]]
    ) -> tuple[dict[str, dict[str, str]], set[str], dict[str, list[str]]]:
        """Return the statuses that the step's tenants find, the readable tenants, and what the step added to logs."""
        administrators = {tenant: self.directory.administrators(tenant)[:1] for tenant in step.tenants("expect")}
        found = {tenant: self.as_seen_by(who[0]).statuses() if who else {} for tenant, who in administrators.items()}
        found = {tenant: self.progress.in_the_story(statuses) for tenant, statuses in found.items()}
        logs = self._audit_log(step).items()
        added = {tenant: log[: len(log) - len(logged_before[tenant])][::-1] for tenant, log in logs}
        with self._cursor() as cursor:
            return found, readable(cursor, self.progress, step.tenants("access")), added
