"""Carry out a command from a page, and show the result."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard.background.room_opening import DAMAGED
from dashboard.background.rooms import RoomNotOpened
from dashboard.palette import status_name
from dashboard.shell.failure import reason
from dashboard.shell.messages import say
from dashboard.shell.visit import Visit
from data import DamagedRoom, Room, RoomUnavailable
from data.room_folder.limits import RoomsFull
from model import Code, Command, Engineer, Member, Refused

_log = logging.getLogger(__name__)
_MEANWHILE = (Code.NOT_FOUND, Code.WRONG_STATUS, Code.TICKET_CLOSED, Code.CHANGED_MEANWHILE)


@contextmanager
def told_if_unavailable() -> Iterator[None]:
    """Report if the room cannot be opened, read or written in the block, which then ends without a change."""
    try:
        yield
    except (RoomNotOpened, RoomUnavailable, DamagedRoom) as error:
        say("error", why_not_done(error))


def why_not_done(error: RoomNotOpened | RoomUnavailable | DamagedRoom) -> str:
    """Return the error's text for a visitor; plain text, without a path."""
    if isinstance(error, RoomNotOpened):
        return f"This was not done. {error}"
    if isinstance(error, RoomsFull):
        return f"This was not done. {error.reason}"
    _log.error("%s", error)
    if isinstance(error, DamagedRoom):
        return f"This was not done: the room is damaged. {DAMAGED} The server's log says more."
    return f"This was not done: the room is not available at the moment. {reason(error)} The server's log says more."


def act(
    here: Visit,
    command: Command | Callable[[], Command],
    done: str,
    *,
    actor: Member | Engineer | None = None,
    seen: Mapping[str, Any] | None = None,
    leave: bool = False,
) -> None:
    """Carry out a command of the viewer (or of `actor`), in a callback, and show the result as a message.

    A function in place of a command makes it from typed input; its ValueError is shown.
    `seen` is the access request as the page showed it; `leave` closes its details if the command succeeds.
    """
    who = actor or here.viewer
    assert who is not None
    try:
        made = command() if callable(command) else command
    except ValueError as error:
        say("error", f"This was not done: {error}.")
        return
    with told_if_unavailable():
        room = here.to_act_as(who)
        try:
            room.do(made, who, seen=seen, seen_at=here.state if room is here.room else None)
        except Refused as refusal:
            if seen is not None and refusal.code in _MEANWHILE and isinstance(who, Member):
                current = _current(room, who, seen["request_id"])
                say("warning", f"This changed before you clicked. {refusal.sentence} {current}")
            else:
                say("error", f"Refused: {refusal.sentence}")
        else:
            say("success", done)
            if leave:
                st.query_params.pop("request", None)


def _current(room: Room, member: Member, request_id: str) -> str:
    """Return the request's current status in a sentence, as far as the member may see it."""
    try:
        now = room.as_seen_by(member).request(request_id)
    except Refused:
        return "You can't see this access request now."
    decided = f", decided by {now['decided_by']}" if now["decided_by"] else ""
    return f"Its status is now {status_name(now['status'])}{decided}."
