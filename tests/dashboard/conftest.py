"""Rooms in a folder of the test's own, and screens that look at them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import local_script_runner

from dashboard.rooms import FOLDER, rooms
from data import Room
from tests.dashboard.screen import SENT, Screen, Wire

ROOM = "the-room-of-this-test"

Enter = Callable[..., Room]
Look = Callable[..., Screen]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's rooms lie. No room is open before, and none after."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "rooms"))
    st.cache_resource.clear()
    yield tmp_path / "rooms"
    st.cache_resource.clear()


@pytest.fixture
def enter() -> Enter:
    """Makes the room of the link: of a scenario, shipped or in a file, after so many of its steps."""

    def make(scenario: str | Path, steps: int = 0, policy: dict[str, Any] | None = None) -> Room:
        rooms().close()
        file = rooms().folder / f"{ROOM}.duckdb"
        file.unlink(missing_ok=True)
        Room.create(file, scenario, policy=policy).close()
        room = rooms().get(ROOM)
        for _ in range(steps):
            room.next_step()
        assert room.steps_done == steps
        return room

    return make


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The messages of the last run as a browser gets them: AppTest hands on to its caller only what it parsed."""
    last: Wire = []
    parse = local_script_runner.parse_tree_from_messages

    def listen(messages: Wire) -> object:
        last[:] = [message for message in messages if message.WhichOneof("type") in SENT]
        return parse(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", listen)
    return last


@pytest.fixture
def look(wire: Wire) -> Look:
    """Opens a page of the room, as a viewer: "adele@contoso", an engineer's id, or "trainer"."""

    def open_screen(viewer: str, page: str = "pending", room: str = ROOM, **link: str) -> Screen:
        screen = Screen(wire, room, viewer)
        return screen.open(page, **link) if screen.app.main else screen

    return open_screen
