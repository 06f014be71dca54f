"""Answer times: a member of the support request tenant cannot detect a removal by timing.

The method is dudect's for cryptography: two rooms differ only in the secret, a removal; the room that answers next is
random; and Welch's t says whether the two samples of times differ.
"""

import gc
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data import Lens, Room
from data.lens.sql import Statement
from model import Approve, CloseTicket, Engineer, Member, OpenTicket, Refused, Reject, RequestAccess, Revoke
from tests.dashboard.screen import Screen
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.tab import dashboard_in
from tests.evidence.welch import LIMIT, Difference, difference

Clock = Callable[[], float]
Read = Callable[[], object]

_SCENARIO = "cross-tenant-approval"  # whose people act
_ADELE, _OWNER, _SAM = Member("adele", "contoso"), Member("adele", "fabrikam"), Engineer("sam")
_TIMED_FROM = 1_000  # reads; with fewer, statements are counted instead, which is deterministic
_PAIRS = 25  # pairs of rooms: a database's place in memory makes a difference, too
_PAGE_FOR = 20  # reads per page load
_WARM = 20  # warm-up reads
_PAGES = ("pending", "approved", "tickets", "audit", "desk", "policy", "other_systems")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rooms with one story; in the second the access was removed."""

    rooms: tuple[Room, Room]
    requests: tuple[str, str]
    tickets: tuple[str, str]


def answer_times(size: int, folder: Path) -> Finding:
    """Time reads of two rooms that differ in a removal; below a thousand reads, count statements instead."""
    timed = size >= _TIMED_FROM
    clock, unit = (time.perf_counter_ns, "us") if timed else (_statements, "statements")
    lost, rows = [], []
    with _counting() if not timed else ExitStack():
        found = _of_lenses(size, folder, clock)
        control = _of_lenses(size, folder, clock, control=True)
        found |= _of_pages(max(size // _PAGE_FOR, 2), folder, clock)
        for name in [name for name, each in found.items() if abs(each.t) > LIMIT]:  # repeat: it may be chance
            again = _of_lenses(size, folder, clock, only=name) | (
                _of_pages(max(size // _PAGE_FOR, 2), folder, clock, only=name) if name.startswith("page") else {}
            )
            if abs(again[name].t) > LIMIT and (again[name].t > 0) == (found[name].t > 0):
                lost.append(f"{name}: t = {found[name].t:.1f}, and again {again[name].t:.1f}")
            found[name] = again[name]
    if not any(abs(each.t) > LIMIT for each in control.values()):
        lost.append("a leak that was built in was not seen, so that nothing was seen shows nothing")
    rows = [(name, each) for name, each in found.items()]
    return Finding(
        f"{size:,} reads of two rooms in random order with each method of a lens and each refusal, and "
        f"{max(size // _PAGE_FOR, 2):,} loads of each page, as an administrator of the support request tenant. In one "
        f"room the access is live, in the other it was removed. Unit: {unit}.",
        size * len([name for name, _ in rows if not name.startswith("page")]),
        tuple(lost),
        _details(rows, control, unit),
    )


def _of_lenses(
    size: int, folder: Path, clock: Clock, *, control: bool = False, only: str = ""
) -> dict[str, Difference]:
    """Return the difference for each way to read a lens, over several pairs of rooms."""
    chance, times = random.Random(size), dict[str, tuple[list[float], list[float]]]()
    pairs = _PAIRS if size >= _TIMED_FROM else 1
    for n in range(pairs):
        with _pair(folder, n) as pair, pytest.MonkeyPatch.context() as patch:
            if control:
                _build_in_a_leak(patch)
            for name in _reads(pair, 0):
                if only in ("", name) and (not control or name == "lens.pending()"):
                    reads = _reads(pair, 0)[name], _reads(pair, 1)[name]
                    _measure(reads, size // pairs, chance, clock, times.setdefault(name, ([], [])))
    return {name: difference(*each) for name, each in times.items()}


def _of_pages(size: int, folder: Path, clock: Clock, only: str = "") -> dict[str, Difference]:
    """Return the difference for each page, loaded in two tabs."""
    chance, times = random.Random(size), dict[str, tuple[list[float], list[float]]]()
    shutil.rmtree(folder / "rooms", ignore_errors=True)
    ids = "the-room-of-answers-a", "the-room-of-answers-b"
    requests = []
    for removed, name in enumerate(ids):
        with Room.create(folder / "rooms" / f"{name}.duckdb", _SCENARIO) as room:
            requests.append(_story(room, bool(removed))[0])
    with dashboard_in(folder) as wire:
        tabs = [Screen(wire, name, "adele@contoso") for name in ids]
        for page, link in (*((page, False) for page in _PAGES), ("pending", True), ("approved", True)):
            name = f"page {page}{', of the request' if link else ''}"
            if only in ("", name):
                asked = [{"request": request} if link else {} for request in requests]
                loads = [partial(tab.open, page, **more) for tab, more in zip(tabs, asked, strict=True)]
                _measure(loads, size, chance, clock, times.setdefault(name, ([], [])), warm=1)
    return {name: difference(*each) for name, each in times.items()}


def _measure(
    reads: Any, size: int, chance: random.Random, clock: Clock, into: tuple[list[float], list[float]], warm: int = _WARM
) -> None:
    """Read a random one of the two so many times, and add the time of each read."""
    for read in reads * warm:
        read()
    gc.collect()
    gc.disable()
    try:
        for _ in range(size):
            which = chance.randrange(2)
            read = reads[which]
            begin = clock()
            read()
            into[which].append(clock() - begin)
    finally:
        gc.enable()


def _reads(pair: Pair, which: int) -> dict[str, Read]:
    """Return, by name, each way in which a member of the support request tenant can get an answer."""
    room, request, ticket = pair.rooms[which], pair.requests[which], pair.tickets[which]
    lens = room.as_seen_by(_ADELE)
    asked = {
        "Approve": Approve(request),
        "Reject": Reject(request),
        "Revoke": Revoke(request),
        "CloseTicket": CloseTicket(ticket),
        "OpenTicket": OpenTicket("Another", engineer="sam"),
    }
    return {
        **{f"lens.{name}()": getattr(lens, name) for name in ("pending", "approved_access", "tickets", "audit_log")},
        **{f"lens.{name}()": getattr(lens, name) for name in ("statuses", "next_due")},
        "lens.request(id)": lambda: _refused(lambda: lens.request(request)),
        "lens.rows('listed')": lambda: lens.rows("listed"),
        "lens.rows('clock')": lambda: lens.rows("clock"),
        **{
            f"would_be_refused({name})": lambda c=command: room.would_be_refused(c, _ADELE)
            for name, command in asked.items()
        },
        "do(Approve), refused": lambda: _refused(lambda: room.do(Approve(request), _ADELE)),
    }


def _refused(read: Read) -> None:
    with suppress(Refused):
        read()


@contextmanager
def _pair(folder: Path, number: int) -> Iterator[Pair]:
    """Give two rooms in files with the same commands, except that access was removed in the second."""
    made: dict[bool, tuple[Room, str, str]] = {}
    with tempfile.TemporaryDirectory(dir=folder) as here, ExitStack() as stack:
        for removed in (False, True) if number % 2 else (True, False):
            room = stack.enter_context(Room.create(Path(here) / f"{removed}.duckdb", _SCENARIO))
            made[removed] = room, *_story(room, removed)
        yield Pair(*zip(made[False], made[True], strict=True))


def _story(room: Room, removed: bool) -> tuple[str, str]:
    """Carry out the common commands; return the ids of the request and its ticket."""
    asked = []
    for n in range(6):
        ticket = room.do(OpenTicket(f"Number {n}", engineer="sam"), _ADELE).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam"), _SAM).request_id or ""
        asked.append((request, ticket))
        if n % 3:
            room.do(Approve(request), _ADELE)
    request, ticket = asked[1]
    if removed:
        room.do(Revoke(request), _OWNER)
    for other, _ in asked[::3]:
        room.do(Reject(other), _ADELE)
    return request, ticket


# The shorter version's counts, and the leak that must be detected.

_count = 0


def _statements() -> float:
    """Return how many statements the lenses have executed."""
    return _count


@contextmanager
def _counting() -> Iterator[None]:
    really = Statement.execute

    def counted(self: Statement, cursor: duckdb.DuckDBPyConnection, given: Any = None) -> None:
        global _count
        _count += 1
        really(self, cursor, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statement, "execute", counted)
        yield


def _build_in_a_leak(patch: pytest.MonkeyPatch) -> None:
    """Let a lens of a room with a removal run one more query, like a page that checks for removals."""
    really = Lens.frame

    def leaky(self: Lens, name: str, **more: str) -> Any:
        with self._cursor() as cursor:
            removed = cursor.execute("SELECT count(*) FROM log WHERE action = 'revoke'").fetchone()
        if removed and removed[0]:
            self.rows("clock")
        return really(self, name, **more)

    patch.setattr(Lens, "frame", leaky)


def _details(rows: list[tuple[str, Difference]], control: dict[str, Difference], unit: str) -> str:
    per = 1_000 if unit == "us" else 1
    lines = [
        "t is Welch's, the farthest from 0 over all times and over the fastest 95, 90, 75 and 50 %. |t| below "
        f"{LIMIT} is no difference; a larger one was measured again, and counts if repeated with the same sign. The "
        f"pair of rooms was created {_PAIRS} times. The last column is the smallest detectable difference.",
        "",
        f"| Read | t | removed minus live, {unit} | smallest detectable, {unit} |",
        "|---|---|---|---|",
        *(f"| {name} | {each.t:+.2f} | {each.slower / per:+.2f} | {each.smallest / per:.2f} |" for name, each in rows),
        *(
            f"| *Control: {name} with a leak built in (one more query after a removal)* | **{each.t:+.1f}** | "
            f"{each.slower / per:+.2f} | {each.smallest / per:.2f} |"
            for name, each in control.items()
        ),
    ]
    return "\n".join(lines)


EXPERIMENTS = (
    Experiment(
        "The time of an answer reveals nothing about a removal to the support request tenant.",
        answer_times,
        full=10_000,
        short=20,
    ),
)
