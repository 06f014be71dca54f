"""Record a room's session as a scenario: each act becomes a step, with what each party then saw.

For a trainer, never for a member: the scenario reveals everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from data.room.acts import Act
from data.room.room import Room
from data.room.story import readable
from data.scenario.reader import MOST_STEPS, parse_scenario
from data.scenario.scenario import NOT_VISIBLE, Scenario, Step
from data.scenario.writer import scenario_text
from model import (
    Action,
    Actor,
    Approve,
    CloseTicket,
    Code,
    Command,
    Directory,
    Engineer,
    Member,
    OpenTicket,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)

_DECISIONS: Mapping[Action, type[Approve | Reject | Revoke]] = {
    Action.APPROVE: Approve,
    Action.REJECT: Reject,
    Action.REVOKE: Revoke,
}
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """A session as a scenario that plays it again."""

    scenario: Scenario
    left_out: int  # acts on a case from before the story, or that involve somebody outside the story


def record(room: Room) -> Recording:
    """Return what was done in the room since its story began, as a scenario.

    Steps of the story keep their words, and their quiz if the answer is still right. Tickets and requests created by
    hand are named t1, r1 and so on. A refusal becomes a step only if it is in the log: those of the story, and attempts
    to read diagnostic data (an attempt to change it has the refusal read-only). Waits are exact to the second. Raises
    ValueError if nothing was done, or more than a scenario can hold.

    >>> room = Room.create(scenario="rejection")
    >>> played = [room.next_step() for _ in range(3)]
    >>> recorded = record(room).scenario
    >>> recorded.steps[2].expect["contoso"]
    {'r1': 'Rejected'}
    >>> [failure for played in Room.create(scenario=recorded).play() for failure in played.failures]
    []
    """
    steps, left_out = _steps(room)
    if not steps:
        raise ValueError("nothing was done in this room that can be recorded")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"{len(steps):,} things were done in this room, and a story has at most {MOST_STEPS:,} steps")
    summary = f"A session of “{room.story.title}”, recorded: each step says what each party saw after it."
    story = replace(
        room.story,
        title=room.title,
        summary=summary,
        directory=_directory(room),
        policy=room.policy,
        minutes=None,
        difficulty="",
        teaches="",
    )
    bare = _read(replace(story, background=None, steps=tuple(steps)))
    return Recording(_read(replace(story, steps=tuple(_seen(bare, logs=story.background is None)))), left_out)


def _read(story: Scenario) -> Scenario:
    return parse_scenario(scenario_text(story), "the recorded session")


# What was done.


def _steps(room: Room) -> tuple[list[Step], int]:
    """Return the steps, without expectations, and how many acts are left out."""
    with room._lock:
        acts, log = room.acts(), room.events().iloc[room.opening :]
    lines: list[Line] = [{str(column): it for column, it in row.items()} for row in log.to_dict("records")]
    directory = _directory(room)
    names = _Names(room, directory)
    steps: list[Step] = []
    left_out, waited, now = 0, timedelta(0), room.story.starts
    for act in acts:
        waited, now = waited + (act.at - now), act.at
        if act.step and act.step > len(room.story.steps):  # the act left the story
            continue
        if act.step:
            told = room.story.steps[act.step - 1]
            who = (_actor(act, directory) if act.action != "clock" else None) or told.by
            steps.append(replace(told, by=who, wait=waited, refused=None, expect={}, access={}, audit_log={}))
        elif act.action == "clock":
            steps += [Step(wait=waited)] if waited else []
        elif step := _by_hand(act, _line_of(act, lines, room.opening), names, directory):
            steps.append(replace(step, wait=waited))
        else:
            left_out += 1
            continue
        waited = timedelta(0)
    return steps, left_out


def _directory(room: Room) -> Directory:
    """Return who can be in the scenario, without the people of the traffic around the story."""
    return room.story.directory if room.story.background else room.directory


def _line_of(act: Act, lines: Sequence[Line], opening: int) -> Line:
    """Return the act's line with an actor."""
    of_act = lines[act.first - opening - 1 : act.last - opening]
    return next(line for line in of_act if line["action"] == act.action and _given(line["person"], line["engineer"]))


def _given(*values: object) -> bool:
    return any(isinstance(value, str) for value in values)


def _by_hand(act: Act, line: Line, names: "_Names", directory: Directory) -> Step | None:
    """Return an act by hand as a step; None if the person, the tenant or the case is not in the scenario."""
    actor = _actor(act, directory)
    command, name = _command(line, names, directory)
    if actor is None or command is None:
        names.forget(line)
        return None
    return Step(by=actor, command=command, name=name)


def _actor(act: Act, directory: Directory) -> Actor | None:
    if act.engineer:
        return Engineer(act.engineer) if act.engineer in directory.engineers else None
    assert act.person and act.tenant
    return Member(act.person, act.tenant) if directory.knows(act.person, act.tenant) else None


