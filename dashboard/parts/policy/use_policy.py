"""Using a policy: in a new room, as an arm of What if, or as a saved file."""

import logging
import os
from dataclasses import replace

import streamlit as st

from dashboard.background.rooms import DEFAULT
from dashboard.parts.story import story_bar
from dashboard.shell.session_state import SAVE_SAID
from dashboard.shell.visit import Visit
from dashboard.text.question import Question
from dashboard.text.words import plain
from data import scenarios
from data.scenario.policy_files import FOLDER, policies, policy_text, save_policy
from model import PRESETS, Policy

_log = logging.getLogger(__name__)
_MOST_SAVED = 100  # policies
_LONGEST_TITLE = 80  # characters


def show(here: Visit, policy: Policy) -> None:
    """Offer a new room under this policy, an arm of What if and a file."""
    st.header("Use this policy", anchor=False)
    room, what_if, file = st.columns(3, border=True)
    with room:
        st.markdown("**In a new room**")
        stories = scenarios()
        chosen = st.selectbox(
            "Scenario",
            list(stories),
            index=list(stories).index(DEFAULT),
            format_func=lambda name: stories[name].title,
            key="scenario",
        )
        if stories[chosen].policy != policy:
            st.caption("This story was written for another policy, so some steps may turn out differently.")
        st.button(
            "Start a room with this policy",
            key="start room",
            icon=":material/meeting_room:",
            on_click=story_bar.wish,
            args=(stories[chosen], policy),
        )
    with what_if:
        st.markdown("**In What if**")
        base = policy == Policy()
        caption = "What would it cost, or save? The same simulated support requests meet this policy and the source's."
        st.caption("This is the source's policy: the base, with which others are compared." if base else caption)
        st.page_link(
            "dashboard/pages/what_if.py",
            label="Compare it in What if",
            icon=":material/science:",
            query_params=here.link(q=Question().with_arm("This policy", policy).link),
            disabled=base,
        )
    with file:
        _save(policy)


def _save(policy: Policy) -> None:
    st.markdown("**By a name**")
    st.text_input(
        "Name", key="save name", max_chars=40, placeholder="short-grants", help="Lower-case letters, digits, - and _."
    )
    st.text_input("Title", key="save title", max_chars=_LONGEST_TITLE, placeholder="What it is for; may be empty")
    with st.container(horizontal=True):
        st.button("Save", key="save", icon=":material/save:", on_click=_keep, args=(policy,))
        st.download_button(
            "Download",
            policy_text(policy),
            file_name="policy.toml",
            mime="application/toml",
            key="download policy",
            icon=":material/download:",
            on_click="ignore",
        )
    if said := SAVE_SAID.take():
        kind, text = said
        getattr(st, kind)(plain(text))
    st.caption("Everyone who uses this server can start from it. `python -m data prove policy.toml` checks the file.")


def _keep(policy: Policy) -> None:
    """In a callback: save the policy under an unused name, and keep a message with its place."""
    name, title = (" ".join(st.session_state[f"save {what}"].split()) for what in ("name", "title"))
    known = policies(wrong=lambda _: None)
    try:
        if name in known and name not in PRESETS:
            raise ValueError(f"name: {name!r} is taken by a policy that somebody saved; choose another one")
        if len(known) - len(PRESETS) >= _MOST_SAVED:
            raise ValueError(f"{_MOST_SAVED} policies are saved here, which is the most; download yours instead")
        path = save_policy(name, replace(policy, title=title))
    except ValueError as error:
        _say("error", f"Not saved. {error}")
    except OSError:
        _log.exception("a policy could not be saved")  # which names a path: not for a visitor
        _say("error", "Not saved: the file could not be written; the app's own log says more.")
    else:
        where = f"the folder that {FOLDER} names" if os.environ.get(FOLDER) else "var/policies"
        _say("success", f"Saved: {path.name}, in {where}. To check it there: python -m data prove {path.name}")


def _say(kind: str, text: str) -> None:
    """Keep a message to show beside the button, which is far from the top of the page."""
    SAVE_SAID.put((kind, text))
