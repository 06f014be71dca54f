"""The cost of undo, redo, starting over and replacing a room, in the default room and in a large one."""

import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dashboard.background.rooms import DEFAULT, Rooms
from data import Room
from model import Member, OpenTicket
from tests.bench.measuring import judge, show, timed
from tests.bench.room_sizes import room_of

CASES = 10_000
_ROUNDS = 5


def taking_back(folder: Path) -> None:
    """Measure each in a file. Targets: under 1 s in the default room, under 2 s with 10,000 cases."""
    print("\nTaking back, in a file:")
    default = Room.create(folder / "default.duckdb", DEFAULT)
    for name, room, target in (
        ("the default room", default, 1.0),
        (f"{CASES:,} cases", room_of(CASES, folder / "large.duckdb"), 2.0),
    ):
        member = next(Member(*who) for who in room.directory.roles if room.directory.administers(*who))
        takes: dict[str, Callable[[], object]] = {
            "undo": room.undo,
            "redo": room.redo,
            "start over": room.start_over,
            "redo after it": room.redo,
        }
        times: dict[str, list[float]] = {what: [] for what in takes}
        for _ in range(_ROUNDS):
            for n in range(3):
                room.do(OpenTicket(f"Ticket {n}"), member)
            for what, take in takes.items():
                times[what].append(timed(take))
        for what, found in times.items():
            show(f"  {what}, {name}", found)
            judge(f"  {what}, {name}", statistics.median(found) / 1000, target, "s")
        room.close()
    _another_room(folder)


def _another_room(folder: Path) -> None:
    rooms = Rooms(folder / "kept")
    room_id = rooms.new_id()
    for name in (DEFAULT, "rejection"):
        rooms.start(room_id, name)
    found = [timed(partial(rooms.bring_back_earlier, room_id)) for _ in range(_ROUNDS)]
    show("  bring the room before a scenario back", found)
    judge("  bring the room before a scenario back", statistics.median(found) / 1000, 1.0, "s")
    rooms.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        taking_back(Path(folder))
