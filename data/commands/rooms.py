"""`python -m data rooms`: list, remove and export the rooms that a running app keeps."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.commands.screen import tell
from data.files.app_folders import app_folders
from data.files.atomic_folder import new_folder
from data.files.csv_and_parquet import write_csv, write_parquet
from data.files.shown import on_one_line
from data.room import DamagedRoom, Room
from data.room.recording import record
from data.room_folder.facts import RoomInUse, look_into
from data.room_folder.folder import FOLDER, KeptRoom, RoomFolder
from data.scenario.reader import scenarios

_IN_USE = "it is in use: stop the app that has it open, or download a snapshot in the app, on the page Scenarios"


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser(
        "rooms",
        help="list, remove and export the rooms that a running app keeps",
        description="List the rooms that a running app keeps: by default those of this folder's app, or of the folder "
        f"that the environment variable {FOLDER} names. A room's id is in its link, after room=.",
    )
    _add_folder(command, None)
    command.set_defaults(run=_list)
    acts = command.add_subparsers(metavar="list | remove | export")
    listing = acts.add_parser("list", help="list the rooms; so does `rooms` alone")
    listing.set_defaults(run=_list)
    removing = acts.add_parser("remove", help="remove rooms, with all their files")
    removing.add_argument("ids", nargs="+", metavar="ID", help="put an id that starts with - after --")
    removing.set_defaults(run=_remove)
    exporting = acts.add_parser("export", help="write a copy of a room, its events or its session to new files")
    exporting.add_argument("id", metavar="ID")
    exporting.add_argument("--snapshot", type=Path, metavar="FILE.duckdb", help="a copy, for Room.open")
    exporting.add_argument("--csv", type=Path, metavar="FOLDER", help="the events as CSV, in a new folder")
    exporting.add_argument("--parquet", type=Path, metavar="FOLDER", help="the events as Parquet, in a new folder")
    exporting.add_argument("--scenario", type=Path, metavar="FILE.toml", help="its session as a scenario, for `check`")
    exporting.set_defaults(run=_export, parser=exporting)
    for act in (listing, removing, exporting):
        _add_folder(act, argparse.SUPPRESS)


def _add_folder(command: argparse.ArgumentParser, default: Any) -> None:
    command.add_argument("--folder", type=Path, metavar="FOLDER", default=default, help="another folder of rooms")


def _folder(given: argparse.Namespace) -> RoomFolder:
    return RoomFolder(given.folder) if given.folder else RoomFolder(*app_folders("rooms", FOLDER))


# List.


def _list(given: argparse.Namespace) -> int:
    folder = _folder(given)
    rooms = sorted(folder, key=lambda room: room.visited_at, reverse=True)
    names = {story.text: name for name, story in scenarios().items()}
    rows = [["id", "title", "scenario", "last act (UTC)", "last visit (UTC)", "size", ""]]
    rows += [_row(room, names) for room in rooms]
    where = on_one_line(" and ".join(str(path) for path in folder.folders), 300)
    if not rooms:
        tell(f"no rooms in {where}")
        return 0
    for line in _aligned(rows):
        tell(line)
    size = sum(room.size for room in rooms)
    tell(f"{len(rooms):,} room{'s' if len(rooms) > 1 else ''}, {size / 1e6:,.1f} MB, in {where}")
    return 0


def _row(room: KeptRoom, names: dict[str, str]) -> list[str]:
    title, scenario, use = "–", "–", ""
    try:
        with look_into(room.path) as facts:
            title, scenario = on_one_line(facts.title, 40), names.get(facts.scenario, "its own")
    except RoomInUse:
        use = "in use"
    except (OSError, DamagedRoom):
        use = "cannot be read"
    return [
        room.id,
        title,
        scenario,
        _moment(room.acted_at),
        _moment(room.visited_at),
        f"{room.size / 1e6:.1f} MB",
        use,
    ]


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


# Remove.


def _remove(given: argparse.Namespace) -> int:
    folder = _folder(given)
    done = [_act(folder, room_id, _remove_one) for room_id in dict.fromkeys(given.ids)]
    return int(not all(done))


def _remove_one(folder: RoomFolder, room_id: str, path: Path) -> str:
    try:
        with look_into(path):  # so that nobody opens it meanwhile
            folder.remove(room_id, requested=True)
    except DamagedRoom:  # or not a room: the caller named it
        folder.remove(room_id, requested=True)
    return "removed"


def _act(folder: RoomFolder, room_id: str, act: Callable[[RoomFolder, str, Path], str]) -> bool:
    """Do something with a room, print the result, and return whether it succeeded."""
    shown = on_one_line(room_id, 80)
    try:
        path = folder.file(room_id)
        if path is None:
            raise FileNotFoundError(f"there is no such room in {folder.folders[0]}; `rooms list` shows the rooms")
        tell(f"{shown}: {act(folder, room_id, path)}")
        return True
    except RoomInUse:
        tell(f"{shown}: {_IN_USE}", file=sys.stderr)
    except (OSError, ValueError) as error:
        tell(f"{shown}: {error}", file=sys.stderr)
    return False


# Export.


def _export(given: argparse.Namespace) -> int:
    if not (given.snapshot or given.csv or given.parquet or given.scenario):
        ways = "--snapshot FILE.duckdb, --scenario FILE.toml, --csv FOLDER or --parquet FOLDER"
        given.parser.error(f"say what to write: {ways}")
    return int(not _act(_folder(given), given.id, lambda _, __, path: _export_one(path, given)))


def _export_one(path: Path, given: argparse.Namespace) -> str:
    for file in filter(None, (given.snapshot, given.scenario)):
        if file.exists():
            raise FileExistsError(f"{file} already exists: choose another name")
    with look_into(path):  # raises RoomInUse
        pass
    with ExitStack() as stack:
        room = stack.enter_context(Room.open(path))
        csv, parquet = (stack.enter_context(new_folder(to)) if to else None for to in (given.csv, given.parquet))
        recorded = record(room) if given.scenario else None
        events = {"events": room.events()}
        if csv:
            write_csv(events, csv)
        if parquet:
            write_parquet(events, parquet)
        if given.snapshot:
            room.snapshot(given.snapshot)
        if recorded:
            given.scenario.write_text(recorded.scenario.text, encoding="utf-8")
    files = (given.snapshot, given.scenario, given.csv, given.parquet)
    left_out = f" ({recorded.left_out:,} acts are left out)" if recorded and recorded.left_out else ""
    return "written: " + ", ".join(str(to) for to in files if to) + left_out
