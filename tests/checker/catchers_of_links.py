"""Detectors of faults in the rooms of links: who is in which room, which rooms are removed, which pages refresh."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dashboard.background import rooms as registry
from dashboard.background.rooms import NoSuchRoom, Rooms
from dashboard.shell.visit import Visit
from dashboard.shell.watching import is_out_of_date
from data import Room, RoomUnavailable
from model import Member, OpenTicket
from tests.checker.catchers import Catcher

BEN, UMA = Member("ben", "contoso"), Member("uma", "tailspin")
_DAY = 86_400  # seconds


@contextmanager
def _rooms(folder: Path) -> Iterator[Rooms]:
    """Return the program's registry of rooms, with the sandbox for new links."""
    found = Rooms(folder / "rooms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "DEFAULT", "sandbox")
        patch.setattr("dashboard.shell.visit.rooms", lambda: found)
        try:
            yield found
        finally:
            found.close()


def _open_ticket(room: Room, who: Member) -> None:
    room.do(OpenTicket("Sign-ins fail"), who)


def an_act_in_one_of_two_new_links(folder: Path) -> str | None:
    """Check that an act in one link leaves the other unchanged."""
    with _rooms(folder) as rooms:
        one, other = rooms.new_id(), rooms.new_id()
        shown = len(rooms.get(one).events())
        _open_ticket(rooms.to_act_in(one), BEN)
        if (found := [len(rooms.get(link).events()) - shown for link in (one, other)]) != [1, 0]:
            return f"lines more in the one and in the other: {found}"
    return None


def a_link_whose_room_was_removed(folder: Path) -> str | None:
    """Check that it names no room, so that nobody mistakes another story for the removed one."""
    with _rooms(folder) as rooms:
        link = rooms.new_id()
        _open_ticket(rooms.to_act_in(link), BEN)
        rooms.close()
        rooms._folder.remove(link, requested=True)
        with suppress(NoSuchRoom):
            return f"it shows {rooms.get(link).story.title}"
    return None


def rooms_that_nobody_visited_for_two_days(folder: Path) -> str | None:
    """Check that a room in which somebody acted stays, and an unchanged one is removed."""
    with _rooms(folder) as rooms:
        changed, unchanged = "a-room-that-was-changed", "a-room-that-was-looked-at"
        (folder / "rooms").mkdir()
        for name in (changed, unchanged):
            with Room.create(folder / "rooms" / f"{name}.duckdb", "sandbox") as room:
                if name == changed:
                    _open_ticket(room, BEN)
        for file in (folder / "rooms").iterdir():
            then = file.stat().st_mtime - 2 * _DAY
            os.utime(file, (then, then))
        rooms.tidy()
        left = sorted(file.stem for file in (folder / "rooms").glob("*.duckdb"))
    return None if left == [changed] else f"left: {', '.join(left) or 'none'}"


def a_story_that_cannot_be_started(folder: Path) -> str | None:
    """Check that the link keeps its room, also after a restart."""
    with _rooms(folder) as rooms, pytest.MonkeyPatch.context() as patch:
        link = rooms.new_id()
        _open_ticket(rooms.to_act_in(link), BEN)
        before = rooms.get(link).events()

        def full(path: str, *_: object, **__: object) -> None:
            raise RoomUnavailable(path, "the disk is full")

        patch.setattr("data.room.room_file.write_file", full)
        with suppress(RoomUnavailable):
            rooms.start(link, "rejection")
            return "it was told as started"
        rooms.close()
        return None if rooms.get(link).events().equals(before) else "the room is another one"


def who_is_sent_to_look_again_after_a_first_act(folder: Path) -> str | None:
    """Check that when Uma opens a Tailspin ticket in a new link, her page refreshes, and none of Contoso's does."""
    with _rooms(folder) as rooms:
        link = rooms.new_id()
        shown = rooms.get(link)
        ben, uma = (Visit("Support requests", link, shown, who, shown.state) for who in (BEN, UMA))
        _open_ticket(rooms.to_act_in(link), UMA)

        if (found := tuple(is_out_of_date(here, rooms.get(link), False) for here in (ben, uma))) != (False, True):
            return f"drawn again of Contoso, and of Tailspin: {found}"
    return None


CATCHERS_OF_LINKS: tuple[Catcher, ...] = (
    an_act_in_one_of_two_new_links,
    a_link_whose_room_was_removed,
    rooms_that_nobody_visited_for_two_days,
    a_story_that_cannot_be_started,
    who_is_sent_to_look_again_after_a_first_act,
)
