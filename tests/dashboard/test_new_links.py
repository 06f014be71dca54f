"""Links without any act: looking creates nothing, the first act loses nothing, and who notices it."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.shell.visit import Visit, viewer_id
from dashboard.shell.watching import is_out_of_date
from data import Room, RoomUnavailable
from data.room_folder.limits import MAX_BYTES, MAX_ROOMS
from model import Approve, Member, ReadDiagnostics, Revoke
from tests.dashboard.conftest import Look
from tests.dashboard.screen import OF_TENANTS, TITLES, Screen, Wire

Do = Callable[[Screen], Screen]


def kept(folder: Path) -> set[str]:
    """Return the files of rooms."""
    return {file.name for file in folder.glob("*.duckdb")} if folder.exists() else set()


def link_of(screen: Screen) -> str:
    return screen.app.query_params["room"]


@pytest.mark.parametrize("viewer", ["adele@fabrikam", "sam", "trainer"])
def test_looking_at_every_page_creates_nothing(look: Look, folder: Path, viewer: str):
    """Not even the folder is created: a foreign page or a reload loop cannot fill the disk."""
    screen = look(viewer, room="")
    for page in TITLES:
        assert screen.open(page).title == TITLES[page]
    assert rooms().get(link_of(screen)) is rooms().get(rooms().new_id())
    assert not folder.exists()


def test_the_link_stays_the_same_when_somebody_acts_and_lasts(look: Look, folder: Path):
    """It can be shared before the first act."""
    screen = look("trainer", room="")
    link = link_of(screen)
    screen.click("clock +1 day")
    assert link_of(screen) == link and kept(folder) == {f"{link}.duckdb"}
    st.cache_resource.clear()
    now = look("trainer", room=link).text
    assert "Tue 03 Mar 2026, 09:00" in now


@pytest.mark.parametrize(
    ("viewer", "page", "do", "said"),
    [
        ("trainer", "pending", lambda screen: screen.click("clock +1 hour"), "It is now Mon 02 Mar 2026, 10:00"),
        ("trainer", "side_by_side", lambda screen: screen.click("next step"), None),
        ("trainer", "scenarios", lambda screen: screen.click("start over"), "The room is as it was"),
        ("trainer", "scenarios", lambda screen: screen.click("start rejection"), "“Rejection” has begun."),
        ("adele@contoso", "tickets", lambda screen: open_ticket(screen), "You opened"),
    ],
    ids=["the clock", "a step", "start over", "another scenario", "a ticket"],
)
def test_each_first_act_creates_the_room_and_keeps_its_message(
    look: Look, folder: Path, viewer: str, page: str, do: Do, said: str | None
):
    """One room, for this link only."""
    screen = do(look(viewer, page, room=""))
    assert kept(folder) == {f"{link_of(screen)}.duckdb"}
    assert any(text.startswith(said) for text in screen.said) if said else not screen.said
    own = rooms().get(link_of(screen))
    assert own.verify() and own is not rooms().get(rooms().new_id())


def open_ticket(screen: Screen) -> Screen:
    screen.app.text_input(key="new title").input("Sign-ins fail")
    return screen.click("open ticket")


def test_records_read_at_the_first_act_are_on_the_page(look: Look, folder: Path):
    """Reading is an act that makes the room: its records are there afterwards, and so is what was chosen."""
    engineer, ticket, tenant = readable(rooms().get(rooms().new_id()))
    screen = look(engineer, "desk", room="", ticket=ticket).choose("read tenant", tenant)
    screen.choose("read category", "audit-logs").click("read it")
    assert kept(folder) == {f"{link_of(screen)}.duckdb"}
    assert "audit logs:" in screen.text and "records, invented by Faker" in screen.text
    assert screen.app.selectbox(key="read category").value == "audit-logs"


def readable(room: Room) -> tuple[str, str, str]:
    """Return an engineer, a ticket, and the tenant whose data the engineer may read for it."""
    for engineer in room.directory.engineers:
        for row in room.as_seen_by(room.engineer(engineer)).rows("desk_tickets"):
            command = ReadDiagnostics(row["ticket_id"], row["support_request_tenant"])
            if room.would_be_refused(command, room.engineer(engineer)) is None:
                return engineer, row["ticket_id"], row["support_request_tenant"]
    raise AssertionError("the default scenario has nothing to read")


def test_a_draft_outlives_the_first_act(look: Look):
    """The text being written when somebody else acts first is kept."""
    screen = look("adele@contoso", "tickets", room="")
    screen.app.text_input(key="new title").input("A draft")
    screen.run()
    look("trainer", room=link_of(screen)).click("clock +1 hour")
    assert screen.run().app.text_input(key="new title").value == "A draft"


def test_others_in_the_same_link_see_the_first_act(look: Look):
    """By the page's own watching, and when it is drawn again."""
    one = look("trainer", room="")
    two = look("adele@contoso", room=link_of(one))
    here = visit_of(two, "adele@contoso")
    assert not is_out_of_date(here, rooms().get(link_of(one)), False)
    one.click("clock +1 day")
    assert is_out_of_date(here, rooms().get(link_of(one)), False)
    assert "Tue 03 Mar 2026, 09:00" in two.run().text


