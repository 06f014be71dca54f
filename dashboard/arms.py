"""The arms of a question on the page: what each changes in the base, in words, and the editor that changes it."""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from typing import Any

import streamlit as st

from dashboard import knobs
from dashboard.question import MOST_ARMS, Question
from dashboard.words import differences, plain, policy_in_words
from data.arms import Arm
from data.policies import policies
from model import Policy
from model.simulation import Behaviour, Delay, WorkingHours
from model.simulation.behaviour import LONGEST_HOURS

Ask = Callable[[Question], None]
"""Called in a callback, with the question that was made."""

_A_COPY = "A copy of the base, to change"
_COLUMNS = 4  # cards in a row
_TOLD = 3  # clauses of the base's policy: who decides, expiry and length
_WORK = {False: "around the clock", True: "in working hours"}


def show(question: Question, ask: Ask) -> None:
    """A card for the base and for each arm, the way to one more, and the editor of the one that is being changed."""
    cards = list(enumerate(question.worlds))
    across = len(cards) if len(cards) <= _COLUMNS else _COLUMNS - 1
    for first in range(0, len(cards), across):
        for column, (number, arm) in zip(st.columns(across), cards[first : first + across], strict=False):
            with column.container(border=True, height="stretch"):
                _card(question, number, arm, ask)
    if len(question.arms) < MOST_ARMS:
        _add(question, ask)
    place = st.session_state.get("changing")
    if isinstance(place, int) and place < len(question.worlds):
        _edit(question, place, ask)


def _card(question: Question, place: int, arm: Arm, ask: Ask) -> None:
    st.markdown(f":small[:gray[{'The base' if place == 0 else f'Arm {place}'}]]  \n**{plain(arm.name)}**")
    st.markdown("\n".join(f"- {plain(words)}" for words in _changes(question, place)), width="stretch")
    with st.container(horizontal=True, gap="xsmall"):
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
    """What an arm changes in the base; of the base, what it says itself. Plain text."""
    base, arm = question.worlds[0], question.worlds[place]
    if place == 0:
        people = assumptions(arm.behaviour, Behaviour()) or ["people act as this project assumes"]
        return [*policy_in_words(arm.policy).split("; ")[:_TOLD], *people]
    told = [words for words, _ in differences(arm.policy, base.policy)] + assumptions(arm.behaviour, base.behaviour)
    return told or ["as the base in all"]


def assumptions(people: Behaviour, base: Behaviour) -> list[str]:
    """What is assumed otherwise than in the base. Plain text."""
    return [
        f"{_label(knob)}: {said(knob.name, getattr(people, knob.name))} instead of "
        f"{said(knob.name, getattr(base, knob.name))}"
        for knob in fields(Behaviour)
        if getattr(people, knob.name) != getattr(base, knob.name)
    ]


def _label(knob: Field[Any]) -> str:
    """What the assumption is about; what its values may be is seen in the widget."""
    return str(knob.metadata["says"]).partition(";")[0]


def said(name: str, value: float | Delay | WorkingHours | None) -> str:
    """The value of an assumption, as it is read."""
    match value:
        case Delay(median, None):
            return f"half within {median:g} h, without memory"
        case Delay(median, p90):
            return f"half within {median:g} h, nine in ten within {p90:g} h"
        case WorkingHours(zone, first, last):
            return f"Monday to Friday, {first} to {last} h, {zone}"
        case None:
            return _WORK[False]
    return f"{100 * value:g} %" if name.startswith("share_") else f"{value:,g}"


def _add(question: Question, ask: Ask) -> None:
    found = _known()

    def add() -> None:
        chosen = st.session_state["add arm"]
        st.session_state["add arm"] = None
        if chosen:
            policy = question.worlds[0].policy if chosen == _A_COPY else found[chosen]
            ask(question.with_arm("A variant" if chosen == _A_COPY else _short(chosen, policy), policy))
            st.session_state["changing"] = len(question.worlds) if chosen == _A_COPY else None

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
    """The presets and the saved policies; a file that cannot be read is left out, and said."""
    wrong: list[str] = []
    found = policies(wrong=wrong.append)
    for sentence in wrong:
        st.warning(plain(sentence), icon=":material/error:")
    return found


def _title(name: str, policy: Policy) -> str:
    return policy.title or name


def _short(name: str, policy: Policy) -> str:
    """The title up to its colon."""
    return _title(name, policy).partition(":")[0]


# The editor.


