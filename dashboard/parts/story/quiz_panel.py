"""The story's questions to the class, for the trainer: ask, close, and the tally as a chart."""

from typing import Literal

import pandas as pd
import streamlit as st

from dashboard.background import quizzes
from dashboard.background.quizzes import Asked
from dashboard.charts.quiz import tally_chart, tally_height, tally_rows
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data.scenario.scenario import Quiz

_LOOK_EVERY = 1.5  # seconds, while a question is open


def asks_now(here: Visit) -> bool:
    """Return whether a question is open: the next step, which proves the answer, waits until it is closed."""
    return quizzes.open_question(here.room_id) is not None


def quiz_panel(here: Visit) -> None:
    """Show the question before the next step, or the answer to the one before the latest step."""
    if here.viewer is not None or not here.leads:
        return
    steps, done = here.room.story.steps, here.room.steps_done
    coming = steps[done].quiz if done < len(steps) else None
    if done and (asked := steps[done - 1].quiz):
        _answer(here, asked)
    if coming and here.past is None:
        _question(here, coming)
    now = quizzes.open_question(here.room_id)
    if now and here.past is None and not (coming and coming.question == now.question):  # another step's or story's
        st.button("Close the question to the class", key="quiz close", on_click=_close, args=(here,))


def _question(here: Visit, quiz: Quiz) -> None:
    asked = quizzes.latest(here.room_id, quiz.question, [choice.says for choice in quiz.choices])
    with st.container(border=True, key="quiz panel"):
        st.markdown(":violet-badge[:material/quiz: Before the next step]")
        st.subheader(plain(quiz.question), anchor=False)
        if asked and asked.is_open:
            _list(quiz)
            st.fragment(_count, run_every=_LOOK_EVERY)(asked)
            st.button(
                "Close the question",
                key="quiz close",
                type="primary",
                icon=":material/lock:",
                on_click=_close,
                args=(here,),
            )
            return
        if asked:
            _picture(asked)
            st.caption("The next step shows which answer is right.")
        else:
            _list(quiz)
        label = "Ask again" if asked else "Ask the class"
        kind: Literal["primary", "secondary"] = "secondary" if asked else "primary"
        st.button(label, key="quiz ask", type=kind, icon=":material/campaign:", on_click=_ask, args=(here, quiz))


def _list(quiz: Quiz) -> None:
    st.markdown("\n".join(f"- {plain(choice.says)}" for choice in quiz.choices))


def _count(asked: Asked) -> None:
    many = len(asked.answers)
    st.markdown(
        f"**{many}** {'answer' if many == 1 else 'answers'} so far. Everyone with a participant's page is asked."
    )


def _answer(here: Visit, quiz: Quiz) -> None:
    """Show the right answer, its reason, and the class's answers."""
    asked = quizzes.latest(here.room_id, quiz.question, [choice.says for choice in quiz.choices])
    proved = any(choice.is_proved for choice in quiz.choices if choice.says == quiz.right)
    with st.container(border=True, key="quiz answer"):
        st.markdown(f":violet-badge[:material/quiz: The answer] {plain(quiz.question)}")
        st.markdown(f":material/check: **{plain(quiz.right)}**  \n{plain(quiz.why)}")
        if asked and asked.answers:
            _picture(asked, quiz.right)
        if here.room.policy != here.room.story.policy:
            st.caption("This room has another policy than the story was written for: the answer may be another one.")
        elif proved:
            st.caption("Proved: the scenario compares its answer with what the parties find after this step.")


def _picture(asked: Asked, right: str | None = None) -> None:
    tally = asked.tally()
    if not sum(tally):
        st.caption("Nobody has answered.")
        return
    words = "; ".join(f"{choice}: {count}" for choice, count in zip(asked.choices, tally, strict=True))
    st.vega_lite_chart(
        tally_rows(asked.choices, tally, right),
        tally_chart(),
        height=tally_height(asked.choices),
        alt=f"Answers of the class. {words}",
        key=f"tally {asked.number} {right is not None}",
    )
    with st.expander("As a table", icon=":material/table:"):
        st.dataframe(pd.DataFrame({"Choice": asked.choices, "Answers": tally}), hide_index=True)


def _ask(here: Visit, quiz: Quiz) -> None:
    act_begins()
    with told_if_unavailable():
        here.check_present()
        quizzes.ask(here.room_id, here.key, quiz.question, [choice.says for choice in quiz.choices])


def _close(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        quizzes.close(here.room_id, here.key)
