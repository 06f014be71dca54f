"""Several people act at the same time in one room."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from data import Room
from model import Approve, CloseTicket, Command, OpenTicket, Refused, RequestAccess
from tests.data.room.rooms import asked_room, empty_room
from tests.worlds import ACTORS, DIRECTORY, PlainRoom, lines_of, shown_to


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Return the outcome of each act; all start together."""
    ready = threading.Barrier(len(acts))

    def started(act: Callable[[], object]) -> object:
        ready.wait()
        try:
            return act()
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(started, acts))


@pytest.mark.slow
def test_an_approval_and_a_closing_never_both_find_a_pending_request(tmp_path):
    """One is first, and the other sees its result: no ticket is closed with a live grant."""
    for n in range(20):
        room, ticket, request = asked_room(tmp_path / f"{n}.duckdb")
        with room:
            approve = partial(room.do, Approve(request), room.member("ann", "south"))
            close = partial(room.do, CloseTicket(ticket), room.member("bea", "north"))
            at_once(*((approve, close) if n % 2 else (close, approve)))
            came = list(room.events()["action"][3:])
            assert came in (["approve", "close", "complete"], ["close", "cancel"])
            assert room.verify()


@pytest.mark.slow
def test_nothing_is_lost_or_invented_when_many_act(tmp_path):
    """Replaying the log gives what everybody sees; readers and snapshots always see a consistent room."""
    with empty_room(tmp_path / "a.duckdb") as room:
        done = [0] * 6
        over = threading.Event()
        copies = []

        def act(n: int) -> None:
            chance = Random(n)
            for _ in range(25):
                actor = chance.choice(ACTORS)
                tickets = list(room.overview().tickets()["ticket_id"]) or ["t-none"]
                requests = list(room.overview().requests()["request_id"]) or ["r-none"]
                commands: list[Command] = [
                    OpenTicket("Fails"),
                    RequestAccess(chance.choice(tickets), chance.choice(list(DIRECTORY.tenants))),
                    Approve(chance.choice(requests)),
                    CloseTicket(chance.choice(tickets)),
                ]
                with suppress(Refused):
                    room.do(chance.choice(commands), actor)
                    done[n] += 1
                if chance.random() < 0.1:
                    room.advance(timedelta(hours=1))

        def look() -> None:
            while not over.is_set():
                for member in DIRECTORY.members():
                    shown_to(room.as_seen_by(member))

        def copy() -> None:
            while not over.is_set():
                copies.append(tmp_path / f"copy{len(copies)}.duckdb")
                room.snapshot(copies[-1])

        with ThreadPoolExecutor(9) as pool:
            others = [pool.submit(job) for job in (look, look, copy)]
            for job in [pool.submit(act, n) for n in range(6)]:
                job.result()
            over.set()
            for job in others:
                job.result()

        assert room.verify()
        plain = PlainRoom(room.policy, lines_of(room))
        commands = room.events().query("action not in ['clock', 'cancel', 'complete']")
        assert len(commands) == sum(done)
        for member in DIRECTORY.members():
            assert shown_to(room.as_seen_by(member)) == plain.seen_by(member)
    assert len(copies) > 1
    for path in copies:
        with Room.open(path) as copied:
            assert copied.verify()
