"""Who is in the room, for its trainer only; it refreshes by itself."""

import time
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.background import entrance, presence
from dashboard.background.room_opening import RoomNotOpened
from dashboard.shell.session_state import OPEN_PAGE
from dashboard.shell.visit import Visit, viewer_name
from dashboard.text.words import ago, one_line
from data import RoomUnavailable
from data.room_folder.invitations import Invitation
from model import Member

_LOOK_EVERY = 3  # seconds


def who_is_here(here: Visit) -> None:
    """Show a trainer who has the room open, and who had it open recently."""
    st.fragment(_list, run_every=_LOOK_EVERY)(here)


def _list(here: Visit) -> None:
    try:
        entrance.check_leads(here.room_id, here.key)
        invitations = {one.id: one for one in entrance.all_of(here.room_id) or ()}
    except (RoomNotOpened, RoomUnavailable):  # which the whole page then says
        return
    page, now = OPEN_PAGE.get(), time.time()
    seats = presence.seats(here.room_id, invitations.values(), but=page.token if page else "")
    present = sum(seat.is_here(now) for seat in seats)
    st.subheader(f"Who is here: {present}" if present else "Nobody else is here yet", anchor=False)
    if not seats:
        st.caption("People appear when they open their link. They can give a name, which only trainers see.")
        return
    rows = []
    for seat in seats:
        if one := invitations.get(seat.invitation):
            last = ago(datetime.fromtimestamp(seat.seen_at), datetime.fromtimestamp(now))
            rows.append(
                {
                    "Name": one_line(seat.name) or "–",
                    "Role": one.role.capitalize(),
                    "As whom": one_line(as_whom(here, one)),
                    "Last seen": "here now" if seat.is_here(now) else last,
                }
            )
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="who is here")


def as_whom(here: Visit, one: Invitation) -> str:
    """Return the viewer of an invitation; plain text."""
    directory = here.room.directory
    if one.person and one.tenant:
        if directory.knows(one.person, one.tenant):
            return viewer_name(here.room, Member(one.person, one.tenant))
        return f"{one.person}, who does not occur in this story"
    if one.engineer:
        return directory.engineers.get(one.engineer, f"{one.engineer}, who does not occur in this story")
    if one == here.invitation:
        return "you"
    return one.owner_name or "sees and does everything"
