"""The arms of a question on the page: what each changes in the base, in words, and the editor that changes it."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.parts.policy import policy_editor
from dashboard.parts.what_if import behaviour_editor
from dashboard.parts.what_if.behaviour_editor import set_widget_value
from dashboard.shell.session_state import ARM_WRONG, CHANGING
from dashboard.text.question import MOST_ARMS, Question
from dashboard.text.words import plain, policy_in_words
from data.scenario.policy_files import policies
from data.scenario.policy_words import differences
from data.simulation.arms import Arm
from model import Policy
from model.simulation import Behaviour

FromRoom = Callable[[int, behaviour_editor.Chosen], None]
Ask = Callable[[Question], None]
"""Called in a callback, with the question that was made."""

_A_COPY = "A copy of the base, to change"
_OWN = "As in your data"
_MOST_TOLD = 4  # assumptions that differ, on a card
_COLUMNS = 4  # cards in a row
_TOLD = 3  # clauses of the base's policy: who decides, expiry and length


def show(question: Question, ask: Ask, from_room: FromRoom | None = None, own_data: bool = False) -> None:
    """Show a card for the base and each arm, a way to add one, and the editor of the arm that is being changed.

    `from_room` shows what learns from the room how people act: in the editor, and if the room is somebody's own data
    (`own_data`), below the cards as well, for the base.
    """
    cards = list(enumerate(question.worlds))
    across = len(cards) if len(cards) <= _COLUMNS else _COLUMNS - 1
    for first in range(0, len(cards), across):
        for column, (number, arm) in zip(st.columns(across), cards[first : first + across], strict=False):
            with column.container(border=True, height="stretch"):
                _card(question, number, arm, ask)
    if len(question.arms) < MOST_ARMS:
        _add(question, ask)
    if wrong := ARM_WRONG.get():
        st.error(f"{plain(wrong)}. Nothing was changed.", icon=":material/error:")
    place = CHANGING.get()
    if isinstance(place, int) and place < len(question.worlds):
        _edit(question, place, ask, from_room)
    elif from_room and own_data:
        base = question.worlds[0]
        from_room(0, lambda change: _try(lambda: ask(question.changed(0, base.policy, change(), _OWN))))


def _card(question: Question, place: int, arm: Arm, ask: Ask) -> None:
    st.markdown(f":small[:gray[{'The base' if place == 0 else f'Arm {place}'}]]  \n**{plain(arm.name)}**")
    st.markdown("\n".join(f"- {plain(words)}" for words in _changes(question, place)), width="stretch")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", height="stretch"):
        st.button(
            "Change", key=f"change {place}", icon=":material/tune:", on_click=_open, args=(place,), type="tertiary"
        )
        if place:
            st.button(
                "Remove",
                key=f"remove {place}",
                icon=":material/close:",
                on_click=_remove,
                args=(question, place, ask),
                type="tertiary",
            )


def _changes(question: Question, place: int) -> list[str]:
    """Return what an arm changes in the base, or what the base itself says; plain text."""
    base, arm = question.worlds[0], question.worlds[place]
    if place == 0:
        people = _few(behaviour_editor.changes(arm.behaviour, Behaviour())) or ["people act as this project assumes"]
        return [*policy_in_words(arm.policy).split("; ")[:_TOLD], *people]
    policy = [words for words, _ in differences(arm.policy, base.policy)]
    return policy + _few(behaviour_editor.changes(arm.behaviour, base.behaviour)) or ["the same as the base"]


def _few(changes: list[str]) -> list[str]:
    """Return the first changes, and how many more there are; all if they are few."""
    if len(changes) <= _MOST_TOLD + 1:
        return changes
    return [*changes[:_MOST_TOLD], f"and {len(changes) - _MOST_TOLD} more assumptions"]


def _add(question: Question, ask: Ask) -> None:
    found = _known()

    def add() -> None:
        chosen = st.session_state["add arm"]
        st.session_state["add arm"] = None
        if chosen:
            policy = question.worlds[0].policy if chosen == _A_COPY else found[chosen]
            _try(lambda: ask(question.with_arm("A variant" if chosen == _A_COPY else _short(chosen, policy), policy)))
            CHANGING.put(len(question.worlds) if chosen == _A_COPY else None)

    st.selectbox(
        "Add an arm",
        [_A_COPY, *found],
        index=None,
        format_func=lambda name: name if name == _A_COPY else _title(name, found[name]),
        placeholder="Add an arm: a copy of the base, or a policy",
        label_visibility="collapsed",
        key="add arm",
        on_change=add,
    )


def _known() -> Mapping[str, Policy]:
    """Return the presets and the saved policies, and warn of each file that cannot be read."""
    wrong: list[str] = []
    found = policies(wrong=wrong.append)
    for sentence in wrong:
        st.warning(plain(sentence), icon=":material/error:")
    return found


def _title(name: str, policy: Policy) -> str:
    return policy.title or name


def _short(name: str, policy: Policy) -> str:
    """Return the title up to its colon."""
    return _title(name, policy).partition(":")[0] or name


# The editor.


def _edit(question: Question, place: int, ask: Ask, from_room: FromRoom | None) -> None:
    arm = question.worlds[place]

    def put(policy: Policy | None = None, behaviour: Behaviour | None = None, name: str | None = None) -> None:
        ask(question.changed(place, policy or arm.policy, behaviour or arm.behaviour, name))

    with st.container(border=True, key="editor"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            set_widget_value("arm name", arm.name)
            st.text_input(
                "Name of the base" if place == 0 else f"Name of arm {place}",
                max_chars=80,
                key="arm name",
                on_change=lambda: _try(lambda: put(name=str(st.session_state["arm name"]))),
                width=360,
            )
            st.button("Done", key="editor done", icon=":material/check:", on_click=_open, args=(None,))
        policy, people = st.columns([1, 2], gap="medium")
        with policy:
            st.markdown("**The policy**")
            _start_from(place, arm, lambda chosen: put(policy=chosen))
            policy_editor.edit(arm.policy, f"arm {place}", lambda chosen: put(policy=chosen), grid=False)
            st.caption("Who sees what is changed on the Policy page. The days in the history change no figure here.")
        with people:
            st.markdown("**How people act** :orange-badge[:material/science: assumptions, not facts]")
            if from_room:
                from_room(place, lambda change: _try(lambda: put(behaviour=change())))
            behaviour_editor.edit(arm.behaviour, lambda change: _try(lambda: put(behaviour=change())))


def _start_from(place: int, arm: Arm, chosen: Callable[[Policy], None]) -> None:
    """Offer to take another policy as a whole."""
    found = _known()
    name = next((name for name, policy in found.items() if policy == arm.policy), None)
    set_widget_value("arm preset", name)

    def take() -> None:
        if (taken := st.session_state["arm preset"]) is not None:
            chosen(found[taken])

    st.selectbox(
        "Begin with",
        list(found),
        index=None,
        format_func=lambda name: _title(name, found[name]),
        placeholder="a custom policy",
        key="arm preset",
        on_change=take,
    )


def _try(change: Callable[[], None]) -> None:
    """Change the question, or keep the reason why it cannot be asked."""
    ARM_WRONG.drop()
    try:
        change()
    except ValueError as error:
        ARM_WRONG.put(str(error))


def _open(place: int | None) -> None:
    CHANGING.put(None if CHANGING.get() == place else place)
    ARM_WRONG.drop()


def _remove(question: Question, place: int, ask: Ask) -> None:
    CHANGING.drop()
    ask(question.without(place))
