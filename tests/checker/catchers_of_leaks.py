"""Detectors of leaks: compare two rooms that differ only in what is hidden from a member, as the member sees them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dashboard.shell import watching
from dashboard.shell.visit import Visit
from model import (
    SOURCE_VISIBILITY,
    Approve,
    CloseTicket,
    Justification,
    Member,
    Policy,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from tests.checker.catchers import Catcher
from tests.model import world
from tests.privacy import twins
from tests.privacy.histories import AS_TOLD, History, Run, Step
from tests.privacy.observations import answer, seen, seen_over_time, told
from tests.privacy.places import PlainRoom, in_duckdb

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def deciding_on_what_was_shown(_: Path) -> str | None:
    """Check that a decision on an outdated row is refused, and that the refusal reveals nothing hidden."""
    answers = []
    for removed in (False, True):
        room = in_duckdb(Policy())
        ticket = room.do(world.TICKET, world.CARLA).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam"), world.SAM).request_id or ""
        shown = room.as_seen_by(world.ADELE).request(request)
        room.do(Approve(request), world.ADELE)
        live = room.as_seen_by(world.FELIX).request(request)
        if removed:
            room.do(Revoke(request), world.FELIX)
        else:
            told = answer(room.rehearse, Revoke(request), world.FELIX, seen=live | {"reason": "Another"})
            assert "changed-meanwhile" in told, told
        commands = Approve(request), Revoke(request), CloseTicket(ticket)
        answers.append([answer(room.rehearse, what, world.ADELE, seen=shown) for what in commands])
    return None if answers[0] == answers[1] else f"{answers[1]}, or else {answers[0]}"


def who_is_sent_to_look_again(_: Path) -> str | None:
    """Check that no page in the support request tenant refreshes when access is removed."""
    room = in_duckdb(Policy())
    ticket = room.do(world.TICKET, world.CARLA).ticket_id or ""
    request = room.do(RequestAccess(ticket, "fabrikam"), world.SAM).request_id or ""
    room.do(Approve(request), world.ADELE)
    before = room.state
    room.do(Revoke(request), world.FELIX)
    here = Visit("Pending requests", "a room", room, world.CARLA, before)
    moves = watching.fingerprint(here, False, before[1]) != watching.fingerprint(here, False)
    return "Carla’s page moves" if moves else None


TOLD = History(
    Policy(pending_expires_after=4 * DAY, grant_lasts=8 * HOUR, justification=Justification.REQUIRED),
    (
        Step(world.TICKET, world.CARLA, "t1"),
        Step(RequestAccess("t1", "fabrikam"), world.SAM, "r1"),
        Step(RequestAccess("t1", "tailspin"), world.SAM, "r2"),
        Step(Approve("r1", "As agreed"), world.ADELE),
        Step(HOUR),
        Step(Revoke("r1", "The logs were sent instead"), world.FELIX, only=AS_TOLD),
        Step(Reject("r2", "Ask for less"), world.ADELE_IN_TAILSPIN),
        Step(RequestAccess("t1", "tailspin"), world.SAM, "r3"),
        Step(world.TICKET, world.ADELE, "t2"),
        Step(CloseTicket("t1"), world.CARLA),
        Step(8 * HOUR),
    ),
    removed=True,
)


def _watch(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    for member in (world.CARLA, world.SOL):
        yield from (line.encode() for line in seen(run.place, member, run.names))
    if moment == 0:
        yield from (line.encode() for line in seen_over_time(run.place, world.CARLA))
        yield from (line.encode() for line in told(run.place, world.ADELE, run.names))


def two_rooms_one_with_a_removal(_: Path) -> str | None:
    """Compare what the support request tenant can obtain from a story with a removal and without it."""
    return twins.first_difference(TOLD, in_duckdb, _watch)


def two_rooms_with_other_notes(_: Path) -> str | None:
    """The same story with other notes of the removal, and what the support request tenant, which sees the removal
    itself, can obtain: by the rules and in a real room.
    """
    shows = replace(TOLD.policy, visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})
    story = replace(TOLD, policy=shows)
    found = (twins.first_difference_by_notes(story, make, _watch) for make in (PlainRoom, in_duckdb))
    return next(filter(None, found), None)


CATCHERS_OF_LEAKS: tuple[Catcher, ...] = (
    deciding_on_what_was_shown,
    who_is_sent_to_look_again,
    two_rooms_one_with_a_removal,
    two_rooms_with_other_notes,
)
