"""Running a page again when something changes that it shows."""

from dataclasses import replace

import streamlit as st

from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.session_state import LOOKED_THROUGH
from dashboard.shell.visit import Visit
from model import Member


@st.fragment(run_every=4)
def watch(here: Visit, shows_everything: bool) -> None:
    """Run the page again when something changes that it shows. What this viewer does not see moves nothing."""
    try:
        room = rooms().get(here.room_id)
    except RoomNotOpened:  # which the page then says
        st.rerun(scope="app")
    same = here.is_of(here.room_id, room)  # else another took its place, or it was wound back
    if same and (here.state == room.state or LOOKED_THROUGH.get() == (here.state, room.state)):
        return
    now = replace(here, room=room)  # the link may have got a room of its own since the page was drawn
    if not same or fingerprint(now, shows_everything, here.state[1]) != fingerprint(now, shows_everything):
        st.rerun(scope="app")
    LOOKED_THROUGH.put((here.state, room.state))


def fingerprint(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    """All that can change on this viewer's pages, now or as it was after a line of the log."""
    if shows_everything or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    return [lens.rows(name) for name in ("clock", "pending", "approved_access", "tickets", "audit_log")]
