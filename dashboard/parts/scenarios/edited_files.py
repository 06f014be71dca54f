"""The editable files: scenarios, experiments and policies, each with examples and a preview."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import streamlit as st

from dashboard.parts.story import story_bar
from dashboard.shell.messages import say
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit
from dashboard.text.act_words import act_of
from dashboard.text.policy_link import policy_code
from dashboard.text.question import Question
from dashboard.text.words import plain, policy_in_words, policy_name
from data import Experiment, Room, scenarios
from data.files.shipped_files import shipped_files
from data.scenario.policy_files import parse_policy, policy_text
from data.scenario.reader import parse_scenario
from model import PRESETS

_MOST_PLAYED = 200  # steps: more would take seconds after each change
_LINE = re.compile(r"\bline (\d+)")


@dataclass(frozen=True)
class Kind:
    """A kind of file: its examples by name, and its preview of a text, which raises ValueError."""

    begin: Callable[[], Mapping[str, str]]
    show: Callable[[Visit, str], None]


def line_of_error(message: str) -> int | None:
    """Return the line that a message names."""
    found = _LINE.search(message)
    return int(found[1]) if found else None


# Scenarios.


@st.cache_data(max_entries=64, show_spinner="Playing the story…")
def _played(text: str) -> list[tuple[str, ...]]:
    """Return the failures of each step, played without background traffic, which does not affect them."""
    story = parse_scenario(text)
    with Room.create(scenario=replace(story, background=None)) as room:
        return [played.failures for played in room.play()]


def _show_scenario(here: Visit, text: str) -> None:
    story = parse_scenario(text, "this file")
    steps = story.steps
    outcomes = _played(text) if len(steps) <= _MOST_PLAYED else [()] * len(steps)
    failed = sum(bool(failures) for failures in outcomes)
    if len(steps) > _MOST_PLAYED:
        st.info(f"It can be read. Stories of more than {_MOST_PLAYED} steps are played by `python -m data check`.")
    elif failed:
        st.warning(f"{failed} of {len(steps)} steps went another way.", icon=":material/rule:")
    else:
        st.success(f"All {len(steps)} steps are as expected." if steps else "It can be read; it has no steps.")
    st.button(
        "Start it in a new room",
        key="start edited",
        type="primary",
        icon=":material/meeting_room:",
        on_click=_start,
        args=(text,),
    )
    for number, (step, failures) in enumerate(zip(steps, outcomes, strict=True), start=1):
        mark = ":red[:material/close:]" if failures else ":green[:material/check:]"
        asks = " :violet-badge[quiz]" if step.quiz else ""
        st.markdown(f"{mark} **{number}.** {plain(act_of(story.directory, step) or step.say)}{asks}")
        for failure in failures:
            st.caption(plain(failure))


def _start(text: str) -> None:
    act_begins()
    try:
        story_bar.wish(parse_scenario(text))
    except ValueError as error:
        say("error", f"This was not started: {error}")


# Experiments.


def _show_experiment(here: Visit, text: str) -> None:
    experiment = Experiment.parse(text, "this file")
    st.success(f"It can be read: {plain(experiment.title)}.")
    arms = "\n".join(f"- {plain(arm.name)}{' (the base)' if not n else ''}" for n, arm in enumerate(experiment.arms))
    many = f"{experiment.tickets:,} support requests in each of {experiment.replications} repetitions"
    st.markdown(f"{many}, under {len(experiment.arms)} arms:\n{arms}")
    try:
        link = Question.of(experiment).link
    except ValueError as error:
        st.caption(f"The page What if does not ask this: {plain(error)}. `python -m data compare` runs it.")
    else:
        st.page_link(
            "dashboard/pages/what_if.py",
            label="Ask it in What if",
            icon=":material/science:",
            query_params=here.link(q=link),
        )


# Policies.


def _show_policy(here: Visit, text: str) -> None:
    policy = parse_policy(text, "this file")
    st.success("It can be read.")
    st.markdown(f"**{plain(policy.title or policy_name(policy))}**: {policy_in_words(policy)}.")
    st.page_link(
        "dashboard/pages/policy.py",
        label="Is this policy safe?",
        icon=":material/policy:",
        query_params=here.link(policy=policy_code(policy)),
    )


@cache
def _experiment_texts() -> Mapping[str, str]:
    return {name: text for name, _, text in shipped_files("experiments")}


KINDS: Mapping[str, Kind] = {
    "Scenario": Kind(lambda: {name: story.text for name, story in scenarios().items()}, _show_scenario),
    "Experiment": Kind(_experiment_texts, _show_experiment),
    "Policy": Kind(lambda: {name: policy_text(policy) for name, policy in PRESETS.items()}, _show_policy),
}
"""The kinds of files by name, on the page and in links."""
