"""Small rooms of the tests' own directory."""

from pathlib import Path

from data import Room
from model import (
    OpenTicket,
    Policy,
    RequestAccess,
)
from tests.worlds import DIRECTORY


def empty_room(path: Path | str = ":memory:", policy: Policy | None = None, seed: int = 1) -> Room:
    return Room.create(path, None, seed, policy, directory=DIRECTORY)


def asked_room(path: Path | str = ":memory:", policy: Policy | None = None) -> tuple[Room, str, str]:
    """A room with one ticket of North's and one pending access request for South: and their ids."""
    room = empty_room(path, policy)
    ticket = room.do(OpenTicket("Fails", engineer="kim"), room.member("ann", "north")).ticket_id
    assert ticket
    request = room.do(RequestAccess(ticket, "south"), room.engineer("kim")).request_id
    assert request
    return room, ticket, request
