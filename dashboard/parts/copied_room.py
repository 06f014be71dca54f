"""Going to a new room made from another one or a file, with a new id and trainer's token."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.background import entrance
from dashboard.background.rooms import rooms
from dashboard.shell.past import to_the_present
from dashboard.shell.visit import Visit
from data import Room


def go_to_copy(here: Visit, write: Callable[[Path], object]) -> Room:
    """In a callback: make a new room from what `write` writes into its file, change the link to it, and return it.

    Raises RoomNotOpened and RoomUnavailable.
    """
    room_id, key = entrance.copied(here.room_id, here.key, write)
    room = rooms().to_act_in(room_id)
    to_the_present()
    for name in ("key", "request", "ticket"):
        st.query_params.pop(name, None)
    st.query_params["room"] = room_id
    if key:
        st.query_params["key"] = key
    return room
