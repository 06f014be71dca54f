"""A damaged room is reported to everybody, the details only to the trainer, who can salvage it."""

from pathlib import Path

import duckdb

from dashboard.background.rooms import rooms
from data import Room
from tests.dashboard.conftest import ROOM, Enter, Look


def damage(folder: Path) -> Path:
    """Take the last two of the log's lines out of the room's file, behind the back of its mark."""
    rooms().close()
    path = folder / f"{ROOM}.duckdb"
    with Room.open(path) as room:
        room.next_step()
        last = room.seq
    with duckdb.connect(str(path)) as db:
        db.execute("DELETE FROM log WHERE seq > ?", [last - 2])
    return path


def test_the_trainer_salvages_the_room(enter: Enter, look: Look, folder: Path):
    """The message says how much was saved; the damaged file is kept; the story goes on."""
    enter("cross-tenant-approval", 2)
    path = damage(folder)
    page = look("trainer", "side_by_side")
    assert page.title == "This room cannot be opened"
    page.click("repair")
    assert page.title == "Side by side"
    assert any("lines of its log were saved, at least 2 are lost" in line for line in page.said)
    assert len([*folder.glob(f"{path.name}.damaged-*")]) >= 1
    rooms().close()
    with Room.open(path) as room:
        assert room.verify() and room.next_step()


def test_a_member_does_not_see_the_details(enter: Enter, look: Look, folder: Path):
    """How many lines the log has may be the other tenant's doing. The way to the trainer's page is shown."""
    enter("cross-tenant-approval", 2)
    damage(folder)
    page = look("adele@contoso", "pending")
    assert page.title == "This room cannot be opened"
    assert "line" not in " ".join(page.said)
    assert "Make a room of what is left" not in [button.label for button in page.app.button]


def test_an_unreadable_room_is_not_salvaged(enter: Enter, look: Look, folder: Path):
    """The page says so, and the file is unchanged."""
    enter("cross-tenant-approval", 2)
    rooms().close()
    path = folder / f"{ROOM}.duckdb"
    path.write_bytes(content := b"no room at all" * 9999)
    page = look("trainer", "side_by_side")
    page.click("repair")
    assert any(line.startswith("Nothing could be saved") for line in page.said)
    assert path.read_bytes() == content
