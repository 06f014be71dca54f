"""Show one simulated case, the median or the longest, as the story of a new room."""

import streamlit as st

from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.acting import why_not_done
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import CASE_MADE, CASE_WANTED
from dashboard.text.question import Question
from dashboard.text.words import plain
from data import DamagedRoom, RoomUnavailable
from data.simulation.runs.case_story import WHICH, case_story, example
from data.simulation.runs.run import simulate


def show(question: Question) -> None:
    """Let the viewer choose a simulated case and open it as the story of a new room."""
    with st.container(border=True):
        st.markdown("**Show me one**  \n:small[Follow one simulated case, step by step.]")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            arms = {place: arm.name for place, arm in enumerate(question.worlds)}
            st.selectbox("Under the arm", list(arms), format_func=arms.__getitem__, key="case arm", width=320)
            st.segmented_control(
                "the case",
                list(WHICH),
                format_func={"median": "in the middle", "worst": "that took longest"}.__getitem__,
                default="median",
                required=True,
                key="case which",
            )
            st.button(
                "Make its story", key="case open", icon=":material/auto_stories:", on_click=_wish, args=(question,)
            )
        if (wanted := CASE_WANTED.take()) and wanted[0] == question.link:
            CASE_MADE.drop()
            try:
                with st.spinner("Writing the story…", show_time=True):
                    CASE_MADE.put((question.link, *_made(question, *wanted[1:])))
            except (RoomNotOpened, RoomUnavailable, DamagedRoom) as error:
                st.error(plain(why_not_done(error)), icon=":material/block:")
            except ValueError as error:
                st.warning(f"There is no such case: {plain(error)}.", icon=":material/search_off:")
        made = CASE_MADE.get()
        if made and made[0] == question.link:
            _, title, summary, room = made
            st.markdown(f"**{plain(title)}**  \n{plain(summary)}")
            st.page_link(
                "dashboard/pages/side_by_side.py",
                label="Open the story in a room of its own",
                icon=":material/open_in_new:",
                query_params={"room": room, "viewer": TRAINER},
            )
            st.caption("This room stays as it is, and Back in the browser leads here again.")


def _wish(question: Question) -> None:
    held = st.session_state
    CASE_WANTED.put((question.link, held["case arm"], held["case which"]))


def _made(question: Question, place: int, which: str) -> tuple[str, str, str]:
    """Simulate the first replication again, start a room with the case, and return its title, summary and id."""
    arm = question.worlds[place]
    run = simulate(arm.policy, arm.behaviour, tickets=question.tickets, seed=question.seed, threads=1)
    story = case_story(run, example(run, which), arm.name)
    room = rooms().new_id()
    rooms().start(room, story)
    return story.title, story.summary, room
