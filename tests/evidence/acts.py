"""An endless session of commands, with the acknowledgement of each."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from data import Room
from model import Approve, CloseTicket, OpenTicket, ReadDiagnostics, RequestAccess, Revoke

SCENARIO = "cross-tenant-approval"  # whose people act


class Ack(NamedTuple):
    """A room's acknowledgement: the number and content of its last log line after a command."""

    seq: int
    action: str
    ticket: str


def busy(room: Room) -> Iterator[Ack]:
    """Carry out one command after another, forever, and yield what the room acknowledged after each."""
    adele, owner, sam = room.member("adele", "contoso"), room.member("adele", "fabrikam"), room.engineer("sam")
    while True:
        ticket = str(room.do(OpenTicket("Guests cannot sign in", advanced_diagnostics=True), adele).ticket_id)
        yield Ack(room.seq, "open", ticket)
        request = str(room.do(RequestAccess(ticket, "fabrikam", "Sign-in logs"), sam).request_id)
        yield Ack(room.seq, "request", ticket)
        room.do(Approve(request), adele)
        yield Ack(room.seq, "approve", ticket)
        room.do(ReadDiagnostics(ticket, "fabrikam", "sign-in-logs"), sam)
        yield Ack(room.seq, "read", ticket)
        room.advance(timedelta(hours=1))
        yield Ack(room.seq, "clock", "")
        room.do(Revoke(request), owner)
        yield Ack(room.seq, "revoke", ticket)
        room.do(CloseTicket(ticket), adele)
        yield Ack(room.seq, "close", ticket)


def missing_from(room: Room, acks: Iterable[Ack]) -> list[str]:
    """Return a sentence for each acknowledged line that is missing or different in the room's log."""
    log = room.events()[["action", "ticket_id"]].fillna("").to_dict("records")
    lost = []
    for ack in acks:
        line = log[ack.seq - 1] if ack.seq <= len(log) else None
        if line is None:
            lost.append(f"line {ack.seq} ({ack.action}) was acknowledged, and the log ends at {len(log)}")
        elif (line["action"], line["ticket_id"]) != (ack.action, ack.ticket):
            lost.append(f"line {ack.seq} is {line['action']}, but {ack.action} was acknowledged")
    return lost


def faults_of(path: Path, acks: Iterable[Ack] = ()) -> list[str]:
    """Open the room in a file, check it, and return a sentence for each fault."""
    try:
        with Room.open(path) as room:
            room.verify()
            return missing_from(room, acks)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
