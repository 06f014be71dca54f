"""A running app writes to `var/`, or to the folder in an environment variable, and finds files in old places."""

from pathlib import Path

import pytest

from dashboard.background.rooms import FOLDER as ROOMS
from dashboard.background.rooms import Rooms
from data import Room
from data.files import app_folders
from data.scenario.policy_files import FOLDER as POLICIES
from data.scenario.policy_files import policies, save_policy
from model import PRESETS

ID = "a-room-of-sixteen-letters"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replace the folder of app.py."""
    monkeypatch.setattr(app_folders, "_ROOT", tmp_path)
    for variable in (ROOMS, POLICIES):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def open_rooms() -> Rooms:
    return Rooms(*app_folders.app_folders("rooms", ROOMS))


def test_rooms_and_policies_are_written_beside_the_app(root: Path):
    """A package's folder may be installed for all users."""
    rooms = open_rooms()
    rooms.start(ID, "rejection")
    rooms.close()
    save_policy("short-grants", PRESETS["okta"])
    assert (root / "var" / "rooms" / f"{ID}.duckdb").exists()
    assert (root / "var" / "policies" / "short-grants.toml").exists()
    assert not (root / "data").exists()


def test_an_environment_variable_names_another_folder(root: Path, monkeypatch: pytest.MonkeyPatch):
    """It is then the only one."""
    monkeypatch.setenv(POLICIES, str(root / "mine"))
    assert app_folders.app_folders("policies", POLICIES) == (root / "mine",)
    assert save_policy("short-grants", PRESETS["okta"]).parent == root / "mine"


def test_a_room_in_the_old_place_is_used_there_until_it_is_replaced(root: Path):
    """A link of an earlier version still opens its room."""
    old, new = (root / place / "rooms" / f"{ID}.duckdb" for place in ("data", "var"))
    with Room.create(old, "rejection") as room:
        room.next_step()
    rooms = open_rooms()
    assert rooms.get(ID).steps_done == 1 and old.exists() and not new.exists()
    assert rooms.start(ID, "rejection").steps_done == 0
    assert new.exists() and not old.exists()
    rooms.close()


def test_policies_are_read_from_both_places_and_the_new_place_wins(root: Path):
    """No saved policy is lost, and saving again replaces it."""
    save_policy("both", PRESETS["okta"], root / "data" / "policies")
    save_policy("old", PRESETS["two-key"], root / "data" / "policies")
    save_policy("both", PRESETS["two-key"])
    found = policies()
    assert found["old"] == found["both"] == PRESETS["two-key"]
