"""What if: a base and arms beside it are simulated on the same tickets, and what differs is told and shown."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.background.jobs.comparisons import comparisons
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.parts.what_if import arms_editor, as_in_room, decision, results
from dashboard.parts.what_if.run_told import how_far, say_why_nothing
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import CHANGING, QUESTION, QUESTION_OPEN, SIZE_WRONG, TRAINERS_QUESTION, Key
from dashboard.shell.visit import Visit, visit
from dashboard.text.question import DEFAULT, MOST_REPLICATIONS, MOST_TICKETS, Question
from dashboard.text.words import plain
from data.files.durations import approximately
from data.simulation.experiment import experiments
from data.simulation.words.findings import SHORT

_EVERY = 0.5  # seconds after which a run is looked at again


def page(here: Visit) -> None:
    """Show the answer if there is one, else the question and its progress; the question folds behind a button."""
    question = _asked(here)
    job = comparisons().find(question.link)
    done = job is not None and job.stage is Stage.DONE
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("What if")
        if job and done:
            _open_or_fold()
            results.downloads(question, job)
    _other_run(here, question)
    if job and done:
        if QUESTION_OPEN.get():
            _question(here, question)
        results.show(question, job)
        decision.show(here, question)
        results.details(question, job)
        return
    st.caption(
        "What would change if a request expired, if each tenant had to approve, or if people acted differently? The "
        "same simulated support requests (*tickets*, for short) meet the *base* and each alternative, called an *arm*. "
        + ("Nothing of this room is shown here." if here.viewer else "Members of this room are not shown what you ask.")
    )
    if job and not job.over and job.owners.intersection(_owners(here)):
        st.fragment(_going, run_every=_EVERY)(here, question)
    else:
        _begin(here, question, job)
    _question(here, question)


def _question(here: Visit, question: Question) -> None:
    """Show the question, to be changed."""
    _ready(here)
    from_room = partial(as_in_room.offer, here) if as_in_room.offered(here) else None
    arms_editor.show(question, partial(_ask, here), from_room, as_in_room.own_data(here))
    _primary(here, question)
    _size(here, question)


def _open_or_fold() -> None:
    opened = bool(QUESTION_OPEN.get())
    st.button(
        "Fold the question" if opened else "Change the question",
        key="fold question",
        icon=":material/expand_less:" if opened else ":material/tune:",
        on_click=QUESTION_OPEN.put,
        args=(not opened,),
    )


def _asked(here: Visit) -> Question:
    """Return the question of the link; without one, the last one asked here."""
    link = st.query_params.get("q") or _kept(here).get() or _wanted(here)
    try:
        question = Question.read(link) if link else DEFAULT
    except ValueError as error:
        st.warning(
            f"The question in this link cannot be read: {plain(error)}. Here is the usual one instead.",
            icon=":material/link_off:",
        )
        return DEFAULT
    _kept(here).put(question.link)
    return question


def _kept(here: Visit) -> Key[str]:
    """Return where the tab holds its last question: a trainer's may hold what was learned from the room."""
    return TRAINERS_QUESTION if here.viewer is None else QUESTION


def _owners(here: Visit) -> list[str]:
    """Return whose runs are shown; what is asked here is the first one's.

    A trainer's runs are not shown to the room's members, as their questions may hold what was learned from it.
    """
    return [f"{here.room_id} {TRAINER}", here.room_id] if here.viewer is None else [here.room_id]


def _wanted(here: Visit) -> str | None:
    """Return the link of the question that was asked last."""
    return next(filter(None, map(comparisons().wanted, _owners(here))), None)


def _stop(here: Visit) -> None:
    for owner in _owners(here):
        comparisons().stop(owner)


def _ask(here: Visit, question: Question) -> None:
    """Put the question into the link, for the first of its arms. For use in a callback."""
    st.query_params["q"] = question.link
    st.query_params.pop("arm", None)
    _kept(here).put(question.link)


def _ready(here: Visit) -> None:
    """Offer the shipped experiments as a start."""

    def begin() -> None:
        if chosen := st.session_state["ready"]:
            st.session_state["ready"] = None
            CHANGING.drop()
            _ask(here, Question.of(experiments()[chosen]))

    st.selectbox(
        "A question to begin with",
        list(experiments()),
        index=None,
        format_func=lambda name: experiments()[name].title,
        placeholder="Begin with another question",
        label_visibility="collapsed",
        key="ready",
        on_change=begin,
    )


