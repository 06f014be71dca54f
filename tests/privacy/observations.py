"""Everything that a member can obtain from a room at one moment: reads, answers, and the next ids.

An observation is a sequence of lines; two moments are the same to a member if their lines are, byte for byte.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from data import Lens
from data.lens.lens import OVER_TIME_NAMES
from model import (
    Actor,
    Approve,
    CloseTicket,
    Command,
    FallDue,
    Member,
    OpenTicket,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from tests.privacy.places import Place

READS = ("pending", "approved_access", "tickets", "audit_log")
NO_TICKET, NO_REQUEST = "100000000000000", "r-0000000000"

Names = dict[str, str]
"""A history's name of a ticket or access request -> its id in the room."""


def observe(room: Place, member: Member, names: Names) -> bytes:
    """Return everything that the member can obtain now; `names` has every ticket and access request."""
    return "\n".join((*seen(room, member, names), *seen_over_time(room, member), *told(room, member, names))).encode()


def seen(room: Place, member: Member, names: Names) -> Iterator[str]:
    """Yield what the member reads."""
    lens, who = room.as_seen_by(member), _who(member)
    yield f"the clock shows {room.now!r}"
    for read in READS:
        yield f"{who} reads {read}: {rendered(getattr(lens, read)())}"
    yield f"{who} reads statuses: {sorted(lens.statuses().items())}"
    yield f"{who} reads next_due: {lens.next_due()!r}"
    yield f"{who} reads refusal: {lens.refusal!r}, audit_refusal: {lens.audit_refusal!r}"
    for name, request in _of_kind(names, "r", NO_REQUEST):
        yield f"{who} reads request {name}: {answer(lens.request, request)}"
        yield f"{who} reads who can decide on {name}: {answer(lens.who_can_decide, request)}"


def seen_over_time(room: Place, member: Member) -> Iterator[str]:
    """Yield what the member reads on the pages Overview and Timeline, which only a real room has."""
    if isinstance(lens := room.as_seen_by(member), Lens):
        for read in OVER_TIME_NAMES:
            yield f"{_who(member)} reads {read}: {rendered(lens.frame(read))}"


def told(room: Place, actor: Actor, names: Names) -> Iterator[str]:
    """Yield the answer to each possible command, without carrying it out."""
    for said, command in commands(actor, names):
        yield f"{_who(actor)} tries {said}: {answer(room.rehearse, command, actor)}"


def commands(actor: Actor, names: Names) -> Sequence[tuple[str, Command]]:
    """Return every command on everything; for an engineer all but reads, whose outcome the vendor may know."""
    return _commands(isinstance(actor, Member), tuple(names.items()))


@lru_cache
def _commands(of_member: bool, names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Command], ...]:
    return tuple(_each_command(of_member, dict(names)))


def _each_command(of_member: bool, names: Names) -> Iterator[tuple[str, Command]]:
    for name, ticket in _of_kind(names, "t", NO_TICKET):
        yield f"CloseTicket {name}", CloseTicket(ticket)
        for tenant in ("fabrikam", "tailspin"):
            yield f"RequestAccess {name} {tenant}", RequestAccess(ticket, tenant)
        if of_member:
            yield f"ReadDiagnostics {name}", ReadDiagnostics(ticket, "fabrikam", "audit-logs")
            yield f"WriteDiagnostics {name}", WriteDiagnostics(ticket, "tailspin")
    if not of_member:
        return
    for name, request in _of_kind(names, "r", NO_REQUEST):
        for decision in (Approve, Reject, Revoke):
            yield f"{decision.__name__} {name}", decision(request, "It is as agreed")
        yield f"Revoke {name} without a note", Revoke(request)
        yield f"FallDue {name}", FallDue(request)
    yield "OpenTicket", OpenTicket("Which id do I get?", "A", False, "kim")
    yield "OpenTicket for nobody", OpenTicket("Which id do I get?", engineer="nobody")


def answer(ask: Callable[..., Any], *given: Any, **more: Any) -> str:
    """Return the result, or the refusal's code and sentence."""
    try:
        return repr(ask(*given, **more))
    except Refused as refused:
        return f"{refused!r} {refused}"


def rendered(found: object) -> str:
    """Return a text of a frame's shape, columns, types, index and values in order; other values as they are."""
    if not isinstance(found, pd.DataFrame):
        return repr(found)
    types = [str(dtype) for dtype in found.dtypes]
    index = type(found.index).__name__, found.index.tolist()
    return repr((found.shape, found.columns.tolist(), types, index, found.attrs, found.to_numpy(dtype=object).tolist()))


def _of_kind(names: Names, letter: str, never_made: str) -> Iterator[tuple[str, str]]:
    yield from ((name, made) for name, made in names.items() if name.startswith(letter))
    yield "one that never was", never_made


def _who(actor: Actor) -> str:
    return f"{actor.person}@{actor.tenant}" if isinstance(actor, Member) else actor.id
