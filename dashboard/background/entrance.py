"""Who may enter a room and act in it, by the token in the link, if the room has invitations."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.background.room_opening import RoomNotOpened
from dashboard.background.rooms import rooms
from data.room_folder import invitations
from data.room_folder.invitations import Invitation, Invitations, Key, Role
from model import Actor, Engineer, Member

_log = logging.getLogger(__name__)
_changing = threading.Lock()
_changes: Counter[str] = Counter()
_NOT_INVITED = (
    "This room is for people with an invitation, and this link has none that is valid: it is incomplete, or its "
    "trainer has ended it. Ask the trainer for a new link."
)
_NOT_YOURS = "Your invitation does not allow this."


class NotInvited(RoomNotOpened):
    """The link does not admit its holder. The text is the same for a missing, an ended and a forged token."""

    def __init__(self, told: str = _NOT_INVITED) -> None:
        super().__init__(told)


def all_of(room_id: str) -> Invitations | None:
    """Return the invitations to the room; None if it is open. Raises RoomNotOpened and RoomUnavailable."""
    path = rooms().file(room_id)
    if path is None:
        return None
    try:
        return invitations.read(path)
    except ValueError as error:
        _log.error("%s", error)
        raise RoomNotOpened("Who is invited to it cannot be read. The server's log says more.") from error


def changes(room_id: str) -> int:
    """Return, without waiting, how often access to the room was changed on this server."""
    return _changes[room_id]


def invitation(room_id: str, key: Key) -> Invitation | None:
    """Return the invitation of the link's key; None if the room is open to everybody with its link.

    Raises NotInvited, RoomNotOpened and RoomUnavailable.
    """
    found = all_of(room_id)
    if found is None:
        return None
    if held := found.of(key):
        return held
    raise NotInvited


def come_in(room_id: str, key: Key) -> Invitation | None:
    """Return what `invitation` returns, after assigning unowned things to the signed-in person.

    These are the trainer's invitation of the link, and a room without a trainer in which somebody acted.
    """
    held = invitation(room_id, key)
    if key.person is None or (held and (held.owner or not held.leads)):
        return held
    with _changing:
        found, held = all_of(room_id), invitation(room_id, key)
        if held and found and held.leads and not held.owner:
            _write(room_id, found.claimed(held, key.person))
        elif found is None and (path := rooms().file(room_id)) and path.exists():
            _write(room_id, Invitations().with_new(Role.TRAINER, owner=key.person)[0])
    return invitation(room_id, key)


def check_leads(room_id: str, key: Key) -> None:
    """Raise NotInvited if the room has a trainer and the key is another's; also RoomNotOpened, RoomUnavailable."""
    held = invitation(room_id, key)
    if held and not held.leads:
        raise NotInvited(_NOT_YOURS)


def check_acts_as(room_id: str, key: Key, actor: Actor) -> None:
    """Raise NotInvited if the holder of the key may not act as the actor, or the room is paused.

    Also raises RoomNotOpened and RoomUnavailable.
    """
    held = invitation(room_id, key)
    if held and not held.may_act_as(actor):
        raise NotInvited(_NOT_YOURS)
    if held and not held.leads and is_paused(room_id):
        raise NotInvited("The trainer has paused.")


def is_paused(room_id: str) -> bool:
    """Return whether the room's trainer has paused it. Raises RoomNotOpened and RoomUnavailable."""
    found = all_of(room_id)
    return found is not None and found.paused


def pause(room_id: str, key: Key, paused: bool) -> None:
    """Let only trainers act, or everybody again. Raises what `invite` raises."""
    _set(room_id, key, paused=paused)


def blank(room_id: str, key: Key, blanked: bool) -> None:
    """Blank the room's presented pages, or show them again. Raises what `invite` raises."""
    _set(room_id, key, blanked=blanked)


def point_at(room_id: str, key: Key, ticket: str) -> None:
    """Point everybody who can see a ticket at it, or with "" at none. Raises what `invite` raises."""
    _set(room_id, key, spotlight=ticket)


def _set(room_id: str, key: Key, **changes: Any) -> None:
    with _changing:
        check_leads(room_id, key)
        if found := all_of(room_id):
            _write(room_id, replace(found, **changes))


def invite(room_id: str, key: Key, role: Role, viewer: Member | Engineer | None = None) -> str:
    """Make an invitation to the room, and return its token. After the first one, nobody enters without one.

    Raises NotInvited, ValueError, RoomNotOpened and RoomUnavailable.
    """
    with _changing:
        check_leads(room_id, key)
        found = all_of(room_id)
        owner = key.person if found is None else None  # the first is the trainer's own
        found, token = (found or Invitations()).with_new(role, viewer, owner)
        _write(room_id, found)
        return token


def end(room_id: str, key: Key, invitation_id: str) -> None:
    """End an invitation: its links no longer work. Raises what `invite` raises."""
    with _changing:
        check_leads(room_id, key)
        if found := all_of(room_id):
            _write(room_id, found.with_ended(invitation_id))


def copied(room_id: str, key: Key, write: Callable[[Path], object]) -> tuple[str, str]:
    """Make a new room from what `write` writes; return its new id and its trainer's new token.

    The token is empty if the room with this id is open; then the new one is, too. Raises what `invite` raises.
    """
    check_leads(room_id, key)
    new_id = rooms().new_room(write)
    return new_id, "" if invitation(room_id, key) is None else invite(new_id, Key(person=key.person), Role.TRAINER)


def delete(room_id: str, key: Key) -> None:
    """Delete a room with its invitations: its links then show an explanation. Raises NotInvited, RoomUnavailable."""
    with _changing:
        check_leads(room_id, key)
        rooms().remove(room_id)
        _changes[room_id] += 1


def _write(room_id: str, found: Invitations) -> None:
    """Write the room's invitations beside its file, which is created if nobody has acted in the room yet."""
    rooms().to_act_in(room_id)
    path = rooms().file(room_id)
    if path is None:
        raise RoomNotOpened("It is kept in memory only, and invitations need a room that is saved.")
    invitations.write(path, found)
    _changes[room_id] += 1