def _command(line: Line, names: "_Names", directory: Directory) -> tuple[Command | None, str | None]:
    """Return the command of a line of the log, in the scenario's names, and the name of what it creates."""
    action = Action(line["action"])
    if action is Action.OPEN:
        if line["assigned_engineer"] not in directory.engineers:
            return None, None
        facts = line["title"], line["severity"], bool(line["advanced_diagnostics"]), line["assigned_engineer"]
        return OpenTicket(*facts), names.new("t", line["ticket_id"])
    ticket = names.known.get(line["ticket_id"])
    if ticket is None or (_given(line["tenant"]) and line["tenant"] not in directory.tenants):
        return None, None
    if action is Action.REQUEST:
        return RequestAccess(ticket, line["tenant"], line["reason"]), names.new("r", line["request_id"])
    if action is Action.CLOSE:
        return CloseTicket(ticket), None
    if action is Action.READ:
        kind = WriteDiagnostics if line["refusal"] == Code.READ_ONLY else ReadDiagnostics
        return kind(ticket, line["tenant"], line["category"]), None
    request = names.known.get(line["request_id"])
    note = line["note"] if _given(line["note"]) else ""
    return (_DECISIONS[action](request, note), None) if request else (None, None)


class _Names:
    """The scenario's names of tickets and access requests: the story's own, and t1, r1 and so on for all others."""

    def __init__(self, room: Room, directory: Directory) -> None:
        own = [step.name for step in room.story.steps if step.name]
        self.known = {room.progress.id_of(name): name for name in own}
        self._taken = {*own, *directory.tenants, *directory.people, *directory.engineers}

    def new(self, kind: str, id_: str) -> str:
        """Return a new name for something that was created by hand, and remember it."""
        number = 1
        while f"{kind}{number}" in self._taken:
            number += 1
        name = self.known[id_] = f"{kind}{number}"
        self._taken.add(name)
        return name

    def forget(self, line: Line) -> None:
        """Forget the name of what a left-out line created."""
        made = {Action.OPEN: "ticket_id", Action.REQUEST: "request_id"}.get(line["action"])
        if made:
            self.known.pop(line[made], None)


# What was seen.


def _seen(story: Scenario, *, logs: bool) -> Iterator[Step]:
    """Play the story and yield its steps, each with its refusal and with what was found after it.

    What was found is recorded where it has changed, and for the step's own ticket. `logs`: include the lines of the
    audit logs, which are unknown if there is traffic around the story.
    """
    with Room.create(scenario=story) as room:
        parties = _Parties(story)
        before = _Found(room, parties)
        while played := room.next_step():
            step, found = played.step, _Found(room, parties)
            touched = parties.touched(step)
            expect = {
                tenant: {
                    request: status
                    for request, status in found.statuses[tenant].items()
                    if request in touched or status != before.statuses.get(tenant, {}).get(request, NOT_VISIBLE)
                }
                for tenant in found.statuses
            }
            tenants = parties.tenants_of(touched) | (found.readable ^ before.readable)
            disproved = len(played.failures) > bool(played.refusal)  # only its quiz is left to fail
            yield replace(
                step,
                quiz=None if disproved else step.quiz,
                refused=played.refusal.code if played.refusal else None,
                expect={tenant: requests for tenant, requests in expect.items() if requests},
                access={tenant: tenant in found.readable for tenant in story.directory.tenants if tenant in tenants},
                audit_log={
                    tenant: added
                    for tenant, log in found.logs.items()
                    if (added := log[len(before.logs[tenant]) :]) or tenant in parties.tenants_of(touched)
                }
                if logs
                else {},
            )
            before = found


class _Parties:
    """The tenants of each access request, and the access requests of each ticket."""

    def __init__(self, story: Scenario) -> None:
        self.directory, self.story = story.directory, story
        opened: dict[str, str] = {}
        self._tickets: dict[str, str] = {}
        self.sides: dict[str, set[str]] = {}
        for step in story.steps:
            if step.name and isinstance(step.command, OpenTicket) and isinstance(step.by, Member):
                opened[step.name] = step.by.tenant
            elif step.name and isinstance(step.command, RequestAccess) and step.command.ticket_id in opened:
                self._tickets[step.name] = step.command.ticket_id
                self.sides[step.name] = {opened[step.command.ticket_id], step.command.resource_tenant}

    def touched(self, step: Step) -> set[str]:
        """Return the access requests of a step's ticket."""
        about = getattr(step.command, "ticket_id", self._tickets.get(getattr(step.command, "request_id", "")))
        return {request for request, ticket in self._tickets.items() if ticket == about}

    def tenants_of(self, requests: set[str]) -> set[str]:
        """Return the tenants on both sides of some access requests."""
        return {tenant for request in requests for tenant in self.sides.get(request, ())}


class _Found:
    """What is found in a room at one moment: everything that a scenario can expect."""

    def __init__(self, room: Room, parties: _Parties) -> None:
        directory = parties.directory
        made = set(room.overview().requests()["request_id"])
        self.statuses: dict[str, dict[str, str]] = {}
        self.logs: dict[str, list[str]] = {}
        for tenant in directory.tenants:
            for who in directory.administrators(tenant)[:1]:
                listed = room.as_seen_by(who).statuses()
                mine = [request for request, sides in parties.sides.items() if tenant in sides and request in made]
                self.statuses[tenant] = {request: listed.get(request, NOT_VISIBLE) for request in mine}
            for reader in directory.audit_log_readers(tenant)[:1]:
                log = room.as_seen_by(reader).rows("audit_log")
                self.logs[tenant] = [row["activity"] for row in reversed(log)]
        with room._cursor() as cursor:
            self.readable = readable(cursor, room.progress, directory.tenants)
