"""Detectors of faults: promises of the checker and direct comparisons. Each returns what is wrong, or None."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from data import DamagedRoom, Room
from data.store import log
from model import (
    Actor,
    Approval,
    Approve,
    CloseTicket,
    Command,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from model.checker.report import check
from model.checker.small_world import Bounds
from tests.checker.random_worlds import first_difference
from tests.worlds import DIRECTORY, START, Moved, PlainRoom, do_both, shown_at, shown_to

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = Policy(
    Approval.RESOURCE, pending_expires_after=4 * DAY, grant_lasts=2 * DAY, history_days=1, justification="asked"
)

Catcher = Callable[[Path], str | None]
"""A detector; it gets a folder to work in."""


def caught(look: Callable[[], str | None]) -> str | None:
    """Return what the detector finds, or its error: a broken promise may show as one of these."""
    try:
        return look()
    except (AssertionError, Refused, ValueError, pytest.fail.Exception) as error:
        return f"{type(error).__name__}: {error}"


# The checker.


def broken(policy: Policy, bounds: Bounds) -> frozenset[tuple[str, str]]:
    """Return the promises that do not hold, with their conditions."""
    return frozenset((found.name, found.condition) for found in check(policy, bounds).promises if not found.holds)


# Direct comparisons.


def the_naive_reading(_: Path) -> str | None:
    """Compare the rules with the naive reading of the source's tables, on random commands."""
    return first_difference(worlds=100, commands=40, told=Counter())


def steps(place: "Both | Alone") -> Iterator[str]:
    """Play a story in which everything happens, and yield where a look is worthwhile."""
    bea, ann, eve, nil = (Member(*who.split("@")) for who in ("bea@north", "ann@north", "eve@south", "nil@north"))
    kim, lee = Engineer("kim"), Engineer("lee")
    t1, t2 = (place.do(OpenTicket("Fails", engineer="kim"), who) for who in (bea, ann))
    t3 = place.do(OpenTicket("Mine", engineer="lee", advanced_diagnostics=False), eve)
    r1, r2 = (place.do(RequestAccess(ticket, "south"), kim) for ticket in (t1, t2))
    r3, _ = (place.do(RequestAccess(t3, tenant), lee) for tenant in ("west", "north"))
    for command, who in (
        *((Approve(r1, "Agreed"), who) for who in (nil, bea, ann, ann)),
        *(
            (ReadDiagnostics(t1, "south"), kim),
            (WriteDiagnostics(t1, "south"), kim),
            (ReadDiagnostics(t2, "south"), kim),
        ),
        (ReadDiagnostics(t3, "south"), lee),
    ):
        place.do(command, who)
    place.wait(HOUR)
    place.do(Revoke(r1), ann)
    for who in (bea, eve, bea):  # one who cannot see it, one who removes it, and one who still cannot see it
        place.do(Revoke(r1, "The logs were sent instead"), who)
    place.do(Reject(r2, "Ask for less"), eve)  # unknown in north
    r5 = place.do(RequestAccess(t2, "south"), kim)
    place.do(Approve(r5), ann)
    yield "an hour"
    place.wait(DAY)  # at this moment ended requests leave the history, and live ones stay
    place.do(RequestAccess(t1, "west"), kim)
    place.do(Approve(r3), eve)
    yield "a day"
    place.wait(DAY)  # r5 lapses at this moment
    place.do(CloseTicket(t1), bea)
    yield "two days"
    place.wait(47 * HOUR)  # r4 expires at this moment
    place.do(CloseTicket(t3), lee)
    yield "four days"


class Alone:
    """A room in which the story happens. Refusals are ignored."""

    def __init__(self, path: Path | str = ":memory:", policy: Policy = LIMITS) -> None:
        self.room = Room.create(path, None, policy=policy, directory=DIRECTORY)
        self.room._store.db.execute("SET threads = 1")
        self.ids = iter(range(1000))

    def do(self, command: Command, actor: Actor) -> str:
        with suppress(Refused):
            done = self.room.do(command, actor)
            return done.request_id or done.ticket_id or ""
        return ""

    def wait(self, length: timedelta) -> None:
        self.room.advance(length)


