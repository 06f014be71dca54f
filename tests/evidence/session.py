"""Run a session of commands on a room in the given folder, and print acknowledgements to standard output.

Before an act that may remove lines, it prints which ones may be missing from then on.
"""

import itertools
import os
import sys
from pathlib import Path

from data import Room
from tests.evidence.acts import SCENARIO, Ack, busy
from tests.evidence.outcome import ROOM

COPY = "copy.duckdb"


def main(folder: Path) -> None:
    """Create, write, close, open, write, take a snapshot, rewind, write past a checkpoint, close, replace, write."""
    room = Room.create(folder / ROOM, SCENARIO)
    _say(Ack(room.seq, "clock", ""))
    _acts(room, 17)
    room.close()
    room = Room.open(folder / ROOM)
    _acts(room, 5)
    room.snapshot(folder / COPY)
    os.write(1, f"copied {room.seq}\n".encode())
    _acts(room, 2)
    os.write(1, b"rewinding 12\n")
    room.rewind(12)
    os.write(1, b"rewound 12\n")
    _acts(room, 45)
    room.close()
    os.write(1, b"replacing\n")
    room = Room.create(folder / ROOM, SCENARIO, seed=2, replace=True)
    os.write(1, f"replaced {room.seq}\n".encode())
    _acts(room, 3)
    room.close()


def _acts(room: Room, many: int) -> None:
    for ack in itertools.islice(busy(room), many):
        _say(ack)


def _say(ack: Ack) -> None:
    os.write(1, f"{' '.join(map(str, ack))}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
