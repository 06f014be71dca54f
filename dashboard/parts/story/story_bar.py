"""The story of a room on its pages: its state and next step; and stories for new rooms."""

import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.parts.story import story_turn, take_back
from dashboard.parts.story.quiz_panel import asks_now, quiz_panel
from dashboard.parts.story.trainer_notes import trainer_notes
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.classroom.autopilot import autopilot_button
from dashboard.shell.classroom.pause import blank_button
from dashboard.shell.messages import say
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import ROOM_WANTED, act_begins, room_started
from dashboard.shell.visit import Visit
from dashboard.text.act_words import act_of
from dashboard.text.other_way import other_way
from dashboard.text.words import plain
from data import DamagedRoom
from data.scenario.scenario import Scenario, Step
from model import Policy

_LARGEST = 120  # characters of a step up to which the largest type is used, so that the parties stay visible


def step_bar(here: Visit, *, presenting: bool | None = None) -> None:
    """Show the story's latest step and the button for the next one.

    `presenting`: whether the page is being presented; None on a page that cannot be.
    """
    steps, done = here.room.story.steps, here.room.steps_done
    with st.container(border=not presenting, key="story", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if presenting:
                st.markdown(":gray-badge[Simulation]", width="content")
            where = f"step {done} of {len(steps)}" if steps else "no story"
            where += ", left" if here.room.progress.is_left else ""
            st.markdown(f"**{plain(here.room.story.title)}** · {where}", width="content")
            if steps:
                if done < len(steps):
                    st.progress(done / len(steps))
                if done or not presenting:
                    take_back.back_button(here, presenting)
                _next_button(here, presenting)
            take_back.undo_buttons(here)
            if presenting is not None:
                _present_button(presenting)
                if presenting:
                    autopilot_button(here, opens=not done)
                    blank_button(here, presenting=True)
            _more(here)
        if done:
            _tell(here, steps[done - 1], large=bool(presenting))
        elif steps:
            st.markdown(plain(here.room.story.summary))
        else:
            st.caption("Use the pages as any of the people, or choose a scenario.")
        quiz_panel(here)
        if not presenting:
            story_turn.next_turn(here)
            if steps and done == len(steps):
                _what_next(here)
        if presenting is False:
            trainer_notes(here)
        if presenting is False or here.past is not None:
            take_back.moments(here)
    take_back.ask_if_wanted(here)


def _next_button(here: Visit, presenting: bool | None) -> None:
    done, steps = here.room.steps_done, here.room.story.steps
    if done == len(steps):
        st.markdown(":green-badge[:material/check: The story is finished]", width="content")
        return
    asks = asks_now(here)
    st.button(
        "Next step" if done else "First step",
        key="next step",
        help="Close the question to the class first: this step shows the answer." if asks else None,
        type="primary",
        icon=":material/skip_next:",
        disabled=here.past is not None or asks or here.room.progress.is_left,
        shortcut="Right" if presenting else None,
        on_click=_next,
        args=(here,),
    )


def _present_button(presenting: bool) -> None:
    def turn() -> None:
        if presenting:
            del st.query_params["present"]
        else:
            st.query_params["present"] = "1"

    label, icon = ("End", ":material/close_fullscreen:") if presenting else ("Present", ":material/open_in_full:")
    st.button(label, key="present", icon=icon, shortcut="P", on_click=turn)


def _more(here: Visit) -> None:
    with st.popover("More", icon=":material/more_horiz:"):
        take_back.more_buttons(here)
        st.page_link("dashboard/pages/scenarios.py", label="Other scenarios", query_params=here.link())


def _tell(here: Visit, step: Step, *, large: bool = False) -> None:
    """Show a step's narration, actor and act."""
    act = plain(act_of(here.room.directory, step))
    largest = large and len(step.say) <= _LARGEST
    (st.title if largest else st.header)(plain(step.say) or act, anchor=False)
    if step.say and act and not large:  # to present it, the parties need the room
        st.caption(act)


def _what_next(here: Visit) -> None:
    """Show where to go when the story has been told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="what next"):
        st.caption("What next?", width="content")
        for file, label in (("scenarios", "Choose another scenario"), ("what_if", "Ask what if")):
            st.page_link(f"dashboard/pages/{file}.py", label=label, query_params=here.link(), width="content")


def _next(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        room = here.current
        try:
            played = room.next_step()
        except DamagedRoom:  # a ValueError too, and its text is not for a visitor
            raise
        except ValueError as error:  # the clock has been moved too far for the story's next wait
            say("error", str(error))
            return
        if played and played.failures:
            say("warning", other_way(played))


# A story of its own.


def wish(scenario: Scenario, policy: Policy | None = None) -> None:
    """In a callback: request a new room for the story, under its own policy or another; `enter_wished` makes it."""
    act_begins()
    ROOM_WANTED.put((scenario, policy))


def enter_wished() -> None:
    """Make the requested room, if any, and go there; this run of the page then ends."""
    if wished := ROOM_WANTED.get():
        scenario, policy = wished
        room = rooms().new_id()
        with told_if_unavailable(), st.spinner(f"Starting “{plain(scenario.title)}”…", show_time=True):
            ROOM_WANTED.drop()  # not before: a run can be ended where something is drawn
            rooms().start(room, scenario, policy)
            room_started(scenario.title)
            st.switch_page("dashboard/pages/side_by_side.py", query_params={"room": room, "viewer": TRAINER})
        st.rerun()  # to show what was said
