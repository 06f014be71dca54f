"""What would change the answer: assumptions shaken, settings swept, the least access. Each is run when asked for."""

from collections.abc import Mapping

import streamlit as st

from dashboard.background.jobs.comparisons import comparisons
from dashboard.background.jobs.decision_asked import DecisionAsked, Kind
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.parts.what_if import decision_results
from dashboard.parts.what_if.run_told import how_far, say_why_nothing
from dashboard.shell.visit import Visit
from dashboard.text.question import Question
from data.files.durations import approximately
from data.simulation.decision.assumption_words import about
from data.simulation.decision.knobs import KNOBS
from data.simulation.words.findings import SHORT
from model import SETTINGS

_EVERY = 0.5  # seconds after which a run is looked at again
_KINDS: Mapping[Kind, tuple[str, str]] = {  # a label, and what it does
    "sensitivity": (
        "If an assumption is off",
        "How people act is assumed. Here each assumption gets a low and a high plausible value, one at a time, and the "
        "difference between the policies is worked out anew: does their order change?",
    ),
    "sweep": (
        "If a setting were different",
        "One or two settings or assumptions over a range, together with each policy: where is the figure best?",
    ),
    "trade-off": (
        "How little access will do",
        "The shorter engineers have access, the longer tickets take. With how little access are nine in ten tickets "
        "still resolved in time, if every promise is kept?",
    ),
}
_CHANGE_NOTHING = ("history_days", "history_from", "justification")  # settings that change no figure


def show(here: Visit, question: Question) -> None:
    """Show the three kinds, of which one is open, and how it stands with it."""
    st.header("What would change this?", anchor=False)
    kinds = [kind for kind in _KINDS if kind != "sensitivity" or question.arms]
    kind = st.segmented_control(
        "What would change this?",
        kinds,
        format_func=lambda kind: _KINDS[kind][0],
        default=kinds[0],
        required=True,
        key="what-if change",
        label_visibility="collapsed",
    )
    st.caption(_KINDS[kind][1])
    asked = _ASK[kind](question)
    job = comparisons().find(asked.key)
    if job and job.stage is Stage.DONE:
        decision_results.show(asked, job.result)
    elif job and not job.over and asked.owner(here.room_id) in job.owners:
        st.fragment(_going, run_every=_EVERY)(here, asked)
    else:
        _begin(here, asked, job)


def _sensitivity(question: Question) -> DecisionAsked:
    st.caption(f"The figure that decides: **{SHORT[question.primary]}**, as the question says.")
    return DecisionAsked("sensitivity", question)


def _sweep(question: Question) -> DecisionAsked:
    known = [name for name in KNOBS if name not in _CHANGE_NOTHING]
    with st.container(horizontal=True):
        first = st.selectbox("Over", known, known.index("grant_lasts"), _knob, key="sweep first", width=360)
        others = [name for name in known if name != first]
        second = st.selectbox(
            "and over", others, None, _knob, key="sweep second", placeholder="nothing else", width=360
        )
    return DecisionAsked("sweep", question, tuple(name for name in (first, second) if name))


def _trade_off(question: Question) -> DecisionAsked:
    with st.container(horizontal=True):
        which = st.selectbox(
            "Policies",
            [False, True],
            format_func=lambda own: "Those compared above" if own else "A set that varies who decides and for how long",
            key="trade-off policies",
            width=400,
        )
        days = st.number_input("Nine in ten tickets resolved within, days", 1, 365, 9, key="trade-off days", width=300)
    return DecisionAsked("trade-off", question, within_days=int(days), of_its_own=bool(which))


_ASK = {"sensitivity": _sensitivity, "sweep": _sweep, "trade-off": _trade_off}


def _knob(name: str) -> str:
    label = SETTINGS[name].label if name in SETTINGS else about(name)
    return f"{label[0].upper()}{label[1:]}" + ("" if name in SETTINGS else " (assumed)")


# The run.


def _begin(here: Visit, asked: DecisionAsked, job: Job | None) -> None:
    """Show the button that starts it, and why there is nothing yet."""
    say_why_nothing(job)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Run again" if job and job.over else "Find out",
            key=f"run {asked.kind}",
            icon=":material/play_arrow:",
            on_click=comparisons().ask_beside,
            args=(here.room_id, asked),
        )
        st.caption(
            f"{asked.runs:,} runs of {asked.tickets:,} tickets, on the same luck: "
            f"{approximately(comparisons().estimate(asked))}."
        )


def _going(here: Visit, asked: DecisionAsked) -> None:
    """Show how far the run is; draw the page again when it is over."""
    job = comparisons().find(asked.key)
    if job is None or job.over:
        st.rerun(scope="app")
    with st.container(border=True, key=f"running {asked.kind}"):
        st.progress(job.share, text=how_far(job, comparisons().before(asked.key)))
        st.button(
            "Stop",
            key=f"stop {asked.kind}",
            icon=":material/stop:",
            on_click=comparisons().stop,
            args=(asked.owner(here.room_id),),
        )
