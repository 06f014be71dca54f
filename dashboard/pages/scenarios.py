"""Scenarios: search and start them; this room's story, and its data for analysts."""

import tempfile
from pathlib import Path

import streamlit as st

from dashboard.background.entrance import check_leads
from dashboard.background.rooms import rooms
from dashboard.parts.cards import nothing
from dashboard.parts.rooms.room_care import room_care
from dashboard.parts.rooms.session_record import session_record
from dashboard.parts.scenarios.scenario_cards import cards, found
from dashboard.parts.scenarios.start_scenario import start_or_ask, wish
from dashboard.parts.story import story_bar
from dashboard.shell.page_list import TRAINER
from dashboard.shell.visit import Visit, visit
from dashboard.text.act_words import act_of
from dashboard.text.policy_link import policy_code
from dashboard.text.words import day_in_file_name, plain, policy_in_words, policy_name
from data import scenarios


def page(here: Visit) -> None:
    """Show the scenarios, the room's own story, and the snapshot."""
    start_or_ask(here)
    st.title("Scenarios")
    st.caption(
        "Each scenario is a story with people and tenants of its own. It starts in this room, for everybody who has "
        "the link. This page tells everything, including what a tenant does not see."
    )
    wanted = st.text_input(
        "Search",
        key="find",
        type="search",
        bind="query-params",
        max_chars=80,
        placeholder="Search: removal, Farah, 30 days …",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    names = found(scenarios(), wanted or "")
    if not names:
        nothing("No scenario matches", "Try another word, or fewer: all words must occur in a scenario.")
    cards(scenarios(), names, here.room.story.text, lambda name: wish(here, name))
    st.header("This room", anchor=False)
    _story(here)
    _snapshot(here)
    session_record(here)
    if here.viewer is None:
        room_care(here)


def _story(here: Visit) -> None:
    steps, done = here.room.story.steps, here.room.steps_done
    at = f" · step {done} of {len(steps)}" if steps else ""
    with st.expander(f"{plain(here.room.story.title)}{at}", icon=":material/auto_stories:", expanded=False):
        st.markdown(plain(here.room.story.summary))
        policy = here.room.policy
        st.caption(f":material/policy: **{plain(policy_name(policy))}**: {policy_in_words(policy)}.")
        code = policy_code(policy)
        st.page_link("dashboard/pages/policy.py", label="Is this policy safe?", query_params=here.link(policy=code))
        story_bar.step_bar(here)
        for number, step in enumerate(steps, start=1):
            mark = ":green[:material/check:]" if number <= done else ":gray[:material/radio_button_unchecked:]"
            st.markdown(f"{mark} **{number}.** {plain(step.say or act_of(here.room.directory, step))}")


def _snapshot(here: Visit) -> None:
    with st.expander("For analysts: the room as a file", icon=":material/download:"):
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
            "The whole room as a DuckDB file, at this moment. In a notebook: `Room.open(path)`, or "
            "`duckdb.connect(path)`."
        )
        st.download_button(
            "Download a snapshot",
            lambda: _copy(here),
            file_name=f"room-{day_in_file_name(here.room.now)}.duckdb",
            icon=":material/download:",
            key="snapshot",
            on_click="ignore",
        )


def _copy(here: Visit) -> bytes:
    check_leads(here.room_id, here.key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.duckdb"
        rooms().get(here.room_id).snapshot(path)
        return path.read_bytes()


page(visit())
