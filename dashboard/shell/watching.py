"""Running a page again when something changes that it shows."""

from dataclasses import replace

import streamlit as st

from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.session_state import LOOKED_THROUGH
from dashboard.shell.visit import Visit
from data import DamagedRoom, Room, RoomUnavailable
from model import Member


@st.fragment(run_every=4)
def watch(here: Visit, shows_everything: bool) -> None:
    """Run the page again when something changes that it shows. What this viewer does not see moves nothing."""
    try:
        room = rooms().get(here.room_id)
    except (RoomNotOpened, RoomUnavailable):  # which the page then says
        st.rerun(scope="app")
    if LOOKED_THROUGH.get() == (here.state, room.state) and here.is_of(here.room_id, room):
        return
    try:
        out_of_date = is_out_of_date(here, room, shows_everything)
    except (RoomUnavailable, DamagedRoom):  # what is on the page stays; what the viewer does next tells it
        return
    if out_of_date:
        st.rerun(scope="app")
    LOOKED_THROUGH.put((here.state, room.state))


def is_out_of_date(here: Visit, room: Room, shows_everything: bool) -> bool:
    """Return whether the viewer sees something else in the room, which the link has now, than on the page."""
    if not here.is_of(here.room_id, room):  # another room took its place, or it was wound back
        return True
    if here.state == room.state:
        return False
    now = replace(here, room=room)  # the link may have got a room of its own since the page was drawn
    return fingerprint(now, shows_everything, here.state[1]) != fingerprint(now, shows_everything)


def fingerprint(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    """All that can change on this viewer's pages, now or as it was after a line of the log."""
    if shows_everything or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    return [lens.rows(name) for name in ("clock", "pending", "approved_access", "tickets", "audit_log")]
