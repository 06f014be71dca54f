"""Starting a scenario in a room: acts by hand are not discarded without a question."""

from collections.abc import Callable

import streamlit as st

from dashboard.background.entrance import check_leads
from dashboard.background.rooms import rooms
from dashboard.parts.story import story_bar
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import ASKING, SCENARIO_WANTED, act_begins, room_started
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data import scenarios

_QUESTION = "start scenario"


def wish(here: Visit, name: str) -> None:
    """In a callback: request the scenario in this room, or ask first if that would discard acts by hand."""
    act_begins()
    with told_if_unavailable():
        here.check_present()
        check_leads(here.room_id, here.key)
        if rooms().get(here.room_id).acts_by_hand():
            ASKING.put((_QUESTION, name))
        else:
            SCENARIO_WANTED.put(name)


def start_or_ask(here: Visit) -> None:
    """Start the requested scenario, or show the open question."""
    story_bar.enter_wished()
    if wanted := SCENARIO_WANTED.get():
        _start(here, wanted)
    asked = ASKING.get()
    if asked and asked[0] == _QUESTION:
        st.dialog("Start another scenario?", on_dismiss=_answer(lambda: None))(_ask)(here, asked[1])


def _ask(here: Visit, name: str) -> None:
    if ASKING.get() != (_QUESTION, name):  # answered: only the dialog itself reruns, so rerun the page
        st.rerun()
    lost = here.whole_room.acts_by_hand()
    title = scenarios()[name].title
    what = f"{lost:,} things that were done by hand" if lost > 1 else "One thing that was done by hand"
    st.markdown(
        f"**{plain(title)}** would take this room's place, for everybody who has the link. {what} since the story "
        "began would go with it. The room is kept: *More* beside the story brings it back."
    )
    with st.container(horizontal=True):
        start_new = _answer(lambda: story_bar.wish(scenarios()[name]))
        st.button("Start it in a new room", key="start elsewhere", type="primary", on_click=start_new)
        start_here = _answer(lambda: SCENARIO_WANTED.put(name))
        st.button("Start it here", key="start here", on_click=start_here)
        st.button("Cancel", key="start not", on_click=_answer(lambda: None))


def _answer(then: Callable[[], None]) -> Callable[[], None]:
    """Return a callback that closes the question."""

    def answered() -> None:
        act_begins()
        ASKING.drop()
        then()

    return answered


def _start(here: Visit, name: str) -> None:
    """Start the scenario in this room and go to its story; this run of the page then ends."""
    title = scenarios()[name].title
    with told_if_unavailable(), st.spinner(f"Starting “{plain(title)}”…", show_time=True):
        SCENARIO_WANTED.drop()  # not before: a run can be ended where something is drawn
        check_leads(here.room_id, here.key)
        rooms().start(here.room_id, name)
        room_started(title)
        st.switch_page("dashboard/pages/side_by_side.py", query_params=here.link())
    st.rerun()  # to show why it was not done
