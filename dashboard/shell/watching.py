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
    looked = (here.whole_room, here.state, room, room.state)
    if LOOKED_THROUGH.get() == looked:
        return
    try:
        out_of_date = is_out_of_date(here, room, shows_everything)
    except (RoomUnavailable, DamagedRoom):  # what is on the page stays; what the viewer does next tells it
        return
    if out_of_date:
        st.rerun(scope="app")
    LOOKED_THROUGH.put(looked)


def remember(here: Visit, shows_everything: bool) -> None:
    """Remember what a member's page has shown: once a room is wound back, it cannot be read from its log any more."""
    if isinstance(here.viewer, Member) and not shows_everything and not here.drawn:
        seen = _seen(here, shows_everything)
        if here.room.state == here.state:  # nobody acted since the page began
            here.drawn.append(seen)


def is_out_of_date(here: Visit, room: Room, shows_everything: bool) -> bool:
    """Return whether the viewer sees something else in the room, which the link has now, than on the page.

    A member whose page remembers what it showed is not told that the room was wound back, or that another took its
    place, if it shows the same: what was taken back may be hidden from the member.
    """
    same_history = here.is_of(here.room_id, room)
    if same_history and here.state == room.state:
        return False
    now = replace(here, room=room)  # the link may have got a room of its own since the page was drawn
    if here.drawn:
        return here.drawn[0] != _seen(now, shows_everything)
    if not same_history:
        return True
    return fingerprint(now, shows_everything, here.state[1]) != fingerprint(now, shows_everything)


def _seen(here: Visit, shows_everything: bool) -> object:
    return here.room.story.text, here.room.policy, here.room.directory, fingerprint(here, shows_everything)


def fingerprint(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    """All that can change on this viewer's pages, now or as it was after a line of the log."""
    if shows_everything or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    return [lens.rows(name) for name in ("clock", "pending", "approved_access", "tickets", "audit_log")]
