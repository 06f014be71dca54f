"""The trainer's spotlight on a case, and blanking of presented pages: nobody is sent what they may not see."""

import pytest

from dashboard.background import entrance
from dashboard.background.entrance import NotInvited
from dashboard.background.rooms import rooms
from data import Room
from data.room_folder import invitations
from data.room_folder.invitations import Invitations, Key, Role, beside
from model import Approve, Engineer, Member, OpenTicket, RequestAccess, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.story_ids import T1

BEN, FARAH, SAM, UMA = Member("ben", "contoso"), Member("farah", "fabrikam"), Engineer("sam"), Member("uma", "tailspin")
Keys = dict[str, str]


def invited() -> Keys:
    """A trainer's key, and one for each of four people."""
    found, trainer = Invitations().with_new(Role.TRAINER)
    keys = {"trainer": trainer}
    for viewer in (BEN, FARAH, SAM, UMA):
        role = Role.ENGINEER if isinstance(viewer, Engineer) else Role.PARTICIPANT
        found, keys[viewer.id if isinstance(viewer, Engineer) else viewer.person] = found.with_new(role, viewer)
    invitations.write(rooms().file(ROOM), found)
    return keys


def two_cases(enter: Enter) -> tuple[Room, str, str]:
    """Contoso's request to Fabrikam, approved, and a ticket of Tailspin's."""
    room = enter("busy-week", steps=5)
    return room, room.progress.id_of("t1"), room.do(OpenTicket("Nobody else's business"), UMA).ticket_id or ""


def test_everybody_who_sees_the_case_is_led_to_it(enter: Enter, look: Look):
    """Each to the page on which they see it; an observer too."""
    room, ticket, _ = two_cases(enter)
    keys = invited()
    trainer = look("trainer", "side_by_side", key=keys["trainer"], ticket=ticket).click("spotlight")
    assert "You point everybody at" in trainer.text and "spotlight" not in trainer.keys
    title = room.overview().case_record(ticket) and "Guests from Fabrikam cannot sign in"
    for who, page, link in (("ben", "audit", f"ticket={ticket}"), ("farah", "audit", "request=r1")):
        screen = look("", page, key=keys[who])
        assert f"The trainer points you at **{title}**" in screen.text and link in screen.links["Open"]
    assert "The trainer points you at" in look("", "desk", key=keys["sam"]).text
    assert "The trainer points you at" not in look("", "audit", key=keys["uma"]).text
    trainer.click("end spotlight")
    assert "The trainer points you" not in look("", "audit", key=keys["ben"]).text


def test_the_trainer_goes_on_to_another_case_while_one_is_in_the_spotlight(enter: Enter, look: Look):
    """And may point at that one instead."""
    room, ticket, other = two_cases(enter)
    keys = invited()
    entrance.point_at(ROOM, Key(keys["trainer"]), other)
    screen = look("trainer", "side_by_side", key=keys["trainer"], ticket=ticket)
    assert "You point everybody at **Nobody else's business**" in screen.text and room.steps_done == 5
    assert "You point everybody at **Guests from Fabrikam cannot sign in**" in screen.click("spotlight").text


PAGES = ("pending", "approved", "tickets", "audit", "overview", "timeline")


def test_viewers_who_may_not_see_the_case_are_sent_the_same_bytes(enter: Enter, look: Look):
    """And their pages do not run again; those who see it do."""
    _, ticket, others = two_cases(enter)
    keys = invited()
    screen = look("", "pending", key=keys["ben"])
    before = {page: screen.open(page).sent() for page in PAGES}
    shown = screen.app.session_state["open page"].shown
    for hidden in (others, "t-none", ""):
        entrance.point_at(ROOM, Key(keys["trainer"]), hidden)
        assert not shown.is_out_of_date()
        assert {page: screen.open(page).sent() for page in PAGES} == before
        shown = screen.app.session_state["open page"].shown
    entrance.point_at(ROOM, Key(keys["trainer"]), ticket)
    assert shown.may_be_out_of_date() and shown.is_out_of_date()
    assert {page: screen.open(page).sent() for page in PAGES} != before


def test_a_spotlight_reveals_no_removal_to_contoso(enter: Enter, look: Look):
    """Byte for byte: access is live, or removed."""
    kept, sent = None, []
    for removed in (False, True):
        room = enter("sandbox")
        ticket = room.do(OpenTicket("One"), BEN).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam", "Logs"), SAM).request_id or ""
        room.do(Approve(request), Member("adele", "fabrikam"))
        if removed:
            room.do(Revoke(request), FARAH)
        if kept is None:
            keys = invited()
            entrance.point_at(ROOM, Key(keys["trainer"]), ticket)
            kept = invitations.read(rooms().file(ROOM))
        invitations.write(rooms().file(ROOM), kept)
        screen = look("", "pending", key=keys["ben"])
        assert "The trainer points you at **One**" in screen.text
        sent.append({page: screen.open(page).sent() for page in PAGES})
    assert sent[0] == sent[1]


def test_a_presented_page_is_blank_until_the_trainer_shows_it_again(enter: Enter, look: Look):
    """Nothing of the room is sent to that page; nobody else's page changes."""
    room, *_ = two_cases(enter)
    keys = invited()
    ben = look("", "pending", key=keys["ben"])
    before = ben.open("pending").sent()
    shown = ben.app.session_state["open page"].shown
    presented = look("trainer", "side_by_side", key=keys["trainer"], present="1")
    other = look("trainer", "pending", key=keys["trainer"])
    assert "Contoso" in presented.text
    other.click("blank")
    assert presented.app.session_state["open page"].shown.is_out_of_date() and not shown.is_out_of_date()
    presented.run()
    assert "Contoso" not in presented.text and room.story.title not in presented.text
    assert presented.keys == {"blank"} and ben.open("pending").sent() == before
    assert "Contoso" in presented.click("blank").text


@pytest.mark.parametrize("who", ["ben", "sam"])
def test_only_trainers_point_and_blank(enter: Enter, look: Look, who: str):
    two_cases(enter)
    keys = invited()
    for change in (
        lambda: entrance.point_at(ROOM, Key(keys[who]), T1),
        lambda: entrance.blank(ROOM, Key(keys[who]), True),
        lambda: entrance.pause(ROOM, Key(keys[who]), True),
    ):
        with pytest.raises(NotInvited):
            change()
    assert not {"spotlight", "blank", "pause"} & look("", "desk", key=keys[who]).keys


def test_an_open_room_has_neither_spotlight_nor_blanking(enter: Enter, look: Look):
    two_cases(enter)
    assert not {"spotlight", "blank"} & look("trainer", "side_by_side").keys


def test_what_is_set_for_everybody_is_kept_and_an_earlier_file_has_none(enter: Enter):
    """Over a restart; a file that knows of a pause alone is read."""
    two_cases(enter)
    keys = invited()
    entrance.point_at(ROOM, Key(keys["trainer"]), T1)
    entrance.blank(ROOM, Key(keys["trainer"]), True)
    path = rooms().file(ROOM)
    found = invitations.read(path)
    assert (found.spotlight, found.blanked, found.paused) == (T1, True, False)
    text = beside(path).read_text(encoding="utf-8").replace(f'"blanked": true, "spotlight": "{T1}"', '"more": 1')
    beside(path).write_text(text, encoding="utf-8")
    found = invitations.read(path)
    assert (found.spotlight, found.blanked) == ("", False) and found.of(Key(keys["ben"]))