def _primary(here: Visit, question: Question) -> None:
    """Ask for the figure that is to decide."""
    if st.session_state.get("primary") != question.primary:
        st.session_state["primary"] = question.primary

    def choose() -> None:
        _ask(here, replace(question, primary=st.session_state["primary"]))

    st.selectbox(
        "The figure that decides",
        list(SHORT),
        format_func=lambda metric: f"{SHORT[metric][0].upper()}{SHORT[metric][1:]}",
        key="primary",
        on_change=choose,
        help="Choose it before the run (statisticians call it the *primary* figure). Among many figures some differ by "
        "luck alone, so the others have to pass a stricter test.",
        width=460,
    )


def _size(here: Visit, question: Question) -> None:
    with st.expander("How much is simulated", icon=":material/casino:"), st.container(horizontal=True):
        for name, label, least, most, step, says in (
            (
                "tickets",
                "Tickets in each repetition",
                100,
                MOST_TICKETS,
                1000,
                "Under each policy. More tickets make each repetition steadier, and take longer.",
            ),
            (
                "replications",
                "Repetitions (replications)",
                2,
                MOST_REPLICATIONS,
                1,
                "How often everything is simulated again with different luck. How far the results differ gives the "
                "ranges (intervals).",
            ),
            (
                "seed",
                "Seed",
                0,
                2**32 - 1,
                1,
                "The number that all luck is drawn from: the same seed gives the same result, to the last digit.",
            ),
        ):
            value, key = getattr(question, name), f"size {name}"
            if st.session_state.get(key) != value:
                st.session_state[key] = value
            st.number_input(
                label,
                min_value=least,
                max_value=most,
                step=step,
                key=key,
                help=says,
                on_change=_resize,
                args=(here, question, name),
                width=220,
            )
        if wrong := SIZE_WRONG.get():
            st.error(f"{plain(wrong)}. Nothing was changed.", icon=":material/error:")


def _resize(here: Visit, question: Question, name: str) -> None:
    SIZE_WRONG.drop()
    try:
        _ask(here, replace(question, **{name: st.session_state[f"size {name}"]}))
    except ValueError as error:
        SIZE_WRONG.put(str(error))


# The run.


def _begin(here: Visit, question: Question, job: Job | None) -> None:
    """Show the button that starts the comparison, and why there are no results yet."""
    say_why_nothing(job)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Run again" if job and job.over else "Run",
            key="run",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(here, question),
        )
        policies = f"{len(question.worlds)} policies" if question.arms else "1 policy"
        st.caption(
            f"{policies} × {question.replications} repetitions × {question.tickets:,} tickets = "
            f"{question.in_all:,} tickets: {approximately(comparisons().estimate(question))}."
        )


def _start(here: Visit, question: Question) -> None:
    QUESTION_OPEN.drop()
    CHANGING.drop()
    _ask(here, question)
    comparisons().ask(_owners(here)[0], question)


def _going(here: Visit, question: Question) -> None:
    """How far the run is; draws the page again when it is over."""
    job = comparisons().find(question.link)
    if job is None or job.over:
        st.rerun(scope="app")
    with st.container(border=True, key="running"):
        st.progress(job.share, text=_words(job, comparisons().before(question.link)))
        st.button("Stop", key="stop", icon=":material/stop:", on_click=_stop, args=(here,))
        st.caption("You can leave this page or change the question while this runs.")


def _words(job: Job, before: int) -> str:
    drawing = job.of and job.done == job.of and job.stage is not Stage.WAITING
    return "Drawing the pictures …" if drawing else how_far(job, before)


def _other_run(here: Visit, question: Question) -> None:
    """Show what this room asked last, if that is not what the page shows."""
    wanted = _wanted(here)
    job = comparisons().find(wanted) if wanted else None
    if wanted is None or wanted == question.link or job is None or job.stage not in (Stage.WAITING, Stage.RUNNING):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="other run"):
        st.markdown(
            ":material/hourglass_top: The question that was asked before is still being answered.", width="stretch"
        )
        st.button("Show it", key="show other", on_click=_ask, args=(here, job.asked))
        st.button("Stop it", key="stop other", on_click=_stop, args=(here,))


page(visit())
