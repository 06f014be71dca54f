"""Other systems: the checker's verdict on each preset, and the documentation of other systems."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import palette
from dashboard.background.jobs import checks
from dashboard.parts.policy import promise_list
from dashboard.parts.table.columns import Cell
from dashboard.parts.table.table import show_few
from dashboard.shell.visit import Visit, visit
from dashboard.text.systems import SYSTEMS
from dashboard.text.words import plain, sentence
from data.files.durations import duration_text
from data.scenario.policy_words import differences
from model import PRESETS, SETTINGS
from model.checker.promise_names import SENTENCES
from model.checker.report import Promise, Report
from model.settings import Choice, Duration, Setting

_NAMES = {"source": "The source", "two-key": "Two keys, this project's variant"} | {
    s.preset: s.name for s in SYSTEMS if s.preset
}
_COMPARED = sorted((s for s in SETTINGS.values() if s.compared), key=lambda s: not isinstance(s.kind, Duration))
"""The settings in the table, durations first: the checker has nothing to say about them."""


def page(here: Visit) -> None:
    """Show the presets against the promises, the sources of their figures, and all documented systems."""
    st.title("Other systems")
    st.caption(
        "Other vendors ask for access to one customer's own data; none of those that we read about has two customers "
        "who are to know nothing of each other. So these are not those systems, but this project's workflow with "
        "their figures: who decides, and how long things last. Nothing on this page is about your room."
    )
    st.header("What each would guarantee here", anchor=False)
    place = st.container()
    _sources(here)
    _read()
    with place, st.spinner("Trying every history of each…", show_time=True):
        reports = {name: checks.report(name) for name in PRESETS}
    with place:
        _guarantees(reports)


def _guarantees(reports: Mapping[str, Report]) -> None:
    """Show the differences between the presets, and behind a button what holds under each."""
    headings = ["", *(_NAMES[name] for name in reports)]
    by_preset = [{found.name: found for found in report.promises} for report in reports.values()]
    promised = {name: [promises.get(name) for promises in by_preset] for name in SENTENCES}
    same = [name for name, found in promised.items() if all(it and it.holds for it in found)]
    settings = [
        [Cell(str(s.compared)), *(_answer(s, getattr(policy, s.name)) for policy in PRESETS.values())]
        for s in _COMPARED
    ]
    differing = [_promise(name, found) for name, found in promised.items() if name not in same and any(found)]
    show_few("What differs", headings, settings + differing)
    with st.expander(f"{len(same)} promises hold under each of them", icon=":material/check_circle:"):
        show_few("What holds under each", headings, [_promise(name, promised[name]) for name in same])


def _promise(name: str, found: Sequence[Promise | None]) -> list[Cell]:
    """Return a row: the promise, and for each preset the verdict and the number of tests."""
    return [Cell(name), *map(_verdict, found)]


def _verdict(found: Promise | None) -> Cell:
    if found is None:  # the policy does not make the promise
        return Cell("no such limit", colour=palette.OVER.name)
    colour, _, word = promise_list.state_of(found)
    note = f"not {found.condition}; {found.tested_by}" if found.condition else found.tested_by
    return Cell(word, note, colour)


def _answer(setting: Setting, value: Any) -> Cell:
    """Return the setting's value: a duration, yes or no."""
    match setting.kind:
        case Duration():
            answer = f"after {duration_text(value)}" if value else ""
        case Choice(yes=yes):
            answer = "yes" if value in yes else ""
        case _:
            answer = "yes" if value else ""
    return Cell(answer or "no", colour=(palette.LIVE if answer else palette.OVER).name)


def _sources(here: Visit) -> None:
    """Show each preset's changes to the source's policy, their source, and a link to try it."""
    st.header("Where the figures were read", anchor=False)
    for name, policy in PRESETS.items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            changes = "; ".join(clause for clause, _ in differences(policy)) or "what the document says"
            source = f":small[:gray[Read in: {plain(policy.read_in)}.]]"
            st.markdown(f"**{_NAMES[name]}**  \n{sentence(changes)}.  \n{source}", width="stretch")
            st.page_link(
                "dashboard/pages/policy.py",
                label="Open in Policy",
                icon=":material/policy:",
                query_params=here.link(policy=name),
            )
    st.caption("Where another system lets a person choose the duration, this comparison uses the source's.")


def _read() -> None:
    """Show all documented systems, in their own words."""
    st.header("What their documentation says", anchor=False)
    st.caption(
        "Read, not checked. Where a system has a preset above, only who decides and how long things last was taken "
        "over; its states, and everything else in this table, are not simulated."
    )
    headings = ["", "States", "Who approves", "A request waits", "Access lasts", "Worth knowing", "Read in"]
    rows = [map(Cell, (it.name, it.states, it.approver, it.pending, it.grant, it.note, it.read_in)) for it in SYSTEMS]
    show_few("What was read", headings, [list(row) for row in rows])


page(visit())
