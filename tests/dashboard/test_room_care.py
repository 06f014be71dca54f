"""Naming, copying, downloading, uploading and deleting a room: for trainers only, and without tokens."""

from hashlib import sha256
from pathlib import Path

import pytest

from dashboard.background import entrance
from dashboard.background.entrance import NotInvited
from dashboard.background.rooms import NoSuchRoom, rooms
from data import Room
from data.room_folder import invitations
from data.room_folder.invitations import Key, Role
from model import OpenTicket
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.test_invitations import BEN, FIXED, invited, told


def test_a_room_gets_another_name(enter: Enter, look: Look):
    """The trainer sees it in the side bar; participants do not."""
    room = told(enter)
    keys = invited()
    screen = look("trainer", "scenarios", key=keys[Role.TRAINER])
    screen.app.text_input(key="room name").input("Monday's **class**")
    screen.click("rename")
    assert "This room is now called “Monday's **class**”." in screen.said and room.title == "Monday's **class**"
    assert "Room: Monday's **class**" in screen.text
    assert "Monday" not in look("", "pending", key=keys[Role.PARTICIPANT]).text
    screen.app.text_input(key="room name").input(" ")
    screen.click("rename")
    assert "This was not done: a room's name has 1 to 100 characters, not 0." in screen.said


def test_a_copy_is_complete_and_has_its_own_links(enter: Enter, look: Look):
    """The old links open nothing of it, and what is done in one is not in the other."""
    room = told(enter)
    keys = invited()
    screen = look("trainer", "scenarios", key=keys[Role.TRAINER]).click("copy room")
    assert "This is the copy." in screen.said[0]
    copy_id, key = screen.app.query_params["room"], screen.app.query_params["key"]
    assert copy_id != ROOM and key not in keys.values()
    assert rooms().get(copy_id).events().equals(room.events())
    assert [one.role for one in entrance.all_of(copy_id)] == [Role.TRAINER]
    for token in ("", *keys.values()):
        with pytest.raises(NotInvited):
            entrance.invitation(copy_id, Key(token))
    with pytest.raises(NotInvited):
        entrance.invitation(ROOM, Key(key))
    before = room.seq
    rooms().to_act_in(copy_id).do(OpenTicket("Only here"), BEN)
    assert room.seq == before


def test_a_copy_to_share_names_nobody(enter: Enter, look: Look):
    """Each person and tenant has another name; the room itself keeps its own."""
    room = told(enter)
    keys = invited()
    screen = look("trainer", "scenarios", key=keys[Role.TRAINER]).click("copy with generated names")
    assert "This is a copy with generated names" in screen.said[0]
    copy = rooms().get(screen.app.query_params["room"])
    assert copy.verify() and copy.seq == room.seq and copy.path != room.path
    for kind in ("tenants", "people", "engineers"):
        before, after = getattr(room.directory, kind), getattr(copy.directory, kind)
        assert len(before) == len(after) and not {*before, *before.values()} & {*after, *after.values()}


def test_a_room_that_was_made_from_a_moment_has_a_trainer_too(enter: Enter, look: Look):
    """As its original has; a room without invitations makes one without."""
    told(enter)
    screen = look("trainer", "side_by_side", at="2").click("fork")
    assert entrance.all_of(screen.app.query_params["room"]) is None and "key" not in screen.app.query_params
    keys = invited()
    screen = look("trainer", "side_by_side", key=keys[Role.TRAINER], at="2").click("fork")
    new_id, key = screen.app.query_params["room"], screen.app.query_params["key"]
    assert rooms().get(new_id).seq == 2 and entrance.invitation(new_id, Key(key)).role is Role.TRAINER


