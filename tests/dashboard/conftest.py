"""Rooms in a temporary folder, and screens that show them."""

import shutil
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import element_tree, local_script_runner

from dashboard.background import autopilots, quizzes
from dashboard.background.rooms import FOLDER, rooms
from data import Room
from data.scenario import policy_files
from tests.dashboard.running import run_as_a_server_does
from tests.dashboard.screen import SENT, Screen, Wire

ROOM = "the-room-of-this-test"

Enter = Callable[..., Room]
Look = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that draw pages as slow, unless they are marked `fast`."""
    for item in items:
        if "look" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("fast"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def server() -> Iterator[None]:
    """Make AppTest's runs faster."""
    with pytest.MonkeyPatch.context() as patch:
        run_as_a_server_does(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def program() -> Iterator[None]:
    """Restore `__main__`, which AppTest replaces by the app, where processes of later tests would find it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of this test's rooms, with no open room, saved policy or question before and after."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "rooms"))
    monkeypatch.setenv(policy_files.FOLDER, str(tmp_path / "policies"))
    monkeypatch.setattr(quizzes, "_rooms", OrderedDict())
    st.cache_resource.clear()
    yield tmp_path / "rooms"
    st.cache_resource.clear()


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run autopilots without threads, and none before and after the test: `second` does a second's work."""
    monkeypatch.setattr(autopilots, "_flights", {})
    monkeypatch.setattr(autopilots, "begin", lambda flight: None)
    yield
    autopilots.end_all()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the cached file of a room, of a scenario after so many steps."""
    files: dict[str, Path] = {}
    here = tmp_path_factory.mktemp("rooms")

    def find(scenario: str | Path, steps: int, policy: dict[str, Any] | None) -> Path:
        name = f"{scenario} {steps} {policy}"
        if name not in files:
            with Room.create(here / f"{len(files)}.duckdb", scenario, policy=policy) as room:
                for _ in range(steps):
                    room.next_step()
                assert room.steps_done == steps
            files[name] = here / f"{len(files)}.duckdb"
        return files[name]

    return find


@pytest.fixture
def enter(folder: Path, made: Callable[..., Path]) -> Enter:
    """Make the link's room from a scenario, shipped or in a file, after so many steps."""

    def make(scenario: str | Path, steps: int = 0, policy: dict[str, Any] | None = None) -> Room:
        rooms().close()
        folder.mkdir(exist_ok=True)
        for file in folder.glob(f"{ROOM}.*"):
            file.unlink()
        shutil.copyfile(made(scenario, steps, policy), folder / f"{ROOM}.duckdb")
        return rooms().get(ROOM)

    return make


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Give the messages of the last run as sent to a browser: AppTest returns only what it parses.

    Spinners are left out: they are sent only if the machine is slow.
    """
    last: Wire = []
    parse = element_tree.parse_tree_from_messages

    def listen(messages: Wire) -> object:
        sent = (message for message in messages if message.WhichOneof("type") in SENT)
        last[:] = [each for each in sent if not each.delta.HasField("new_transient")]
        return parse(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", listen)
    return last


@pytest.fixture
def look(wire: Wire) -> Look:
    """Open a page of the room as a viewer: "adele@contoso", an engineer's id, or "trainer"."""

    def open_screen(viewer: str, page: str = "pending", /, room: str = ROOM, **link: str) -> Screen:
        return Screen(wire, room, viewer, page, **link)

    return open_screen
