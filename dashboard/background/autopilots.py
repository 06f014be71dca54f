"""Running autopilots: at most one per room, each in its own thread, controlled by the room's trainer.

An autopilot waits while the room is paused for everyone. It ends when the trainer pauses it, when nobody has the room
open, when an act in the room is undone, when the room is replaced, and with the server.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from dashboard.background import presence
from dashboard.background.entrance import check_leads
from dashboard.background.flight import Flight, Orders
from dashboard.background.rooms import rooms
from data import Autopilot
from data.room_folder.invitations import Key
from model.simulation import Behaviour

MOST_FLYING = 8  # on this server


class TooMany(ValueError):
    """Too many autopilots run on this server to start another."""


_flights: dict[str, Flight] = {}
_changes: Counter[str] = Counter()
_lock = threading.Lock()


def of(room_id: str) -> Flight | None:
    """Return the room's autopilot, even if it has ended, or None. For the room's trainers only."""
    return _flights.get(room_id)


def changes(room_id: str) -> int:
    """Return, without waiting, how often the room's autopilot was started, changed or ended on this server."""
    return _changes[room_id]


def _has_changed(room_id: str) -> None:
    _changes[room_id] += 1


def start(room_id: str, key: Key, orders: Orders) -> Flight:
    """Start, resume or reconfigure the room's autopilot.

    Raises TooMany, ValueError if nobody is to be simulated, NotInvited, RoomNotOpened and RoomUnavailable.
    """
    check_leads(room_id, key)
    with _lock:
        flying = [flight for flight in _flights.values() if flight.flies and flight.room_id != room_id]
        if len(flying) >= MOST_FLYING:
            raise TooMany(f"this server runs {MOST_FLYING} autopilots already; pause one of them first")
        room = rooms().to_act_in(room_id)
        before = _flights.get(room_id)
        if before and before.orders.at(orders.speed) == orders and before.can_go_on:
            made = replace(before, orders=orders, ended=None, wake=threading.Event())
        else:
            behaviour = replace(Behaviour(), tickets_per_day=orders.tickets_per_day)
            pilot = Autopilot(room, behaviour, tenants=orders.tenants, engineers=orders.engineers, played=orders.played)
            made = Flight(room_id, room, orders, pilot, room.seq, room.state[0], lambda: _has_changed(room_id))
        if before:
            before.end("")
        presence.look(room_id, "who started it")
        _flights[room_id] = made
        _has_changed(room_id)
        begin(made)
        return made


def pause(room_id: str, key: Key) -> None:
    """End the room's autopilot, until it is started again. Raises NotInvited, RoomNotOpened and RoomUnavailable."""
    check_leads(room_id, key)
    if flight := _flights.get(room_id):
        flight.end("")


def end_all() -> None:
    """End all autopilots when the server stops."""
    for flight in list(_flights.values()):
        flight.end("")


def _in_thread(flight: Flight) -> None:
    threading.Thread(target=flight.run, name="autopilot", daemon=True).start()


begin: Callable[[Flight], None] = _in_thread
