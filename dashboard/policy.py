"""Policy: change a rule and see which promises still hold; where one breaks, the shortest story that shows it."""

import logging
import os
from dataclasses import replace

import streamlit as st

from dashboard import checks, counterexample, knobs, promises, shell, story
from dashboard.policy_link import policy_code, policy_of
from dashboard.rooms import DEFAULT
from dashboard.words import differences, plain
from data import scenarios
from data.policies import FOLDER, policies, policy_text, save_policy
from model import PRESETS, Policy

_log = logging.getLogger(__name__)
_MOST_SAVED = 100  # policies
_LONGEST_TITLE = 80  # characters


def page(here: shell.Visit) -> None:
    """The knobs beside the promises; below, how one breaks, and what can be done with the policy."""
    story.enter_wished()
    st.title("Policy")
    st.caption(
        "This page is the simulation's own: it shows no room. Change who decides, what expires and who sees what; the "
        "checker tries every history of a small world by the very rules that rooms follow. The values at the start "
        "are the source's; the other choices, and the names of the knobs, are this project's."
    )
    policy = _of_link()
    ours, answer = st.columns([5, 6], gap="large")
    below = st.container()
    with ours:
        _begin_with(policy)
        knobs.edit(policy, "policy", _change)
    with answer:
        _in_words(policy)
        st.subheader("Is it safe?", anchor=False)
        place = st.empty()
    _use(policy)
    with place, st.spinner("Trying every history…", show_time=True):
        report = checks.report(policy_code(policy))
    breaks = promises.broken(report)
    asked = next((found for found in breaks if found.name == st.query_params.get("show")), None)
    shown = asked or next((found for found in breaks if not found.condition), None)
    with place.container():
        st.markdown(promises.verdict(report))
        promises.listing(report, shown.name if shown else None, _show)
        st.caption(promises.thoroughness(report))
    if shown:
        with below:
            counterexample.show(report, shown)


def _of_link() -> Policy:
    """The policy of the link; the source's where it names none, or none that can be read, which is then said."""
    try:
        return policy_of(st.query_params.get("policy", "source"))
    except ValueError as error:
        st.error(
            f"The policy of this link cannot be read: {plain(error)}. Here is the source's.", icon=":material/link_off:"
        )
        return Policy()


def _change(policy: Policy) -> None:
    """Puts the policy into the link, in a callback."""
    st.session_state.pop("said", None)
    st.query_params["policy"] = policy_code(policy)
    st.query_params.pop("show", None)


def _show(name: str) -> None:
    st.query_params["show"] = name


def _begin_with(policy: Policy) -> None:
    """A policy by name to begin with, and the way back to the source's."""
    known = policies(wrong=_left_out)
    st.session_state["begin with"] = next((name for name, saved in known.items() if saved == policy), None)

    def begin() -> None:
        if name := st.session_state["begin with"]:
            _change(known[name])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Begin with",
            list(known),
            key="begin with",
            placeholder="a policy of your own",
            on_change=begin,
            help="The source's, another system's figures, or one that somebody saved on this server.",
        )
        st.button(
            "Back to the source",
            key="reset",
            icon=":material/replay:",
            disabled=policy == Policy(),
            on_click=_change,
            args=(Policy(),),
        )


def _left_out(what: str) -> None:
    st.caption(f":material/warning: A saved policy is left out. {plain(what)}")


def _in_words(policy: Policy) -> None:
    """What the policy changes, against the source."""
    st.subheader("What differs from the source", anchor=False)
    found = differences(policy)
    if not found:
        st.markdown(":gray[Nothing: this is the source's policy.]")
    for told, instead in found:
        st.markdown(f":material/edit: {told[0].upper()}{told[1:]}  \n:small[:gray[in the source: {instead}]]")


def _use(policy: Policy) -> None:
    """A room under this policy, an arm of What if, a file."""
    st.subheader("Use this policy", anchor=False)
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
        st.caption("What a story expects was written for its own policy: under this one, a step may go another way.")
        st.button(
            "Start a room with this policy",
            key="start room",
            icon=":material/meeting_room:",
            on_click=story.wish,
            args=(stories[chosen], policy),
        )
    with what_if:
        st.markdown("**In What if**")
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
    st.caption("Everybody on this server can begin with it. `python -m data prove policy.toml` checks the file.")


def _keep(policy: Policy) -> None:
    """Saves the policy under a name that is free, in a callback, and says where."""
    name, title = (" ".join(st.session_state[f"save {what}"].split()) for what in ("name", "title"))
    known = policies(wrong=lambda _: None)
    try:
        if name in known and name not in PRESETS:
            raise ValueError(f"name: {name!r} is taken by a policy that somebody saved; choose another one")
        if len(known) - len(PRESETS) >= _MOST_SAVED:
            raise ValueError(f"{_MOST_SAVED} policies are saved here, which is the most; download yours instead")
        path = save_policy(name, replace(policy, title=title))
    except ValueError as error:
        shell.say("error", f"Not saved. {error}")
    except OSError:
        _log.exception("a policy could not be saved")  # which names a path: not for a visitor
        shell.say("error", "Not saved: the file could not be written; the app's own log says more.")
    else:
        where = f"the folder that {FOLDER} names" if os.environ.get(FOLDER) else "data/policies"
        shell.say("success", f"Saved: {path.name}, in {where}. To check it there: python -m data prove {path.name}")


page(shell.visit())
