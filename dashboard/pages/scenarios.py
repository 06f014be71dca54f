"""Scenarios: choose one and start it, read its story, do its steps, start over; and the room's data for analysts."""

import tempfile
from pathlib import Path

import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.parts import story_bar
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import SCENARIO_WANTED, act_begins, room_started
from dashboard.shell.visit import Visit, visit
from dashboard.text.policy_link import policy_code
from dashboard.text.words import moment, plain, policy_in_words, policy_name
from data import scenarios
from data.scenario.scenario import Scenario


def page(here: Visit) -> None:
    """Show the room's story, the other scenarios, and the snapshot."""
    st.title("Scenarios")
    st.caption("This page is the simulation's own: it tells the whole story, also what a tenant does not see.")
    if wanted := SCENARIO_WANTED.take():
        _start(here, wanted)
    now, others = st.columns([3, 2], gap="large")
    with now:
        st.subheader(f"In this room: {plain(here.room.story.title)}", anchor=False)
        st.markdown(plain(here.room.story.summary))
        policy = here.room.policy
        st.caption(f":material/policy: **{plain(policy_name(policy))}**: {policy_in_words(policy)}.")
        code = policy_code(policy)
        st.page_link("dashboard/pages/policy.py", label="Is this policy safe?", query_params=here.link(policy=code))
        story_bar.step_bar(here)
        _steps(here)
        _snapshot(here)
    with others:
        st.subheader("Start another", anchor=False)
        st.caption("It takes this room's place, for everybody who has the link.")
        for name, scenario in scenarios().items():
            _card(here, name, scenario)


def _start(here: Visit, name: str) -> None:
    with told_if_unavailable():
        with st.spinner(f"Starting “{scenarios()[name].title}”…", show_time=True):
            rooms().start(here.room_id, name)
        room_started(scenarios()[name].title)
    st.rerun()


def _steps(here: Visit) -> None:
    done = here.room.steps_done
    if not here.room.story.steps:
        return
    with st.expander(f"All {len(here.room.story.steps)} steps", icon=":material/list:"):
        for number, step in enumerate(here.room.story.steps, start=1):
            mark = ":green[:material/check:]" if number <= done else ":gray[:material/radio_button_unchecked:]"
            st.markdown(f"{mark} **{number}.** {plain(step.say or story_bar.act_of(here.room.directory, step))}")


def _card(here: Visit, name: str, scenario: Scenario) -> None:
    with st.container(border=True):
        world = f" · a world of {scenario.background.tenants} more tenants" if scenario.background else ""
        steps = f"{len(scenario.steps)} steps" if scenario.steps else "no steps"
        st.markdown(
            f"**{plain(scenario.title)}**  \n{plain(scenario.summary)}  \n:small[:gray[{steps}{world}]]",
            width="stretch",
        )
        st.button("Start", key=f"start {name}", on_click=_wish, args=(name,))


def _wish(name: str) -> None:
    act_begins()
    SCENARIO_WANTED.put(name)


def _snapshot(here: Visit) -> None:
    st.subheader("For analysts", anchor=False)
    if here.viewer is not None:
        st.caption(
            "A snapshot of the room's database holds what no tenant may see: look as the trainer to download it."
        )
        st.page_link(
            "dashboard/pages/scenarios.py",
            label="Look as the trainer",
            icon=":material/visibility:",
            query_params=here.link() | {"viewer": TRAINER},
        )
        return
    st.caption(
        "The whole room as a DuckDB file, at this moment. In a notebook: `Room.open(path)`, or `duckdb.connect(path)`."
    )
    st.download_button(
        "Download a snapshot",
        lambda: _copy(here),
        file_name=f"room-{moment(here.room.now)[:15].replace(' ', '-').lower()}.duckdb",
        icon=":material/download:",
        key="snapshot",
        on_click="ignore",
    )


def _copy(here: Visit) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.duckdb"
        rooms().get(here.room_id).snapshot(path)
        return path.read_bytes()


page(visit())