def visit_of(screen: Screen, viewer: str) -> Visit:
    """Return the visit of a new link's page."""
    room = rooms().get(link_of(screen))
    return Visit("Pending requests", link_of(screen), room, Member(*viewer.split("@")), room.state)


def test_a_decision_on_a_page_of_before_the_first_act_is_compared_with_what_was_seen(look: Look):
    """Another visitor decided in the room that the link got since."""
    shown = rooms().get(rooms().new_id())
    request = next(r for r in shown.overview().rows("all_requests") if r["status"] == "Pending")
    administrator = next(
        m
        for m in shown.directory.administrators(request["resource_tenant"])
        if shown.would_be_refused(Approve(request["request_id"]), m) is None
    )
    screen = look(viewer_id(administrator), "pending", room="", request=request["request_id"])
    room = rooms().to_act_in(link_of(screen))
    room.do(Approve(request["request_id"]), administrator)
    lines = room.seq
    (said,) = screen.click("approve").said
    assert said.startswith("This changed before you clicked.") and room.seq == lines


# Privacy: the creation of the link's room, and its time, must not reveal the first act.


@dataclass(frozen=True)
class Removal:
    """Access that is live in every new room: who sees nothing of its removal, and who may remove it."""

    outsider: Member
    insider: Member
    request: str

    def carry_out(self, room_id: str) -> None:
        rooms().to_act_in(room_id).do(Revoke(self.request), self.insider)


@pytest.fixture
def removal(folder: Path) -> Removal:
    """Return the first such access."""
    shown = rooms().get(rooms().new_id())
    for row in shown.overview().rows("all_requests"):
        ours = shown.directory.administrators(row["support_request_tenant"])
        theirs = [m for m in shown.directory.administrators(row["resource_tenant"]) if m not in ours]
        if ours and theirs and shown.would_be_refused(Revoke(row["request_id"]), theirs[0]) is None:
            return Removal(ours[0], theirs[0], row["request_id"])
    raise AssertionError("the default scenario has no live grant")


def test_a_removal_as_the_first_act_changes_nothing_for_the_support_request_tenant(look: Look, removal: Removal):
    """No byte of a page changes, and no page refreshes; the resource tenant's does."""
    screen = look(viewer_id(removal.outsider), room="")
    room_id = link_of(screen)
    before = {page: screen.open(page).sent() for page in OF_TENANTS}
    shown = rooms().get(room_id)
    pages = [Visit("Pending requests", room_id, shown, who, shown.state) for who in (removal.outsider, removal.insider)]
    removal.carry_out(room_id)
    assert rooms().get(room_id) is not shown
    assert [is_out_of_date(here, rooms().get(room_id), False) for here in pages] == [False, True]
    assert {page: screen.open(page).sent() for page in OF_TENANTS} == before


def test_entering_a_closed_room_looks_like_entering_an_unused_link(wire: Wire, look: Look, removal: Removal):
    """After a restart of the server: the first page of who comes in is the same to the byte."""
    viewer, room_id = viewer_id(removal.outsider), link_of(look("trainer", room=""))
    first = Screen(wire, room_id, viewer).sent()
    removal.carry_out(room_id)
    rooms().close()
    assert Screen(wire, room_id, viewer).sent() == first


def test_an_act_after_a_hidden_first_act_is_answered_like_a_first_act(look: Look, removal: Removal, folder: Path):
    """Its own act finds the room made already, or makes it: the page says the same to the byte."""
    screen = look(viewer_id(removal.outsider), room="")
    room_id = link_of(screen)
    first = screen.click("clock +1 hour").sent()
    rooms().close()
    for file in folder.glob(f"{room_id}.*"):
        file.unlink()
    screen.run()
    removal.carry_out(room_id)
    screen.run()
    assert screen.click("clock +1 hour").sent() == first


# Links that name no room.


@pytest.mark.parametrize("name", ["A" * 22, "a-room-that-never-was-here", "x" * 64])
def test_an_id_that_the_server_did_not_issue_is_refused_and_creates_nothing(look: Look, folder: Path, name: str):
    """A visitor cannot choose the id; the page offers a new room."""
    screen = look("trainer", room=name)
    (said,) = screen.said
    assert screen.title == "This room cannot be opened" and said.startswith("This link names no room")
    assert "Open a new room" in screen.links and not screen.keys
    assert not folder.exists()


