"""Other systems: what the checker found that each preset guarantees here, and what was read about other systems."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.background.jobs import checks
from dashboard.parts.policy import promise_list
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
"""The settings that the table shows, lengths first: there is nothing to check about them."""


def page(here: Visit) -> None:
    """Show the presets against the promises, where their figures were read, and all systems that were read about."""
    st.title("Other systems")
    st.caption(
        "This page is the simulation's own: it shows no room. Other vendors ask for access to one customer's own data; "
        "none of those that we read about has two customers who are to know nothing of each other. So these are not "
        "those systems, but this project's workflow with their figures: who decides, and how long things last."
    )
    st.header("What each would guarantee here", anchor=False)
    place = st.empty()
    _sources(here)
    _read()
    with place, st.spinner("Trying every history of each…", show_time=True):
        reports = {name: checks.report(name) for name in PRESETS}
    place.table(_frame(reports), border="horizontal")


def _frame(reports: Mapping[str, Report]) -> pd.DataFrame:
    """Return a cell for each promise and preset, in Markdown; below them, what the settings say."""
    promised = {name: {found.name: found for found in report.promises} for name, report in reports.items()}
    names = [name for name in SENTENCES if any(name in by_name for by_name in promised.values())]
    rows = {f"**{name}**": [_cell(by_name.get(name)) for by_name in promised.values()] for name in names}
    rows |= {s.compared: [_answer(s, getattr(policy, s.name)) for policy in PRESETS.values()] for s in _COMPARED}
    return pd.DataFrame.from_dict(rows, orient="index", columns=[_NAMES[name] for name in reports])


def _cell(found: Promise | None) -> str:
    """Return the verdict and how much tested it; a dash for a policy that does not make the promise."""
    if found is None:
        return ":gray[:material/remove:\u00a0no such limit]"
    colour, icon, word = promise_list.state_of(found)
    says = f"not {found.condition}" if found.condition else word
    return f":{colour}[:material/{icon}:\u00a0{says}]  \n:small[:gray[{found.tested_by}]]"


def _answer(setting: Setting, value: Any) -> str:
    """Return the answer to the setting's question in Markdown: a length, yes or no."""
    match setting.kind:
        case Duration():
            answer = f"after {duration_text(value)}" if value else ""
        case Choice(yes=yes):
            answer = "yes" if value in yes else ""
        case _:
            answer = "yes" if value else ""
    return f":green[:material/check_circle:\u00a0{answer}]" if answer else ":gray[:material/remove:\u00a0no]"


def _sources(here: Visit) -> None:
    """Show what each preset changes in the source's policy, where that was read, and a link to try it."""
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
    """Show all systems that were read about, in their own words."""
    st.header("Read, not checked", anchor=False)
    st.caption(
        "What the documentation of each says of itself. Where a system has a preset above, only who decides and how "
        "long things last was taken over; the states, and what else is said here, are not simulated."
    )
    rows = {
        f"**{system.name}**": {
            "States": system.states,
            "Who approves": system.approver,
            "A request waits": system.pending,
            "Access lasts": system.grant,
            "Worth knowing": system.note,
            "Read in": f":gray[{system.read_in}]",
        }
        for system in SYSTEMS
    }
    st.table(pd.DataFrame.from_dict(rows, orient="index"), border="horizontal")


page(visit())
