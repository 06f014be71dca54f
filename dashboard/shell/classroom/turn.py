"""Whose turn it is in the story: said on that person's pages, and to nobody else."""

import streamlit as st

from dashboard.palette import WAITS
from dashboard.shell.visit import Visit
from dashboard.text.turn_words import to_do
from dashboard.text.words import plain
from data import Room


def turn_banner(here: Visit) -> None:
    """Say that it is the turn of the person who looks, and what to do.

    Observers are not told, neither are a class's trainers, who may show anybody's page to all.
    """
    if (here.invitation and here.leads) or here.observes or here.viewer is None:
        return
    if isinstance(here.room, Room) and (step := here.room.turn_of(here.viewer)):
        words = plain(to_do(here.room.directory, here.room.story, step))
        with st.container(border=True, key="turn"):
            st.markdown(f":{WAITS.badge}[:material/front_hand: Your turn] {words}")
