"""The ids that the support requests of a shipped story have in a room of the usual seed."""

from functools import cache

from data import Room
from data.generated.ids import ticket_id

T1, T2 = (ticket_id(1, "contoso", number) for number in (1, 2))
"""Contoso's, in the order of opening, where there is no traffic around the story."""


@cache
def in_a_busy_week(name: str) -> str:
    """Returns the id of the support request that the story with traffic around it calls `name`."""
    with Room.create(scenario="busy-week") as room:
        room.play()
        return room.progress.id_of(name)
