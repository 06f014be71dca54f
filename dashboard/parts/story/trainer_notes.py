"""The notes of a guided lesson beside its story, for the trainer, hidden while the page is presented."""

import streamlit as st

from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data.scenario.scenario import Notes, Scenario


def trainer_notes(here: Visit) -> None:
    """Show the trainer the notes of the latest step and the next step, if the story has any."""
    story, done = here.room.story, here.room.steps_done
    if here.viewer is not None or not here.leads or not story.is_lesson:
        return
    with st.expander(f"Trainer's notes · {_left(story, done)}", icon=":material/sticky_note_2:", expanded=True):
        st.caption("Only trainers see this, and not where the page is presented.")
        if done:
            _show(story.steps[done - 1].notes)
        if done < len(story.steps) and (coming := story.steps[done].notes):
            st.markdown(f":gray[**Next{_minutes(coming)}** · {plain(coming.say)}]")


def _left(story: Scenario, done: int) -> str:
    left = sum(step.notes.minutes or 0 for step in story.steps[done:])
    return f"{left} of {story.takes} minutes left"


def _show(notes: Notes) -> None:
    if not notes:
        st.markdown("Nothing is noted for this step.")
        return
    if notes.say:
        st.markdown(f"**Say{_minutes(notes)}** · {plain(notes.say)}")
    if notes.mistakes:
        st.markdown(f"**What people get wrong** · {plain(notes.mistakes)}")
    if notes.product:
        st.markdown(f"**Where the real product may differ** · {plain(notes.product)}")


def _minutes(notes: Notes) -> str:
    return f" · {notes.minutes} min" if notes.minutes else ""
