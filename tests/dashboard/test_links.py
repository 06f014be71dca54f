"""The link is the source of truth: it leads to its room, viewer and details, even after a restart."""

import re

import pytest
import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.shell.visit import viewer_id
from data import scenarios
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.story_ids import T1, T2


def test_a_link_without_a_room_gets_a_new_one_with_its_id_in_the_link(look: Look):
    """The room has the default scenario and an id that cannot be guessed."""
    first, second = look("", room=""), look("", room="")
    ids = [screen.app.query_params["room"] for screen in (first, second)]
    assert ids[0] != ids[1] and all(re.fullmatch(r"[\w-]{22}", name) for name in ids)
    assert rooms().get(ids[0]).story.title == scenarios()["busy-week"].title
    assert first.app.query_params["viewer"] == "adele@contoso"


@pytest.mark.parametrize("room", ["!!", "../../etc/passwd", "short", "x" * 65, "with spaces in its name", "a/../" * 4])
def test_a_link_with_an_impossible_room_says_so(look: Look, room: str):
    """It opens no page and no file, but offers a new room."""
    screen = look("adele@contoso", room=room)
    (said,) = screen.said
    assert screen.title == "This room cannot be opened" and said.startswith("This link names no room")
    assert not rooms().folders[0].exists()


def test_a_file_that_is_no_room_is_reported_and_kept(look: Look):
    """It might be somebody's."""
    rooms().folders[0].mkdir()
    file = rooms().folders[0] / f"{ROOM}.duckdb"
    file.write_text("a diary")
    screen = look("adele@contoso")
    assert screen.title == "This room cannot be opened" and screen.said[0].startswith("Its file is damaged")
    assert str(file) not in screen.text
    assert file.read_text() == "a diary"


@pytest.mark.parametrize("viewer", ["nobody@contoso", "adele@tailspin", "adele", "@", "sam@contoso", "TRAINER"])
def test_an_unknown_viewer_becomes_the_storys_first_administrator(enter: Enter, look: Look, viewer: str):
    """It is never the trainer, who sees everything."""
    enter("cross-tenant-approval", steps=2)
    screen = look(viewer)
    assert screen.app.query_params["viewer"] == "adele@contoso"
    assert screen.app.selectbox(key="who").value == "adele@contoso"


def test_in_a_story_without_an_administrator_the_trainer_is_the_viewer(enter: Enter, look: Look):
    """There is somebody to look in every shipped scenario; whoever it is, the link names them."""
    for name in ("nobody-can-decide", "sandbox"):
        enter(name)
        screen = look("")
        assert screen.app.query_params["viewer"] == screen.app.selectbox(key="who").value


def test_a_member_of_a_background_tenant_can_be_the_viewer(enter: Enter, look: Look):
    """Any member of the room's directory, by the link; the list of who is looking then has them, too."""
    room = enter("busy-week")
    other = next(m for m in room.directory.members() if m.tenant not in room.story.directory.tenants)
    screen = look(viewer_id(other))
    assert screen.app.selectbox(key="who").value == viewer_id(other)
    assert room.directory.people[other.person] in screen.text


@pytest.mark.parametrize(
    ("viewer", "page"), [("adele@contoso", "pending"), ("trainer", "pending"), ("trainer", "approved")]
)
def test_a_link_to_a_request_shows_its_details(enter: Enter, look: Look, viewer: str, page: str):
    """They are all that a decision needs."""
    enter("cross-tenant-approval", steps=2)
    text = look(viewer, page, request="r1").text
    for fact in (T1, "Guests from Fabrikam cannot sign in", "Contoso", "Fabrikam", "Sam Rivera", "Sign-in logs of"):
        assert fact in text


@pytest.mark.parametrize(
    ("viewer", "told"),
    [
        ("adele@contoso", "There is no such access request here."),
        ("trainer", "This access request doesn't exist in this room."),
        ("sam", "An engineer's requests are on the desk."),
    ],
)
@pytest.mark.parametrize("page", ["pending", "approved"])
def test_a_link_to_an_unknown_request_says_so(enter: Enter, look: Look, viewer: str, told: str, page: str):
    """It offers the way back to the list, whatever the link contains."""
    enter("cross-tenant-approval", steps=2)
    screen = look(viewer)
    for request in ("r99", "' OR 1=1 --", "![x](http://evil.test/x.png)"):
        screen.open(page, request=request)
        assert screen.said == [told] and "back" in screen.keys
    assert screen.click("back").title