def test_no_token_and_no_hash_is_in_a_snapshot_or_a_download(enter: Enter, look: Look, tmp_path: Path):
    """Nor in the room's own file, nor in its log: they lie beside it alone."""
    room = told(enter)
    tokens = invited().values()
    path = rooms().file(ROOM)
    secrets = [*tokens, *(sha256(token.encode()).hexdigest() for token in tokens)]
    kept = invitations.beside(path).read_text(encoding="utf-8")
    assert all(secret in kept for secret in secrets[len(tokens) :]) and not any(token in kept for token in tokens)
    room.snapshot(tmp_path / "snapshot.duckdb")
    rooms().close()
    files = [tmp_path / "snapshot.duckdb", *(file for file in path.parent.iterdir() if file.suffix != ".access")]
    for file in files:
        assert not [secret for secret in secrets if secret.encode() in file.read_bytes()], file


def test_deleting_a_room_ends_all_links_with_an_explanation(enter: Enter, look: Look):
    """On pages that are open too; no key is a role any more, and the room is open to nobody."""
    told(enter)
    keys = invited()
    path = rooms().file(ROOM)
    open_page = look("", "tickets", key=keys[Role.PARTICIPANT])
    shown = open_page.app.session_state["open page"].shown
    trainer = look("trainer", "scenarios", key=keys[Role.TRAINER], find="removal").click("delete room")
    assert "It cannot be taken back" in trainer.text and path.exists()
    trainer.click("delete room yes")
    assert "The room is deleted. This is a new one." in trainer.said and trainer.app.query_params["room"] != ROOM
    assert shown.may_be_out_of_date() and shown.is_out_of_date()
    assert not [file for file in path.parent.glob(f"{ROOM}.*") if file.suffix != ".gone"]
    for key in ("", "forged", *keys.values()):
        screen = look("trainer", "pending", **({"key": key} if key else {}))
        assert screen.title == "This room cannot be opened" and "names no room" in screen.text
    open_page.app.text_input(key="new title").input("Too late")
    assert open_page.click("open ticket").title == "This room cannot be opened"
    for act in (entrance.all_of, rooms().get, rooms().to_act_in):
        with pytest.raises(NoSuchRoom):
            act(ROOM)


@pytest.mark.parametrize("role", FIXED)
def test_only_a_trainer_copies_and_deletes(enter: Enter, role: Role):
    told(enter)
    key = invited()[role]
    files = set(rooms().file(ROOM).parent.glob("*.duckdb"))
    with pytest.raises(NotInvited):
        entrance.copied(ROOM, Key(key), rooms().get(ROOM).snapshot)
    with pytest.raises(NotInvited):
        entrance.delete(ROOM, Key(key))
    assert set(rooms().file(ROOM).parent.glob("*.duckdb")) == files


def test_a_snapshot_is_opened_as_a_new_room(enter: Enter, look: Look, tmp_path: Path):
    """A file that is no room is refused."""
    room = told(enter)
    keys = invited()
    room.snapshot(tmp_path / "mine.duckdb")
    screen = look("trainer", "scenarios", key=keys[Role.TRAINER])
    rooms_before = len(list(rooms().file(ROOM).parent.glob("*.duckdb")))
    screen.app.file_uploader(key="room file").set_value(("notes.duckdb", b"nothing", "application/octet-stream"))
    screen.run().click("upload")
    assert screen.said[0].startswith("This file was not taken in. It is not a room")
    assert screen.app.query_params["room"] == ROOM
    assert len(list(rooms().file(ROOM).parent.glob("*.duckdb"))) == rooms_before
    content = (tmp_path / "mine.duckdb").read_bytes()
    screen.app.file_uploader(key="room file").set_value(("mine.duckdb", content, "application/octet-stream"))
    screen.run().click("upload")
    new_id = screen.app.query_params["room"]
    assert "is a room of its own here" in screen.said[0] and new_id != ROOM
    assert isinstance(new := rooms().get(new_id), Room) and new.events().equals(room.events())
    assert entrance.invitation(new_id, Key(screen.app.query_params["key"])).role is Role.TRAINER
