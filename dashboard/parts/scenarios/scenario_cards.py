"""The shipped scenarios as a searchable grid of cards."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from dashboard.background.rooms import DEFAULT
from dashboard.text.words import plain
from data import Scenario
from data.scenario.scenario import DIFFICULTIES

_IN_A_ROW = 3


def in_order(known: Mapping[str, Scenario]) -> list[str]:
    """Return the scenarios' names: the recommended one first, then the easier ones."""
    return sorted(known, key=lambda name: (name != DEFAULT, _difficulty(known[name]), known[name].title))


def found(known: Mapping[str, Scenario], wanted: str) -> list[str]:
    """Return, in order, the names of the scenarios that contain all words."""
    words = wanted.lower().split()
    return [name for name in in_order(known) if all(word in _searched(known[name]) for word in words)]


def cards(known: Mapping[str, Scenario], names: Iterable[str], here: str, start: Callable[[str], None]) -> None:
    """Show a card for each name; `here` is the text of the room's own story, `start` is called with a name."""
    shown = list(names)
    for first in range(0, len(shown), _IN_A_ROW):
        for column, name in zip(st.columns(_IN_A_ROW), shown[first : first + _IN_A_ROW], strict=False):
            with column, st.container(border=True, height="stretch", key=f"card-{name}"):
                _card(name, known[name], known[name].text == here, start)


def _card(name: str, scenario: Scenario, is_here: bool, start: Callable[[str], None]) -> None:
    marks = (
        [":blue-badge[recommended]"] * (name == DEFAULT)
        + [":gray-badge[guided lesson]"] * scenario.is_lesson
        + [":gray-badge[in this room]"] * is_here
    )
    st.markdown(f"**{plain(scenario.title)}** {' '.join(marks)}")
    st.markdown(plain(scenario.summary))
    if scenario.teaches:
        st.markdown(f":small[**Teaches** {plain(scenario.teaches[0].lower() + scenario.teaches[1:])}]")
    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", height="stretch"):
        level = f":gray-badge[{scenario.difficulty}] " if scenario.difficulty else ""
        st.markdown(f"{level}:small[{length(scenario)}  \n{plain(parties(scenario))}]", width="stretch")
        st.button(
            "Start",
            key=f"start {name}",
            type="primary" if name == DEFAULT else "secondary",
            on_click=start,
            args=(name,),
        )


def length(scenario: Scenario) -> str:
    """Return the story's length: "17 steps · 6 min"."""
    return f"{len(scenario.steps)} steps · {scenario.takes} min" if scenario.steps else "no story"


def parties(scenario: Scenario) -> str:
    """Return the participants: "Contoso, Fabrikam · 1 engineer"; plain text."""
    directory, around = scenario.directory, scenario.background.tenants if scenario.background else 0
    engineers = f"{len(directory.engineers)} engineer{'s' if len(directory.engineers) > 1 else ''}"
    more = f" and {around} more" if around else ""
    return f"{', '.join(directory.tenants.values())}{more} · {engineers}"


def _difficulty(scenario: Scenario) -> int:
    return DIFFICULTIES.index(scenario.difficulty) if scenario.difficulty else len(DIFFICULTIES)


def _searched(scenario: Scenario) -> str:
    directory = scenario.directory
    people = (*directory.tenants.values(), *directory.people.values(), *directory.engineers.values())
    told = (scenario.title, scenario.summary, scenario.teaches, scenario.difficulty)
    return " ".join((*told, *people, *(step.say for step in scenario.steps))).lower()
