"""A damaged room, and a trainer's way to repair it."""

import streamlit as st

from dashboard.background.entrance import check_leads
from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.entrance.sign_in import signed_in
from dashboard.shell.messages import say
from dashboard.shell.page_list import TRAINER
from dashboard.text.words import plain
from data import DamagedRoom, RoomUnavailable
from data.room_folder.invitations import Key


def offer_repair(wrong: str) -> None:
    """Show the trainer the damage of the link's room and a button to salvage it; tell others whom to ask.

    The damage may reveal how much was done in the room, so members do not see it.
    """
    given = st.query_params
    room_id = given.get("room", "")
    if not _leads(room_id):
        st.caption("The trainer of this room can repair it.")
        return
    if given.get("viewer") != TRAINER:
        key = {"key": given["key"]} if "key" in given else {}
        st.page_link(
            "dashboard/pages/welcome.py",
            label="Repair it as the trainer",
            icon=":material/build:",
            query_params={"room": room_id, "viewer": TRAINER, **key},
        )
        return
    st.caption(f"What is wrong: {plain(wrong)}.")
    st.button(
        "Make a room of what is left",
        key="repair",
        icon=":material/build:",
        on_click=_salvage,
        args=(room_id,),
        help="Keeps the log up to the first line that is missing or wrong. The damaged files are kept on the server.",
    )


def _leads(room_id: str) -> bool:
    """Return whether the link is a trainer's, or the room is open."""
    try:
        check_leads(room_id, Key(st.query_params.get("key", ""), signed_in()))
    except (RoomNotOpened, RoomUnavailable):
        return False
    return True


def _salvage(room_id: str) -> None:
    try:
        check_leads(room_id, Key(st.query_params.get("key", ""), signed_in()))
        salvaged = rooms().salvage(room_id)
    except (RoomNotOpened, RoomUnavailable, DamagedRoom) as error:
        say("error", f"Nothing could be saved, and nothing was changed. {getattr(error, 'wrong', error.args[0])}")
        return
    lost = f"at least {salvaged.lost:,} are lost" if salvaged.lost else "none is known to be lost"
    say("success", f"This room was made of what was left: {salvaged.saved:,} lines of its log were saved, {lost}.")
