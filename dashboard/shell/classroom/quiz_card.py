"""The trainer's question to the class, on the pages of all viewers except trainers."""

import streamlit as st

from dashboard.background import quizzes
from dashboard.background.quizzes import Asked
from dashboard.server.visitors import visitor
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import OPEN_PAGE, act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import plain


def quiz_card(here: Visit) -> None:
    """Show the open question with its choices, except to a trainer."""
    asked = quizzes.open_question(here.room_id)
    if asked is None or here.viewer is None or here.past is not None or (here.invitation and here.leads):
        return
    key = f"quiz {asked.number}"
    who = _who(here)
    if key not in st.session_state and who in asked.answers:
        st.session_state[key] = asked.answers[who]
    with st.container(border=True, key="quiz"):
        st.markdown(":violet-badge[:material/quiz: A question to the class]")
        st.radio(
            plain(asked.question),
            range(len(asked.choices)),
            format_func=lambda place: plain(asked.choices[place]),
            index=None,
            key=key,
            on_change=_answer,
            args=(here, asked, key),
        )
        if who in asked.answers:
            st.caption("Your answer is counted, without your name. You can change it until the trainer closes.")
        else:
            st.caption("Choose one. Answers are counted without names.")


def _answer(here: Visit, asked: Asked, key: str) -> None:
    act_begins()
    choice = st.session_state.get(key)
    if choice is not None:
        with told_if_unavailable():
            quizzes.answer(here.room_id, here.key, _who(here), asked.number, int(choice))


def _who(here: Visit) -> str:
    """Return the identity of an answer's author: the name given with the link, or else the browser.

    In a room without invitations it is the tab, as one visitor may play everybody. It is empty in a tab's first run,
    before which nobody can answer.
    """
    if here.invitation and (who := here.name or visitor()):
        return f"{here.invitation.id} {who}"
    page = OPEN_PAGE.get()
    return page.token if page else ""
