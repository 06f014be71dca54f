"""`python -m data rooms`: listing, removing, exporting, and errors."""

import os
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import Room
from data.__main__ import main
from data.room_folder.folder import FOLDER
from tests.data.room.rooms import told_file

ID, OTHER, THIRD = "a-room-of-sixteen-letters", "another-room-of-sixteen", "third-room-of-sixteen-letters"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two rooms, in one of which somebody acted."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "rooms"))
    (tmp_path / "rooms").mkdir()
    shutil.copyfile(told_file("rejection", steps=1), tmp_path / "rooms" / f"{ID}.duckdb")
    shutil.copyfile(told_file("sandbox"), tmp_path / "rooms" / f"{OTHER}.duckdb")
    return tmp_path / "rooms"


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("command", [["rooms"], ["rooms", "list"]])
def test_rooms_are_listed_with_their_details(folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]):
    """The last visited one comes first, and listing changes nothing."""
    moment = 1_772_442_000  # 2026-03-02 09:00 UTC
    for file in folder.iterdir():
        os.utime(file, (moment, moment))
    (folder / f"{OTHER}.duckdb.visit").touch()
    os.utime(folder / f"{OTHER}.duckdb.visit", (moment + 3600, moment + 3600))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert main(command) == 0
    _, other, one, last = capsys.readouterr().out.splitlines()
    for part in (OTHER, "Sandbox", "sandbox", "2026-03-02 09:00  2026-03-02 10:00", " MB"):
        assert part in other
    for part in (ID, "Rejection", "rejection", "2026-03-02 09:00  2026-03-02 09:00"):
        assert part in one
    assert last.startswith("2 rooms, ") and str(folder) in last
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_an_open_or_unreadable_room_is_listed_as_such(folder: Path, capsys: pytest.CaptureFixture[str]):
    """The list has what its files reveal."""
    (folder / f"{THIRD}.duckdb").write_text("a diary")
    with Room.open(folder / f"{ID}.duckdb"):
        assert main(["rooms"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines[ID].endswith("in use") and lines[THIRD].endswith("cannot be read") and lines[OTHER].endswith("MB")


def test_a_folder_without_rooms_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """So is a missing folder, which is not created."""
    for place in (tmp_path, tmp_path / "nowhere"):
        assert main(["rooms", "--folder", str(place)]) == 0
        assert capsys.readouterr().out == f"no rooms in {place}\n"
    assert not (tmp_path / "nowhere").exists()


def test_a_title_cannot_control_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A file may come from an untrusted source."""
    path = tmp_path / f"{ID}.duckdb"
    shutil.copyfile(told_file("sandbox"), path)
    with duckdb.connect(str(path)) as db:
        db.execute("UPDATE room SET title = 'a' || chr(27) || '[2Jb' || chr(10) || 'c'")
    assert main(["rooms", "list", "--folder", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and len(out.splitlines()) == 3


# Remove.


def test_rooms_are_removed_with_all_files_beside_them(folder: Path, capsys: pytest.CaptureFixture[str]):
    """Only a marker stays, so that the link can say that its room was removed."""
    for end in (".visit", ".damaged-20260302T090000Z", ".format-2"):
        (folder / f"{ID}.duckdb{end}").touch()
    assert main(["rooms", "remove", ID]) == 0
    assert capsys.readouterr().out == f"{ID}: removed\n"
    assert names(folder) == {f"{OTHER}.duckdb", f"{ID}.duckdb.gone"}


def test_rooms_that_cannot_be_removed_are_reported_and_the_others_are_removed(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    """These are an open room, an unknown id, and an invalid id."""
    with Room.open(folder / f"{ID}.duckdb") as room:
        assert main(["rooms", "remove", ID, "no-room-of-this-name", "../../x", OTHER]) == 1
        assert room.verify()
    said = capsys.readouterr()
    assert said.out == f"{OTHER}: removed\n"
    assert f"{ID}: it is in use" in said.err
    assert said.err.count("there is no such room") == 2
    assert f"{ID}.duckdb" in names(folder) and f"{OTHER}.duckdb" not in names(folder)


def test_an_unreadable_room_is_removed_if_it_is_named(folder: Path):
    """There must be a way to remove a damaged room."""
    (folder / f"{THIRD}.duckdb").write_text("a diary")
    assert main(["rooms", "remove", THIRD]) == 0
    assert f"{THIRD}.duckdb" not in names(folder)


# Export.


def test_a_room_is_exported_as_a_copy_and_as_tables(folder: Path, tmp_path: Path):
    """One command does both; the copy is a room, and the tables have its events."""
    to = tmp_path / "to"
    written = ["--snapshot", f"{to}/copy.duckdb", "--csv", f"{to}/csv", "--parquet", f"{to}/parquet"]
    assert main(["rooms", "export", ID, *written]) == 0
    with Room.open(to / "copy.duckdb") as copy, Room.open(folder / f"{ID}.duckdb") as room:
        assert copy.verify() and copy.events().equals(room.events())
        assert len(pd.read_csv(to / "csv" / "events.csv")) == room.seq
        assert len(pd.read_parquet(to / "parquet" / "events.parquet")) == room.seq


def test_a_rooms_session_is_exported_as_a_scenario_that_check_accepts(folder: Path, tmp_path: Path):
    """So a session can be used in another class."""
    file = tmp_path / "session.toml"
    assert main(["rooms", "export", ID, "--scenario", str(file)]) == 0
    assert main(["check", str(file)]) == 0
    assert main(["rooms", "export", ID, "--scenario", str(file)]) == 1
    assert main(["rooms", "export", OTHER, "--scenario", str(tmp_path / "none.toml")]) == 1
    assert not (tmp_path / "none.toml").exists()


@pytest.mark.parametrize("option", ["--snapshot", "--csv", "--parquet"])
def test_an_export_overwrites_nothing(folder: Path, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]):
    """Existing files are kept."""
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    target = there / "mine.txt" if option == "--snapshot" else there
    assert main(["rooms", "export", ID, option, str(target)]) == 1
    assert "already exists" in capsys.readouterr().err
    assert (there / "mine.txt").read_text() == "mine" and names(there) == {"mine.txt"}


def test_an_export_of_a_room_that_is_open_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The error says how to get it anyway, and nothing is written."""
    with Room.open(folder / f"{ID}.duckdb"):
        assert main(["rooms", "export", ID, "--csv", str(tmp_path / "csv")]) == 1
    assert "it is in use" in capsys.readouterr().err and not (tmp_path / "csv").exists()


def test_an_export_without_a_target_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A command that does nothing is a mistake."""
    with pytest.raises(SystemExit, match="2"):
        main(["rooms", "export", ID])
    assert "--snapshot" in capsys.readouterr().err
    assert main(["rooms", "export", "no-room-of-this-name", "--csv", "x"]) == 1
    assert "there is no such room" in capsys.readouterr().err