def _edit(question: Question, place: int, ask: Ask) -> None:
    arm = question.worlds[place]

    def put(policy: Policy | None = None, behaviour: Behaviour | None = None, name: str | None = None) -> None:
        ask(question.changed(place, policy or arm.policy, behaviour or arm.behaviour, name))

    with st.container(border=True, key="editor"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _keep("arm name", arm.name)
            st.text_input(
                "Name of the base" if place == 0 else f"Name of arm {place}",
                max_chars=80,
                key="arm name",
                on_change=lambda: _try(lambda: put(name=str(st.session_state["arm name"]))),
                width=360,
            )
            st.button("Done", key="editor done", icon=":material/check:", on_click=_open, args=(None,))
        if wrong := st.session_state.get("arm wrong"):
            st.error(f"{plain(wrong)} Nothing was changed.", icon=":material/error:")
        policy, people = st.columns([1, 2], gap="medium")
        with policy:
            st.markdown("**The policy**")
            _start_from(place, arm, lambda chosen: put(policy=chosen))
            knobs.edit(arm.policy, f"arm {place}", lambda chosen: put(policy=chosen), grid=False)
            st.caption("Who sees what is changed on the Policy page. The days in the history change no figure here.")
        with people:
            st.markdown("**How people act** :orange-badge[:material/science: assumptions, not facts]")
            _behaviour(arm.behaviour, lambda chosen: put(behaviour=chosen))


def _start_from(place: int, arm: Arm, chosen: Callable[[Policy], None]) -> None:
    """Takes another policy, whole."""
    found = _known()
    name = next((name for name, policy in found.items() if policy == arm.policy), None)
    _keep("arm preset", name)

    def take() -> None:
        if (taken := st.session_state["arm preset"]) is not None:
            chosen(found[taken])

    st.selectbox(
        "Begin with",
        list(found),
        index=None,
        format_func=lambda name: _title(name, found[name]),
        placeholder="a policy of its own",
        key="arm preset",
        on_change=take,
    )


def _behaviour(people: Behaviour, chosen: Callable[[Behaviour], None]) -> None:
    """A widget, or two, for each assumption: numbers on one side, lengths of time on the other."""
    numbers, times = st.columns(2, gap="medium")
    for knob in fields(Behaviour):
        value = getattr(people, knob.name)
        label = _label(knob)[0].upper() + _label(knob)[1:]
        if isinstance(knob.default, Delay):
            with times:
                _delay(knob.name, label, value, people, chosen)
        elif knob.name == "approvers_work":
            with numbers:
                _working_hours(label, value, people, chosen)
        else:
            with numbers:
                _number(knob.name, label, value, people, chosen)


def _number(name: str, label: str, value: float, people: Behaviour, chosen: Callable[[Behaviour], None]) -> None:
    """A share in percent, or a plain number."""
    share, key = name.startswith("share_"), f"assume {name}"
    _keep(key, round(100 * value, 6) if share else float(value))

    def put() -> None:
        given = float(st.session_state[key])
        change: dict[str, Any] = {name: round(given / 100, 8) if share else given}
        _try(lambda: chosen(replace(people, **change)))

    st.number_input(
        f"{label}, in %" if share else label,
        min_value=0.0 if share else 1.0,
        max_value=100.0 if share or name == "slower_without_access" else 10_000_000.0,
        step=5.0 if share else 0.5 if name == "slower_without_access" else 50.0,
        format="%g",
        key=key,
        on_change=put,
    )


def _delay(name: str, label: str, value: Delay, people: Behaviour, chosen: Callable[[Behaviour], None]) -> None:
    """The median and, unless the delay has no memory, the 90th percentile."""
    keys = (f"assume {name} median", f"assume {name} p90")
    for key, hours in zip(keys, (value.median_hours, value.p90_hours), strict=True):
        _keep(key, None if hours is None else float(hours))

    def put() -> None:
        median, p90 = (st.session_state[key] for key in keys)

        def delayed() -> None:
            change: dict[str, Any] = {name: Delay(median, p90)}
            chosen(replace(people, **change))

        _try(delayed)

    parts = (("half within, h", None), ("nine in ten within, h", "no memory"))
    box = st.container(gap="xxsmall")
    box.markdown(f":small[{label}]")
    for column, key, (words, empty) in zip(box.columns(2, gap="small"), keys, parts, strict=True):
        column.number_input(
            words,
            min_value=0.01,
            max_value=float(LONGEST_HOURS),
            value="min" if empty is None else None,
            step=1.0,
            format="%g",
            placeholder=empty,
            key=key,
            on_change=put,
        )


def _working_hours(
    label: str, value: WorkingHours | None, people: Behaviour, chosen: Callable[[Behaviour], None]
) -> None:
    """Around the clock, or from one hour to another in a time zone."""
    held: Mapping[str, Any] = {
        "assume work": value is not None,
        "assume zone": (value or WorkingHours()).zone,
        "assume hours": ((value or WorkingHours()).first_hour, (value or WorkingHours()).last_hour),
    }
    for key, it in held.items():
        _keep(key, it)

    def put() -> None:
        now = {key: st.session_state.get(key, it) for key, it in held.items()}  # the last two are not always there

        def hours() -> WorkingHours | None:
            return WorkingHours(now["assume zone"], *now["assume hours"]) if now["assume work"] else None

        _try(lambda: chosen(replace(people, approvers_work=hours())))

    st.selectbox(label, list(_WORK), format_func=_WORK.__getitem__, key="assume work", on_change=put)
    if value is not None:
        left, right = st.columns(2)
        left.text_input("Time zone", key="assume zone", on_change=put, help="As in the tz database: Europe/Paris")
        right.slider("Hours, Monday to Friday", 0, 24, key="assume hours", on_change=put)


def _keep(key: str, value: object) -> None:
    """Has a widget show the value, which the link decides; where it does, what is being typed there is left alone."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _try(change: Callable[[], None]) -> None:
    """Changes the question, or says why that is none."""
    st.session_state.pop("arm wrong", None)
    try:
        change()
    except ValueError as error:
        st.session_state["arm wrong"] = str(error)


def _open(place: int | None) -> None:
    st.session_state["changing"] = None if st.session_state.get("changing") == place else place
    st.session_state.pop("arm wrong", None)


def _remove(question: Question, place: int, ask: Ask) -> None:
    st.session_state["changing"] = None
    ask(question.without(place))
