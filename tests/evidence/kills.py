"""A process is killed with SIGKILL: no acknowledged command is lost, and an act is done whole or not at all."""

import itertools
import random
import shutil
from multiprocessing.connection import Connection
from pathlib import Path

from dashboard.background.rooms import Rooms
from data import Room, scenarios
from tests.evidence.acts import SCENARIO, Ack, busy, faults_of, missing_from
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.processes import Act, killed, ran

_KILLS_A_ROOM = 25  # more, and the log of one room grows so long that checking it takes the time
_ID = "a-room-that-is-replaced"
_NEW = "rejection"  # the scenario that takes its place
_KEPT = 10  # the line to which a room is rewound: no closing or step, which stay whole, is there


def kills_while_writing(size: int, folder: Path) -> Finding:
    """Kill a process that writes commands at any moment, also while it opens, checkpoints and closes the room."""
    chance, lost, acks = random.Random(1), [], 0
    for number in range(size):
        path = folder / f"{number // _KILLS_A_ROOM}.duckdb"
        if not path.exists():
            Room.create(path, SCENARIO).close()
            known: list[Ack] = []
        wait = chance.uniform(0, 0.3)
        known += killed(_write, path, wait=wait)[1:]
        acks += len(known)
        lost += [f"kill {number}: {fault}" for fault in faults_of(path, known)]
    return Finding(
        f"SIGKILL within 0.3 s after the process opened the room and started to write; {acks:,} acknowledged lines "
        "were checked afterwards, those from before earlier kills again.",
        size,
        tuple(lost),
    )


def _write(parent: Connection, path: Path) -> None:
    parent.send("begin")
    while True:
        with Room.open(path) as room:
            for ack in itertools.islice(busy(room), 40):
                parent.send(ack)


def kills_while_creating(size: int, folder: Path) -> Finding:
    """Kill a process that creates a room: a whole room exists, or none and one can be created."""
    chance, lost, whole = random.Random(2), [], 0
    longest = _seconds(_create, folder / "first.duckdb")
    for number in range(size):
        path, wait = folder / f"{number}.duckdb", chance.uniform(0, longest)
        done = "done" in killed(_create, path, wait=wait)
        whole += done or path.exists()
        if done or path.exists():
            lost += [f"kill {number}: {fault}" for fault in faults_of(path)]
        else:
            Room.create(path, SCENARIO).close()
    tried = f"SIGKILL at a random moment of `Room.create`; {whole:,} rooms were there, and whole; the others could be "
    return Finding(tried + "created afterwards.", size, tuple(lost))


def _create(parent: Connection, path: Path) -> None:
    parent.send("begin")
    Room.create(path, SCENARIO)
    parent.send("done")


def kills_while_replacing(size: int, folder: Path) -> Finding:
    """Kill a process that starts another scenario in place of a room: there is the whole old room or the whole new."""
    chance, lost, new = random.Random(3), [], 0
    ran(_begin_room, folder / "first")
    longest = _seconds(_replace, folder / "first")
    for number in range(size):
        home = folder / str(number)
        acks = [ack for _, ack in ran(_begin_room, home)]
        wait = chance.uniform(0, longest)
        done = "done" in killed(_replace, home, wait=wait)
        rooms = Rooms(home)
        try:
            room = rooms.get(_ID)
            room.verify()
            if room.story.title == scenarios()[_NEW].title:
                new += 1
                lost += [f"kill {number}: the new room has {room.seq} lines"] if room.seq != room.opening else []
            elif done:
                lost.append(f"kill {number}: the new room was acknowledged, and the old one is there")
            else:
                lost += [f"kill {number}: {fault}" for fault in missing_from(room, acks)]
        except Exception as error:
            lost.append(f"kill {number}: {type(error).__name__}: {error}")
        rooms.close()
    tried = f"SIGKILL at a random moment of starting another scenario in a room; {new:,} times the new room was there, "
    return Finding(tried + "otherwise the old one with all its lines.", size, tuple(lost))


def _begin_room(parent: Connection, home: Path) -> None:
    rooms = Rooms(home)
    for ack in itertools.islice(busy(rooms.start(_ID, SCENARIO)), 12):
        parent.send(ack)


def _replace(parent: Connection, home: Path) -> None:
    rooms = Rooms(home)
    rooms.get(_ID)
    parent.send("begin")
    rooms.start(_ID, _NEW)
    parent.send("done")


def kills_while_rewinding(size: int, folder: Path) -> Finding:
    """Kill a process that rewinds a room: the log is as it was, or ends where it was rewound to."""
    chance, lost, rewound = random.Random(4), [], 0
    model = folder / "model.duckdb"
    with Room.create(model, SCENARIO) as room:
        acks = list(itertools.islice(busy(room), 60))
    kept = [ack for ack in acks if ack.seq <= _KEPT]
    first = folder / "first.duckdb"
    shutil.copy(model, first)
    longest = _seconds(_rewind, first)
    for number in range(size):
        path, wait = folder / f"{number}.duckdb", chance.uniform(0, longest)
        shutil.copy(model, path)
        done = "done" in killed(_rewind, path, wait=wait)
        faults = faults_of(path, kept)
        if not faults and faults_of(path, acks):
            rewound += 1
            with Room.open(path) as room:
                faults = [] if room.seq == _KEPT else [f"the log ends at {room.seq}, not at {_KEPT}"]
        elif not faults and done:
            faults = ["the rewind was acknowledged, and was not done"]
        lost += [f"kill {number}: {fault}" for fault in faults]
    tried = f"SIGKILL at a random moment of `rewind`; {rewound:,} times the room was rewound, otherwise unchanged."
    return Finding(tried, size, tuple(lost))


def _rewind(parent: Connection, path: Path) -> None:
    with Room.open(path) as room:
        parent.send("begin")
        room.rewind(_KEPT)
        parent.send("done")


def _seconds(act: Act, *given: object) -> float:
    """Return a little more than the act's duration, from its announcement on."""
    said = ran(act, *given)
    return 1.2 * (said[-1][0] - said[0][0])


EXPERIMENTS = (
    Experiment("Acknowledged commands survive a kill of the process.", kills_while_writing, full=1000, short=6),
    Experiment("A room is created whole or not at all.", kills_while_creating, full=100, short=4),
    Experiment("A room is replaced whole or not at all.", kills_while_replacing, full=100, short=3),
    Experiment("A room is rewound whole or not at all.", kills_while_rewinding, full=100, short=4),
)
