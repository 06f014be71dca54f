"""What the session of a tab forgets, and when."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from dashboard.server.changes import OpenPage
from dashboard.shell import session_state
from dashboard.shell.session_state import Key

KEYS = {name: key for name, key in vars(session_state).items() if isinstance(key, Key)}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session that holds something under every key."""
    everything: dict[str, Any] = {key.name: f"held for {name}" for name, key in KEYS.items()}
    everything[session_state.OPEN_PAGE.name] = OpenPage()
    monkeypatch.setattr(st, "session_state", everything)
    return everything


def test_no_two_keys_have_one_name():
    """Else one would overwrite what the other holds."""
    assert len({key.name for key in KEYS.values()}) == len(KEYS)


@pytest.mark.parametrize(
    ("occasion", "gone"),
    [
        (session_state.act_begins, {"SAID"}),
        (session_state.request_changed, {"SAID", "ASKING"}),
        (session_state.desk_ticket_changed, {"SAID", "READ"}),
        (session_state.page_or_viewer_changed, {"SAID", "ASKING", "NEW_TITLE", "ASK_REASON"}),
        (session_state.room_or_viewer_changed, {"READ"}),
        (lambda: session_state.room_started("Busy week"), {"ASKING"}),
    ],
    ids=["an act", "a request", "a ticket of the desk", "a page or viewer", "a room or viewer", "a start"],
)
def test_on_each_occasion_what_it_ends_is_forgotten_and_nothing_else(
    held: dict[str, Any], occasion: Callable[[], None], gone: set[str]
):
    """What was typed, or read, for one viewer is not shown to the next."""
    occasion()
    assert {name for name, key in KEYS.items() if key.name not in held} == gone


def test_what_is_taken_is_held_no_more(held: dict[str, Any]):
    """Then there is nothing, until something is put there."""
    key = session_state.STARTED
    assert (key.take(), key.get(), key.take()) == ("held for STARTED", None, None)
    key.put("Busy week")
    assert key.get() == held[key.name] == "Busy week"
