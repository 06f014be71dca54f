"""Whose turn it is in the story, shown on that person's pages only."""

import streamlit as st

from dashboard.palette import WAITS
from dashboard.shell.visit import Visit
from dashboard.text.turn_words import to_do
from dashboard.text.words import plain
from data import Room


def turn_banner(here: Visit) -> None:
    """Show the viewer that it is their turn, and what to do.

    Observers do not see it, nor do a class's trainers, who may show anybody's page to all.
    """
    if (here.invitation and here.leads) or here.observes or here.viewer is None:
        return
    if isinstance(here.room, Room) and (step := here.room.turn_of(here.viewer)):
        words = plain(to_do(here.room.directory, here.room.story, step))
        with st.container(border=True, key="turn"):
            st.markdown(f":{WAITS.badge}[:material/front_hand: Your turn] {words}")
