"""Rooms in a folder of the test's own, and screens that look at them."""

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
    """Drawing pages takes long: it is slow, but for the tests that are marked `fast`."""
    for item in items:
        if "look" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("fast"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def server() -> Iterator[None]:
    """Runs take less time than AppTest's own."""
    with pytest.MonkeyPatch.context() as patch:
        run_as_a_server_does(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def program() -> Iterator[None]:
    """AppTest puts the app in the program's place, and there processes that later tests start would find it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test's rooms lie. No room is open before, and none after; no policy has been saved, nothing asked."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "rooms"))
    monkeypatch.setenv(policy_files.FOLDER, str(tmp_path / "policies"))
    monkeypatch.setattr(quizzes, "_rooms", OrderedDict())
    st.cache_resource.clear()
    yield tmp_path / "rooms"
    st.cache_resource.clear()


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No autopilot flies before or after, and none has a thread: `second` is what happens in a second."""
    monkeypatch.setattr(autopilots, "_flights", {})
    monkeypatch.setattr(autopilots, "begin", lambda flight: None)
    yield
    autopilots.end_all()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A room's file, of a scenario after so many of its steps: made when it is first wanted."""
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
    """Makes the room of the link: of a scenario, shipped or in a file, after so many of its steps."""

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
    """The messages of the last run as a browser gets them: AppTest hands on to its caller only what it parsed."""
    last: Wire = []
    parse = element_tree.parse_tree_from_messages

    def listen(messages: Wire) -> object:
        last[:] = [message for message in messages if message.WhichOneof("type") in SENT]
        return parse(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", listen)
    return last


@pytest.fixture
def look(wire: Wire) -> Look:
    """Opens a page of the room, as a viewer: "adele@contoso", an engineer's id, or "trainer"."""

    def open_screen(viewer: str, page: str = "pending", /, room: str = ROOM, **link: str) -> Screen:
        return Screen(wire, room, viewer, page, **link)

    return open_screen
