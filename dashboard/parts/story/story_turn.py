"""Who acts next in the story, for the trainer, and what to do after a departure from it."""

import streamlit as st

from dashboard.palette import WAITS
from dashboard.parts.story import take_back
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit
from dashboard.text.act_words import act_in_words, act_of
from dashboard.text.words import plain, sentence
from data import Room
from data.room.acts import Act
from model import Action

_CHANGES = (Action.OPEN, Action.REQUEST, Action.APPROVE, Action.REJECT, Action.REVOKE, Action.CLOSE)


def next_turn(here: Visit) -> None:
    """Show whose turn it is, on a page that shows everything, and what to do after a departure from the story."""
    room = here.room
    steps, done = room.story.steps, room.steps_done
    if not isinstance(room, Room) or room.progress.is_left or done == len(steps):
        return
    departed = [act for act in room.acts() if act.step is None and act.action in _CHANGES]
    if departed:
        _offer(here, room, departed)
    if act := act_of(room.directory, steps[done]):
        st.caption(f"Next: {plain(act)}")


def _offer(here: Visit, room: Room, departed: list[Act]) -> None:
    first = departed[0]
    words = sentence(act_in_words(room.directory, room.story, first))
    more = f", and {len(departed) - 1} more" if len(departed) > 1 else ""
    with st.container(horizontal=True, vertical_alignment="center", key="departed"):
        told = f":{WAITS.badge}[:material/alt_route: Not in the story] {plain(words)}{more}."
        st.markdown(told, width="stretch")
        st.button("Take it back", key="departed back", on_click=take_back.ask_or_take_back, args=(here, first))
        label = "Go on without the story"
        st.button(label, key="leave story", on_click=_leave, args=(here,), help="Undo brings the story back.")


def _leave(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        here.current.leave_story()
