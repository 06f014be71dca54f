"""Threads race on the cases of a room in a file: the result is that of some order of the commands."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from data import Room
from data.room import unit_of_work
from model import (
    Actor,
    Approve,
    CloseTicket,
    Command,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
)
from tests.data.room.rooms import empty_room
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.explained import Did, faults
from tests.worlds import DIRECTORY, Act, PlainRoom, lines_of, shown_to

_RACES_A_ROOM = 20  # more, and its log grows so long that reading it takes the time
_POLICIES = (Policy(), Policy(pending_expires_after=timedelta(hours=8), grant_lasts=timedelta(hours=8)))
_KINDS = (Approve, Approve, Reject, CloseTicket, CloseTicket, Revoke, RequestAccess, OpenTicket, ReadDiagnostics)


def races(size: int, folder: Path) -> Finding:
    """Let threads race with the write lock, and a tenth as often without it, which must be detected."""
    lost, threads = _race(size, folder)
    few = max(size // 10, 2 * _RACES_A_ROOM)
    with _no_lock():
        without, _ = _race(few, folder / "without")
    if not without:
        lost.append("the races without the write lock found nothing, so those with it show nothing")
    return Finding(
        f"{threads:,} threads, several at a time on the same cases of rooms in files: commands, moves of the clock, "
        "reads of lenses, snapshots. The log was replayed by the rules, and every answer had to match a state of it.",
        size,
        tuple(lost),
        f"The control: without the write lock, {len(without):,} faults were found in {few:,} races. (After a fault, "
        f"the rest of that room's {_RACES_A_ROOM} races are skipped.)",
    )


def _race(size: int, folder: Path) -> tuple[list[str], int]:
    """Run so many races; return the faults, and the number of threads."""
    folder.mkdir(exist_ok=True)
    lost: list[str] = []
    threads = 0
    for number in range(0, size, _RACES_A_ROOM):
        chance, path = random.Random(number), folder / f"{number}.duckdb"
        try:
            with empty_room(path, chance.choice(_POLICIES)) as room:
                plain = PlainRoom(room.policy, lines_of(room))
                for n in range(number, min(number + _RACES_A_ROOM, size)):
                    dids = _one_race(room, plain, chance, folder / f"copy{n}.duckdb")
                    threads += len(dids)
                    if wrong := list(faults(plain, dids, lines_of(room))):
                        lost += [f"race {n}: {fault}" for fault in wrong]
                        break
                room.verify()
                before = lines_of(room)
            with Room.open(path) as room:
                if lines_of(room) != before or not room.verify():
                    lost.append(f"races from {number}: opened again, the room has another log")
        except Exception as error:
            lost.append(f"races from {number}: {type(error).__name__}: {error}")
        for file in folder.glob("*.duckdb*"):
            file.unlink()
    return lost, threads


def _one_race(room: Room, plain: PlainRoom, chance: random.Random, copy: Path) -> list[Did]:
    """Let several threads act at once on a room in the plain one's state; return the answer to each."""
    reader = chance.choice(DIRECTORY.members())
    acts: list[tuple[Any, Actor | None, Callable[[], Any]]] = [
        *((command, actor, partial(room.do, command, actor)) for command, actor in _wanted(plain, chance)),
        ("lens", reader, lambda: shown_to(room.as_seen_by(reader), frames=False)),
    ]
    if chance.random() < 0.3:
        by = timedelta(hours=chance.choice([1, 8, 24]))
        acts.append((by, None, partial(room.advance, by)))
    if chance.random() < 0.05:
        acts.append((copy, None, partial(room.snapshot, copy)))
    chance.shuffle(acts)
    got = _at_once([act for *_, act in acts])
    return [Did(what, actor, result) for (what, actor, _), result in zip(acts, got, strict=True)]


def _wanted(plain: PlainRoom, chance: random.Random) -> Iterator[tuple[Command, Actor]]:
    """Yield the acts of several people: most could be carried out, and many concern the same case."""
    for _ in range(chance.choice([3, 4])):
        yield plain.chosen(Act(chance.choice(_KINDS), chance.randrange(3), chance.random() < 0.9))


def _at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start the acts together, and return what each returned or raised."""
    ready = threading.Barrier(len(acts))

    def started(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(started, acts))


class _NoLock:
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Release nothing."""


@contextmanager
def _no_lock() -> Iterator[None]:
    """Give rooms that are created within the block no write lock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit_of_work, "threading", SimpleNamespace(RLock=_NoLock))
        yield


EXPERIMENTS = (
    Experiment(
        "Concurrent acts are serialized: no command is lost, repeated, or decided on outdated data.",
        races,
        full=10_000,
        short=40,
    ),
)
