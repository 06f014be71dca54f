"""The shortest story that breaks a promise, and for a visible removal, the screens with and without it."""

import re
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.palette import DIFFERS
from dashboard.parts.policy.promise_list import state_of
from dashboard.parts.story import story_bar
from dashboard.text.words import badge, moment, plain
from data.scenario.scenario import Scenario
from data.scenario_writing.counterexamples import Screen, screens, stories
from model import Engineer, Member
from model.checker.report import Promise, Report
from model.checker.small_world import DIRECTORY


def verdict(report: Report, found: Promise) -> None:
    """Show what is wrong, and if it takes two stories, their final screens side by side."""
    assert found.counterexample
    seen, wrong, (colour, icon, _) = screens(report, found.name), found.counterexample.wrong, state_of(found)
    st.markdown(f":{colour}[:material/{icon}:] {plain(wrong[0].upper() + wrong[1:])}.")
    for number, column in enumerate(st.columns(len(seen)) if seen else ()):
        with column:
            _screen(seen[number], seen[1 - number])


def show(report: Report, found: Promise) -> None:
    """Show the story step by step, in two columns if it takes two stories."""
    scenarios, seen = stories(report, found.name), screens(report, found.name)
    st.header(f"How “{found.name}” breaks", anchor=False)
    columns = st.columns(len(scenarios), border=True) if len(scenarios) > 1 else [st.container(border=True)]
    for number, (column, one) in enumerate(zip(columns, scenarios, strict=True)):
        others = {step.say for other in scenarios if other is not one for step in other.steps}
        with column:
            if seen:
                st.markdown(f"**{plain(seen[number].heading)}**")
            _steps(one, others if seen else None)
            _take_along(one, found.name, number if seen else None)


def _heading(screen: Screen) -> str:
    who = DIRECTORY.tenants[screen.viewer.tenant] if isinstance(screen.viewer, Member) else "the engineer"
    return f"What {who} sees {screen.heading[0].lower()}{screen.heading[1:]}"


def _steps(story: Scenario, others: set[str] | None) -> None:
    """Show a story step by step, and mark the steps that are not among the other story's `others`."""
    lines = []
    for number, step in enumerate(story.steps, start=1):
        only = others is not None and step.say not in others and step.by is not None
        lines.append(f"{number}. {plain(step.say)}" + (f" :{DIFFERS.badge}[only here]" if only else ""))
    st.markdown("\n".join(lines))


def _screen(here: Screen, there: Screen) -> None:
    """Show the viewer's pages at the end, and mark the differences from the other story."""
    viewer = here.viewer
    with st.container(border=True, height="stretch"):
        if isinstance(viewer, Engineer):
            who = f"{DIRECTORY.engineers[viewer.id]} · support engineer"
        else:
            who = f"{DIRECTORY.people[viewer.person]} · {DIRECTORY.tenants[viewer.tenant]}"
        st.markdown(f"**{_heading(here)}**  \n:small[:gray[:material/person: {plain(who)} · {moment(here.now)}]]")
        listed = _lists(here)
        for name in sorted(listed, key=lambda name: listed[name] == _lists(there)[name]):  # differences come first
            _list(name, listed[name], _lists(there)[name])
        if not any(listed[name] != rows for name, rows in _lists(there).items()):
            st.markdown(f"**{plain(here.what)}**  \n:{DIFFERS}-background[{plain(here.found)}]")


def _lists(screen: Screen) -> dict[str, list[str]]:
    """Return the viewer's lists by name, each row in Markdown, without those that the viewer may not see."""
    viewer, lists = screen.viewer, dict[str, list[str]]()
    if isinstance(viewer, Member) and DIRECTORY.administers(viewer.person, viewer.tenant):
        lists["Pending requests"] = _requests(screen.pending)
        lists["Approved access"] = _requests(screen.approved_access)
        lists["Support requests"] = [f"{plain(row['title'])} · {row['status']}" for row in _rows(screen.tickets)]
    if isinstance(viewer, Member) and DIRECTORY.reads_audit_log(viewer.person, viewer.tenant):
        lists["Audit log"] = [
            f"{moment(row['occurred_at'])} · {plain(row['activity'])} · {plain(row['actor'])}"
            for row in _rows(screen.audit_log)
        ]
    return lists


def _rows(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return frame.to_dict("records")


def _requests(rows: pd.DataFrame) -> list[str]:
    return [
        f"{plain(row['request_id'])} {badge(row['status'])} {plain(row['title'])}"
        + (f" · decided by {plain(row['decided_by'])}" if row["decided_by"] else "")
        for row in _rows(rows)
    ]


def _list(name: str, rows: Sequence[str], others: Sequence[str]) -> None:
    """Show a list, and mark the differences from the other screen's, including missing rows."""
    differs = f" :{DIFFERS.badge}[:material/call_split: differs]" if rows != others else ""
    lines = [row if row in others else f":{DIFFERS}-background[{row}]" for row in rows]
    nothing = f":{DIFFERS}-background[nothing]" if differs else ":gray[nothing]"
    st.markdown(f"**{name}**{differs}  \n" + ("  \n".join(lines) or nothing))


def _take_along(story: Scenario, promise: str, number: int | None) -> None:
    """Offer the story as a room and as a file."""
    words = re.sub(r"[^a-z]+", "-", promise.lower()).strip("-")
    file = words if number is None else f"{words}-{('removed', 'not-removed')[number]}"
    with st.container(horizontal=True):
        st.button(
            "Open as a story in a new room",
            key=f"open story {number or 0}",
            icon=":material/auto_stories:",
            on_click=story_bar.wish,
            args=(story,),
        )
        st.download_button(
            "Download as a scenario (TOML)",
            story.text,
            file_name=f"{file}.toml",
            mime="application/toml",
            key=f"download story {number or 0}",
            icon=":material/download:",
            on_click="ignore",
            help="`python -m data check FILE.toml` plays it.",
        )
