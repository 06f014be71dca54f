"""Small rooms with the tests' own directory, and room files to copy."""

import tempfile
from pathlib import Path

from data import Room
from model import (
    OpenTicket,
    Policy,
    RequestAccess,
)
from tests.worlds import DIRECTORY

_SCRATCH = tempfile.TemporaryDirectory()


def told_file(scenario: str, steps: int = 0) -> Path:
    """Return a copied room file after so many steps of its story; copying is faster than making one."""
    path = Path(_SCRATCH.name) / f"{scenario}-{steps}.duckdb"
    if not path.exists():
        with Room.create(path, scenario) as room:
            for _ in range(steps):
                room.next_step()
    return path


def empty_room(path: Path | str = ":memory:", policy: Policy | None = None, seed: int = 1) -> Room:
    return Room.create(path, None, seed, policy, directory=DIRECTORY)


def asked_room(path: Path | str = ":memory:", policy: Policy | None = None) -> tuple[Room, str, str]:
    """Return a room with a North ticket and its pending request for South, and their ids."""
    room = empty_room(path, policy)
    ticket = room.do(OpenTicket("Fails", engineer="kim"), room.member("ann", "north")).ticket_id
    assert ticket
    request = room.do(RequestAccess(ticket, "south"), room.engineer("kim")).request_id
    assert request
    return room, ticket, request