class Both(Alone):
    """A room, and a plain one that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.plain = PlainRoom(LIMITS, [Moved(START)])

    def do(self, command: Command, actor: Actor) -> str:
        if do_both(self.room, self.plain, command, actor):
            return ""
        assert self.room.seq == len(self.plain.lines)
        first = self.plain.events()[-1]
        return first.request_id or first.ticket_id

    def wait(self, length: timedelta) -> None:
        super().wait(length)
        self.plain.advance(length)

    def look(self, as_of: int | None = None) -> None:
        """Assert that everybody's lists, details and desks agree with the rules."""
        plain = self.plain.as_of(as_of) if as_of else self.plain
        for member in DIRECTORY.members():
            lens = self.room.as_seen_by(member, as_of)
            assert shown_to(lens) == plain.seen_by(member), member
            for request in plain.requests()[:2]:
                found = next(iter(lens.rows("request", request_id=request.id)), None)
                assert found == plain.request_seen_by(member, request.id), member
        for engineer in map(Engineer, DIRECTORY.engineers):
            assert shown_at(self.room.as_seen_by(engineer, as_of)) == plain.desk_of(engineer)


def a_lens_beside_the_rules(_: Path) -> str | None:
    """Compare what SQL shows everybody with `model.visibility`, as time goes on."""
    both = Both()
    for _moment in steps(both):
        both.look()
    return None


def looking_back_and_winding_back(_: Path) -> str | None:
    """Compare the same at an earlier moment, and in a room that was rewound to it and takes another course."""
    both = Both()
    next(steps(both))
    both.look(as_of=9)
    both.room.rewind(9)
    both.plain.rewind(9)
    for request in both.plain.requests()[:2]:
        both.do(Reject(request.id, "No more"), Member("eve", "south"))
    both.look()
    return None


def verifying_the_room(_: Path) -> str | None:
    """Call `room.verify()` as the story goes on, and after a rewind."""
    alone = Alone()
    for _moment in steps(alone):
        alone.room.verify()
    alone.room.rewind(9)
    alone.room.verify()
    return None


def _log_of(room: Room) -> list[tuple[object, ...]]:
    events = room.events()
    return [tuple(map(str, row)) for row in events[events["action"] != "clock"].drop(columns="seq").to_numpy()]


def a_jump_beside_its_steps(_: Path) -> str | None:
    """Compare the logs of one jump over nine days and of hourly steps around each limit."""
    logs = []
    for waits in ([9 * DAY], [2 * DAY - HOUR, HOUR, HOUR, 2 * DAY - 2 * HOUR, HOUR, HOUR, 5 * DAY - HOUR]):
        alone = Alone()
        next(steps(alone))
        for wait in waits:
            alone.wait(wait)
        logs.append(_log_of(alone.room))
    return next((f"{one} or {other}" for one, other in zip(*logs, strict=True) if one != other), None)


def opening_a_log_that_was_cut(folder: Path) -> str | None:
    """Remove the last line of the log and its effect on the tables: only the mark can reveal it."""
    with Alone(folder / "cut.duckdb").room as room:
        room.do(OpenTicket("Fails"), Member("bea", "north"))
    with duckdb.connect(str(room.path)) as db:
        db.execute("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
        log.rebuild(db, 1)
    with suppress(DamagedRoom):
        Room.open(room.path).close()
        return "nobody noticed"
    return None


def verifying_a_damaged_room(_: Path) -> str | None:
    """Turn a rejected request into an approved one, and a stranger into an administrator."""
    for damage in ("UPDATE requests SET status = 'Approved'", "UPDATE memberships SET manages_support_access = true"):
        alone = Alone()
        next(steps(alone))
        with alone.room._store.cursor() as cursor:
            cursor.execute(damage)
        with suppress(DamagedRoom):
            alone.room.verify()
            return f"nobody noticed: {damage}"
    return None


def opening_a_snapshot(folder: Path) -> str | None:
    """Check that a snapshot is complete and equal."""
    alone = Alone(folder / "whole.duckdb")
    next(steps(alone))
    with alone.room as room:
        room.snapshot(folder / "copy.duckdb")
        expected = _log_of(room)
    with Room.open(folder / "copy.duckdb") as copy:
        assert copy.verify() and _log_of(copy) == expected
    return None


def a_write_that_fails_midway(_: Path) -> str | None:
    """Check that a failed write leaves nothing behind."""
    alone = Alone()
    ticket = alone.do(OpenTicket("Fails"), Member("bea", "north"))
    before = _log_of(alone.room)

    def full(*_: object) -> None:
        raise OSError("disk full")

    with pytest.MonkeyPatch.context() as patch, suppress(OSError):
        patch.setattr(log, "save_case", full)
        alone.room.do(CloseTicket(ticket), Member("bea", "north"))
    assert _log_of(alone.room) == before
    assert alone.room.verify()
    return None


CATCHERS: tuple[Catcher, ...] = (
    the_naive_reading,
    a_lens_beside_the_rules,
    looking_back_and_winding_back,
    verifying_the_room,
    a_jump_beside_its_steps,
    opening_a_log_that_was_cut,
    verifying_a_damaged_room,
    opening_a_snapshot,
    a_write_that_fails_midway,
)
