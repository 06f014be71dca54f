"""The editor of a policy: a widget for each setting, made from its kind. Input is read as strictly as a scenario."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from itertools import pairwise
from typing import Any

import streamlit as st

from dashboard.palette import status_name
from dashboard.shell.session_state import policy_wrong
from dashboard.text.words import plain, sentence
from data.scenario.policy_format import policy_from, policy_table
from model import PRESETS, SETTINGS, Policy, Side, Status
from model.settings import Choice, Duration, Flag, Setting, VisibilityTable, Whole

Changed = Callable[[Policy], None]


def edit(policy: Policy, key: str, changed: Changed, *, grid: bool = True) -> None:
    """Draw the policy's settings, and the visibility table if `grid`. `key` is the prefix of the widgets' keys.

    A callback calls `changed` with the chosen policy. Invalid input shows an error and changes nothing.
    """
    table = policy_table(policy)
    for setting in _plain():
        st.session_state[f"{key} {setting.name}"] = table[setting.name]
    kept = {} if grid else {setting.name: table[setting.name] for setting in _tables()}
    given = {"on_change": _chosen, "args": (key, changed, kept)}
    for row in _rows():
        with st.container(horizontal=True, vertical_alignment="bottom") if len(row) > 1 else nullcontext():
            for setting in row:
                _widget(setting, table[setting.name], f"{key} {setting.name}", given)
    if wrong := policy_wrong(key).get():
        st.error(f"{plain(wrong)}. Nothing was changed.", icon=":material/error:")
    for setting in _tables() if grid else ():
        _grid(setting, getattr(policy, setting.name), key, given)


def _plain() -> list[Setting]:
    """Return the settings that have one widget."""
    return [setting for setting in SETTINGS.values() if not isinstance(setting.kind, VisibilityTable)]


def _tables() -> list[Setting]:
    return [setting for setting in SETTINGS.values() if isinstance(setting.kind, VisibilityTable)]


def _rows() -> Iterator[list[Setting]]:
    """Yield the settings of each line."""
    starts = [n for n, setting in enumerate(_plain()) if not setting.beside]
    for start, end in pairwise([*starts, len(_plain())]):
        yield _plain()[start:end]


def _widget(setting: Setting, value: Any, key: str, given: Any) -> None:
    given = {"label": setting.label, "key": key, "help": setting.source, **given}
    match setting.kind:
        case Choice(options=options, words=words):
            labels = {str(option): words[option] for option in options}
            if setting.label[0].isupper():
                labels = {option: sentence(said) for option, said in labels.items()}
            st.selectbox(options=list(labels), format_func=labels.__getitem__, **given)
        case Duration(without=without, usual=usual, without_shown=shown):
            given["help"] += " Choose a length, or type one, like “36 hours”."
            given["format_func"] = lambda chosen: shown if shown and chosen == without else chosen
            st.selectbox(options=list(dict.fromkeys((without, *usual, value))), accept_new_options=True, **given)
        case Whole(least, most):
            st.number_input(min_value=least, max_value=most, step=1, **given)
        case Flag():
            st.checkbox(wrap=True, **given)


def _grid(setting: Setting, table: frozenset[tuple[Status, Side]], key: str, given: Any) -> None:
    """Draw a visibility table: a column of boxes for each side, marked where it differs from the source."""
    st.markdown(f"**{setting.label}**  \n:small[:gray[As in the source, save where it is marked. {setting.source}]]")
    source = getattr(PRESETS["source"], setting.name)
    for column, side in zip(st.columns(2, wrap=False), Side, strict=True):
        with column.container(gap="xsmall"):
            st.markdown(f":small[The {side} sees]")
            for status in Status:
                sees = st.session_state[f"{key} {setting.name} {status} {side}"] = (status, side) in table
                theirs = (status, side) in source
                mark = f" :orange-badge[source: {'yes' if theirs else 'no'}]" if sees is not theirs else ""
                st.checkbox(f"{status_name(status)}{mark}", key=f"{key} {setting.name} {status} {side}", **given)


def _chosen(key: str, changed: Changed, kept: Mapping[str, Any]) -> None:
    """Return the policy of the widgets; `kept` are the visibility tables that are not drawn."""
    held = st.session_state
    values = {setting.name: held[f"{key} {setting.name}"] for setting in _plain()} | dict(kept)
    for setting in _tables():
        if setting.name not in kept:
            values[setting.name] = {
                str(status): [str(side) for side in Side if held[f"{key} {setting.name} {status} {side}"]]
                for status in Status
            }
    try:
        policy = policy_from(values)
    except ValueError as error:
        policy_wrong(key).put(str(error))
        return
    policy_wrong(key).drop()
    changed(policy)
