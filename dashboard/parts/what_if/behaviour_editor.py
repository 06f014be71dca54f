"""How people act, which is assumed: what is assumed otherwise, in words, and the widgets that change it."""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from typing import Any

import streamlit as st

from data.simulation.arms import ENOUGH
from data.simulation.decision.assumption_words import said
from model.simulation import Behaviour, Delay, WorkingHours
from model.simulation.behaviour import LONGEST_HOURS, MOST_ADMINISTRATORS

Chosen = Callable[[Callable[[], Behaviour]], None]

_WORK = {False: "around the clock", True: "in working hours"}


def changes(people: Behaviour, base: Behaviour) -> list[str]:
    """Return the assumptions that differ from the base's; plain text."""
    return [
        f"{_label(assumption)}: {said(assumption.name, getattr(people, assumption.name))} instead of "
        f"{said(assumption.name, getattr(base, assumption.name))}"
        for assumption in fields(Behaviour)
        if getattr(people, assumption.name) != getattr(base, assumption.name)
    ]


def edit(people: Behaviour, chosen: Chosen) -> None:
    """Show one or two widgets for each assumption: numbers on one side, lengths of time on the other.

    `chosen` is called in a callback, with what makes the behaviour that was chosen, or raises ValueError.
    """
    numbers, times = st.columns(2, gap="medium")
    for assumption in fields(Behaviour):
        value = getattr(people, assumption.name)
        label = _label(assumption)[0].upper() + _label(assumption)[1:]
        if isinstance(assumption.default, Delay):
            with times:
                _delay(assumption.name, label, value, people, chosen)
        elif assumption.name == "approvers_work":
            with numbers:
                _working_hours(label, value, people, chosen)
        elif assumption.name == "common_administrators":
            with numbers:
                _administrators(label, value, people, chosen)
        else:
            with numbers:
                _number(assumption.name, label, value, people, chosen)


def _number(name: str, label: str, value: float, people: Behaviour, chosen: Chosen) -> None:
    """Show a share in percent, or a plain number."""
    share, key = name.startswith("share_"), f"assume {name}"
    set_widget_value(key, round(100 * value, 6) if share else float(value))

    def put() -> None:
        given = float(st.session_state[key])
        change: dict[str, Any] = {name: round(given / 100, 8) if share else given}
        chosen(lambda: replace(people, **change))

    st.number_input(
        f"{label}, in %" if share else label,
        min_value=0.0 if share else min(1.0, value),
        max_value=100.0 if share or name == "slower_without_access" else 10_000_000.0,
        step=5.0 if share else 0.5 if name == "slower_without_access" else 50.0,
        format="%g",
        key=key,
        on_change=put,
    )


def _administrators(label: str, value: int | None, people: Behaviour, chosen: Chosen) -> None:
    """Show how many there are; empty: enough."""
    set_widget_value("assume common_administrators", value)

    def put() -> None:
        given = st.session_state["assume common_administrators"]
        chosen(lambda: replace(people, common_administrators=None if given is None else int(given)))

    st.number_input(
        label,
        min_value=1,
        max_value=MOST_ADMINISTRATORS,
        value=None,
        step=1,
        placeholder=ENOUGH,
        key="assume common_administrators",
        on_change=put,
        help="If they are few, each works on one request at a time, and requests wait for them in a queue.",
    )


def _delay(name: str, label: str, value: Delay, people: Behaviour, chosen: Chosen) -> None:
    """Show the median and, unless the delay is exponential, the 90th percentile."""
    keys = (f"assume {name} median", f"assume {name} p90")
    for key, hours in zip(keys, (value.median_hours, value.p90_hours), strict=True):
        set_widget_value(key, None if hours is None else float(hours))

    def put() -> None:
        median, p90 = (st.session_state[key] for key in keys)

        def delayed() -> Behaviour:
            change: dict[str, Any] = {name: Delay(median, p90)}
            return replace(people, **change)

        chosen(delayed)

    parts = (("half within, h", None), ("nine in ten within, h", "no memory"))
    box = st.container(gap="xxsmall")
    box.markdown(f":small[{label}]")
    for column, key, (words, empty) in zip(box.columns(2, gap="small"), keys, parts, strict=True):
        column.number_input(
            words,
            min_value=min(0.01, value.median_hours),
            max_value=float(LONGEST_HOURS),
            value="min" if empty is None else None,
            step=1.0,
            format="%g",
            placeholder=empty,
            key=key,
            on_change=put,
        )


def _working_hours(label: str, value: WorkingHours | None, people: Behaviour, chosen: Chosen) -> None:
    """Around the clock, or from one hour to another in a time zone."""
    held: Mapping[str, Any] = {
        "assume work": value is not None,
        "assume zone": (value or WorkingHours()).zone,
        "assume hours": ((value or WorkingHours()).first_hour, (value or WorkingHours()).last_hour),
    }
    for key, it in held.items():
        set_widget_value(key, it)

    def put() -> None:
        now = {key: st.session_state.get(key, it) for key, it in held.items()}  # the last two are not always there

        def hours() -> WorkingHours | None:
            return WorkingHours(now["assume zone"], *now["assume hours"]) if now["assume work"] else None

        chosen(lambda: replace(people, approvers_work=hours()))

    st.selectbox(label, list(_WORK), format_func=_WORK.__getitem__, key="assume work", on_change=put)
    if value is not None:
        left, right = st.columns(2)
        left.text_input("Time zone", key="assume zone", on_change=put, help="As in the tz database: Europe/Paris")
        right.slider("Hours, Monday to Friday", 0, 24, key="assume hours", on_change=put)


def _label(assumption: Field[Any]) -> str:
    """Return what the assumption is about."""
    return str(assumption.metadata["says"]).partition(";")[0]


def set_widget_value(key: str, value: object) -> None:
    """Set what a widget shows, unless it shows that already: then what is being typed there is left alone."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
