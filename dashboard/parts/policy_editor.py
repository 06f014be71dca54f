"""The editor of a policy: its knobs, and who sees what as a grid. It is read as strictly as a scenario."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.text.words import APPROVAL, HISTORY_FROM, plain
from data.scenario.policy_format import policy_from, policy_table
from model import Approval, HistoryFrom, Policy, Side, Status

_EXPIRES = ("never", "12 hours", "1 day", "4 days", "14 days")
_LASTS = ("until the ticket closes", "8 hours", "1 day", "7 days")
_OURS = "The source names no such limit: this project's knob. Choose a length, or type one, like “36 hours”."
_SOURCE = policy_table(Policy())
_PLAIN = tuple(knob for knob in _SOURCE if knob != "visibility")

Changed = Callable[[Policy], None]


def edit(policy: Policy, key: str, changed: Changed, *, grid: bool = True) -> None:
    """All knobs as the policy has them, and the grid, if it is to be seen.

    `key` begins the widgets' keys. `changed` is called in a callback, with the policy that was chosen; where what was
    typed is none, an error is shown instead, and all stays as it was.
    """
    table = policy_table(policy)
    for knob in _PLAIN:
        st.session_state[f"{key} {knob}"] = table[knob]
    given = {"on_change": _chosen, "args": (key, changed, None if grid else table["visibility"])}
    _knobs(table, key, given)
    if grid:
        _grid(policy, key, given)


def _knobs(table: Mapping[str, Any], key: str, given: Any) -> None:
    st.selectbox(
        "Who decides",
        list(map(str, Approval)),
        format_func=lambda word: _sentence(APPROVAL[Approval(word)]),
        key=f"{key} approval",
        help="In the source an administrator of both tenants.",
        **given,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _length("A pending request expires after", "pending_expires_after", _EXPIRES, table, key, given)
        _length("Access lasts", "grant_lasts", _LASTS, table, key, given)
    with st.container(horizontal=True):
        st.number_input(
            "Days in the history",
            min_value=1,
            max_value=3650,
            step=1,
            key=f"{key} history_days",
            help="In the source 30: how long Approved access lists what is no longer live.",
            **given,
        )
        st.selectbox(
            "counted from the",
            list(map(str, HistoryFrom)),
            format_func=lambda word: HISTORY_FROM[HistoryFrom(word)],
            key=f"{key} history_from",
            help="The source does not say.",
            **given,
        )
    st.checkbox(
        "The engineer may ask again once access was removed or lapsed",
        key=f"{key} ask_again_after_grant",
        help="The source does not say. By default nobody asks again for the same ticket and tenant.",
        wrap=True,
        **given,
    )
    if wrong := st.session_state.get(f"{key} wrong"):
        st.error(f"{plain(wrong)}. Nothing was changed.", icon=":material/error:")


def _grid(policy: Policy, key: str, given: Any) -> None:
    """The visibility table: a column of boxes for each side, and the source's word where it is not the same."""
    ours = "The statuses Canceled and Expired are this project's."
    st.markdown(f"**Who sees what**  \n:small[:gray[As in the source, save where it is marked. {ours}]]")
    for column, side in zip(st.columns(2, wrap=False), Side, strict=True):
        with column.container(gap="xsmall"):
            st.markdown(f":small[The {side} sees]")
            for status in Status:
                sees = st.session_state[f"{key} {status} {side}"] = policy.sees(status, side)
                theirs = str(side) in _SOURCE["visibility"][status]
                mark = f" :orange-badge[source: {'yes' if theirs else 'no'}]" if sees is not theirs else ""
                st.checkbox(f"{status}{mark}", key=f"{key} {status} {side}", **given)


def _length(label: str, knob: str, usual: tuple[str, ...], table: Mapping[str, Any], key: str, given: Any) -> None:
    options = list(dict.fromkeys((*usual, table[knob])))
    st.selectbox(label, options, key=f"{key} {knob}", accept_new_options=True, help=_OURS, **given)


def _chosen(key: str, changed: Changed, visibility: Mapping[str, Any] | None) -> None:
    """`visibility`: what stays, where no grid is to be seen."""
    held = st.session_state
    sides = visibility or {str(s): [str(side) for side in Side if held[f"{key} {s} {side}"]] for s in Status}
    values = {knob: held[f"{key} {knob}"] for knob in _PLAIN}
    try:
        policy = policy_from({**values, "visibility": sides})
    except ValueError as error:
        held[f"{key} wrong"] = str(error)
        return
    held.pop(f"{key} wrong", None)
    changed(policy)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