def test_a_link_to_a_request_reports_a_missing_permission(enter: Enter, look: Look):
    """The answer is the same for an existing and for an unknown request."""
    enter("role-trap", steps=4)
    said = [look("rosa@contoso", request=request).said for request in ("r1", "r99")]
    assert said[0] == said[1] and "no role in this tenant that includes the permission" in said[0][0]


def test_a_link_to_a_ticket_shows_it_on_the_desk_and_side_by_side(enter: Enter, look: Look):
    """An unknown one falls back to an existing one."""
    enter("both-tenants-two-keys", steps=9)
    for ticket, expected in ((T1, {T1}), (T2, {T2}), ("t99", {T1, T2})):
        assert look("sam", "desk", ticket=ticket).app.selectbox(key="desk ticket").value in expected
        assert look("trainer", "side_by_side", ticket=ticket).app.selectbox(key="case").value in expected


def test_changing_the_viewer_keeps_the_room_and_the_page(enter: Enter, look: Look):
    """The select box writes the link; the request that is open stays open, seen with the other's eyes."""
    enter("removal-stays-private", steps=3)
    screen = look("farah@fabrikam", "approved", request="r1")
    assert "remove" in screen.keys
    screen.choose("who", "ben@contoso")
    assert screen.app.query_params == {"room": ROOM, "viewer": "ben@contoso", "request": "r1"}
    assert screen.said == ["There is no such access request here."]
    screen.choose("who", "adele@fabrikam")
    assert "remove" in screen.keys


def test_a_message_is_not_carried_on_to_the_next_viewer(enter: Enter, look: Look):
    """Farah's message about her removal is not shown to Ben after the switch."""
    enter("removal-stays-private", steps=3)
    screen = look("farah@fabrikam", "approved", request="r1").click("remove").click("remove yes")
    assert screen.said
    screen.choose("who", "ben@contoso")
    assert screen.said == ["There is no such access request here."]
    screen.choose("who", "farah@fabrikam").click("back").click("clock +1 hour")
    assert screen.said
    screen.app.query_params["viewer"] = "ben@contoso"
    assert not any("removed" in said for said in screen.run().said)


def test_every_link_inside_carries_the_room_and_the_viewer(enter: Enter, look: Look):
    """Else a link in a new tab would open another room, as somebody else."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    links = [link.proto.query_string for link in screen.app.get("page_link")]
    assert len(links) >= 8 and all(query == f"room={ROOM}&viewer=adele%40contoso" for query in links)


def test_a_restart_loses_nothing(enter: Enter, look: Look):
    """The rooms are files: what was decided is there after the process ended, in the same link."""
    enter("cross-tenant-approval", steps=2)
    look("adele@fabrikam", request="r1").click("approve").click("clock +1 day")
    pages = {"approved": {"request": "r1"}, "audit": {}, "tickets": {}, "side_by_side": {}}
    before = [look("adele@fabrikam", page, **link).text for page, link in pages.items()]
    st.cache_resource.clear()
    assert [look("adele@fabrikam", page, **link).text for page, link in pages.items()] == before
    assert "open r1" in look("adele@fabrikam", "approved").keys


def test_a_viewers_draft_is_not_shown_to_the_next(enter: Enter, look: Look):
    """Choosing another tenant empties the field."""
    enter("cross-tenant-approval")
    screen = look("adele@contoso", "tickets")
    screen.app.text_input(key="new title").input("a secret of Contoso's")
    screen.run().choose("who", "adele@fabrikam")
    assert screen.app.text_input(key="new title").value == ""


def test_a_confirmation_does_not_stay_open_for_another_request(enter: Enter, look: Look):
    """Back and Forward change the request of the link; what was asked was about the one before."""
    enter("busy-week", steps=8)
    screen = look("adele@fabrikam", "approved", request="r1").click("remove")
    assert "remove yes" in screen.keys
    screen.app.query_params["request"] = "r2"
    assert "remove yes" not in screen.run().keys
