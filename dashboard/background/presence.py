"""Who is in a room with invitations, for its trainers. It is kept in memory only."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from time import time as _now

from data.room_folder.invitations import Invitation
from model.texts import normalized

LONGEST_NAME = 40  # characters
HERE_NOW = 10.0  # seconds: pages report more often than this that they are open, even while they run
_NAMELESS_KEPT = 60.0  # seconds to keep somebody without a name after leaving
_KEPT = 12 * 3600.0  # seconds to keep anybody after leaving
_MOST_TABS = 200  # in each room
_MOST_ROOMS = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A tab in which somebody has a room open."""

    invitation: str  # its id
    name: str  # that the person gave; empty: none
    seen_at: float  # seconds since the epoch

    def is_here(self, now: float) -> bool:
        """Return whether the tab is open, as far as is known."""
        return now - self.seen_at < HERE_NOW


_rooms: "OrderedDict[str, OrderedDict[str, Seat]]" = OrderedDict()
_looked: "OrderedDict[str, OrderedDict[str, float]]" = OrderedDict()
_lock = threading.Lock()


def name_of(text: str) -> str:
    """Return a name for the trainer: on one line, short, without invisible characters.

    >>> name_of("  Mia  Berg ")
    'Mia Berg'
    >>> name_of("Mia\u202e")
    ''
    """
    try:
        return normalized(text[: 4 * LONGEST_NAME])[:LONGEST_NAME].strip()
    except ValueError:
        return ""


def seen(room_id: str, tab: str, invitation: Invitation, name: str) -> None:
    """Note that the holder of an invitation has the room open in a tab."""
    with _lock:
        seats = _rooms.setdefault(room_id, OrderedDict())
        seats[tab] = Seat(invitation.id, name, _now())
        seats.move_to_end(tab)
        _rooms.move_to_end(room_id)
        if len(seats) > _MOST_TABS:
            seats.popitem(last=False)
        if len(_rooms) > _MOST_ROOMS:
            _rooms.popitem(last=False)


def look(room_id: str, tab: str) -> None:
    """Note that a tab has the room open, with or without an invitation."""
    with _lock:
        tabs = _looked.setdefault(room_id, OrderedDict())
        tabs[tab] = now()
        tabs.move_to_end(tab)
        _looked.move_to_end(room_id)
        if len(tabs) > _MOST_TABS:
            tabs.popitem(last=False)
        if len(_looked) > _MOST_ROOMS:
            _looked.popitem(last=False)


def open_tabs(room_id: str, since: float = HERE_NOW) -> int:
    """Return how many tabs had the room open within so many seconds."""
    with _lock:
        return sum(at + since >= now() for at in _looked.get(room_id, {}).values())


def now() -> float:
    """Return the seconds since the epoch."""
    return _now()


def seats(room_id: str, invitations: Iterable[Invitation], *, but: str = "") -> list[Seat]:
    """Return who is in a room, by name, and then who was there lately. For trainers only.

    `invitations` are those that have not ended: holders of ended links are not listed. `but` is a tab to leave out. A
    named person with several tabs is listed once.
    """
    valid, now = {one.id for one in invitations}, _now()
    with _lock:
        held = _rooms.get(room_id, OrderedDict())
        for tab, seat in list(held.items()):
            if now - seat.seen_at > (_KEPT if seat.name else _NAMELESS_KEPT) or seat.invitation not in valid:
                del held[tab]
        found = [(tab, seat) for tab, seat in reversed(held.items()) if tab != but]
    once = {(seat.invitation, seat.name or tab): seat for tab, seat in reversed(found)}
    return sorted(once.values(), key=lambda seat: (0.0, seat.name) if seat.is_here(now) else (now - seat.seen_at, ""))