def test_open_pages_of_a_removed_room_say_so(look: Look, folder: Path):
    """They do so at their next run."""
    screen = look("trainer", room="").click("clock +1 hour")
    rooms().close()
    rooms()._folder.remove(link_of(screen), requested=True)
    assert screen.run().title == "This room cannot be opened" and screen.said[-1].startswith("This link names no room")


# What cannot be kept.


def test_if_no_room_can_be_saved_the_first_and_every_page_says_so(
    look: Look, folder: Path, caplog: pytest.LogCaptureFixture
):
    """It offers a room in memory; the path is only in the log."""
    folder.write_text("not a folder")
    screen = look("trainer", room="")
    assert screen.title == "Rooms cannot be saved at the moment" and "ends when the server stops" in screen.said[0]
    assert str(folder) in caplog.text and str(folder) not in screen.text
    link = dict([screen.links["Go on with a room in memory"].split("=")])["room"]
    screen = look("adele@contoso", room=link)
    for page in TITLES:
        assert "This one is kept in memory and ends when the server stops" in screen.open(page).text
        assert str(folder) not in screen.text
    screen.click("clock +1 day")
    assert "Tue 03 Mar 2026, 09:00" in look("ben@contoso", room=link).text
    assert folder.read_text() == "not a folder"


def test_if_rooms_can_be_saved_no_page_mentions_memory(look: Look):
    """Before the first act and after it."""
    screen = look("trainer", room="")
    assert "memory" not in screen.text and "memory" not in screen.click("clock +1 hour").text


@pytest.mark.parametrize(
    ("page", "key"),
    [("pending", "clock +1 hour"), ("scenarios", "next step"), ("scenarios", "start over")],
)
def test_a_room_that_cannot_be_written_is_reported_on_the_page(
    look: Look, monkeypatch: pytest.MonkeyPatch, page: str, key: str
):
    """The message has no path, and the old room is kept."""
    screen = look("trainer", page, room="").click("next step" if page == "scenarios" else "clock +1 hour")
    room = rooms().get(link_of(screen))
    lines = room.seq

    def full(*_: object, **__: object) -> None:
        raise RoomUnavailable("/secret/place.duckdb", "the disk is full; nothing was lost (/secret/place.duckdb)")

    for method in ("advance", "next_step", "rewind", "do"):
        monkeypatch.setattr(Room, method, full)
    (said,) = screen.click(key).said
    assert said.startswith("This was not done") and "The disk is full; nothing was lost." in said
    assert "secret" not in screen.text and room.seq == lines


@pytest.mark.parametrize(("variable", "value"), [(MAX_ROOMS, "1"), (MAX_BYTES, "6000000")])
def test_when_no_more_rooms_fit_the_page_says_so_and_nothing_is_half_created(
    look: Look, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
):
    """Looking still works, as do existing rooms."""
    monkeypatch.setenv(variable, value)
    first = look("trainer", room="").click("clock +1 hour")
    second = look("trainer", "scenarios", room="")
    before = sorted(folder.iterdir())
    for key in ("clock +1 hour", "next step", "start rejection"):
        (said,) = second.click(key).said
        assert said.startswith("This was not done. This server keeps at most") and "Nothing was changed" in said
        assert second.title == "Scenarios"
    assert sorted(folder.iterdir()) == before
    assert first.click("clock +1 hour").said[0].startswith("It is now")


def test_an_invalid_limit_is_logged_at_the_start(
    look: Look, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """The server uses the default."""
    monkeypatch.setenv(MAX_ROOMS, "lots")
    look("trainer", room="").click("clock +1 hour")
    assert f"{MAX_ROOMS} must be a whole number above 0, not 'lots'" in caplog.text


def test_rooms_that_nobody_used_are_removed_at_the_start(folder: Path, tmp_path: Path):
    """Those of earlier versions that nobody changed, after a day; and never one that somebody changed."""
    with Room.create(tmp_path / "told.duckdb", "rejection") as room:
        untouched = tmp_path / "untouched.duckdb"
        room.snapshot(untouched)
        room.next_step()
    folder.mkdir()
    for name, source in (("untouched-for-two-days", untouched), ("told-two-days-before", tmp_path / "told.duckdb")):
        shutil.copyfile(source, folder / f"{name}.duckdb")
        old = (folder / f"{name}.duckdb").stat().st_mtime - 2 * 86_400
        os.utime(folder / f"{name}.duckdb", (old, old))
    rooms()
    assert kept(folder) == {"told-two-days-before.duckdb"}
