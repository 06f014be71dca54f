"""Whose turn it is in the story: said to that person, on pages of their invitation, and to nobody else."""

import streamlit as st

from dashboard.palette import WAITS
from dashboard.shell.visit import Visit
from dashboard.text.turn_words import to_do
from dashboard.text.words import plain
from data import Room


def turn_banner(here: Visit) -> None:
    """Say that it is the turn of the person who was invited, and what to do; observers are not told."""
    if here.invitation is None or here.leads or here.observes or here.viewer is None:
        return
    if isinstance(here.room, Room) and (step := here.room.turn_of(here.viewer)):
        words = plain(to_do(here.room.directory, here.room.story, step))
        with st.container(border=True, key="turn"):
            st.markdown(f":{WAITS.badge}[:material/front_hand: Your turn] {words}")
