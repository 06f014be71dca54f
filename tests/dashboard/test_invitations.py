"""A room with invitations: each link opens it as one person, and permissions are checked at the act."""

import json
import logging
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.background import entrance, presence
from dashboard.background.entrance import NotInvited
from dashboard.background.rooms import rooms
from dashboard.shell.page_list import PAGES, pages_of
from dashboard.shell.visit import Visit
from data import Room
from data.room_folder import invitations
from data.room_folder.invitations import Key, Role
from model import Approve, Engineer, Member, OpenTicket, RequestAccess, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen, strings

BEN, FARAH, SAM = Member("ben", "contoso"), Member("farah", "fabrikam"), Engineer("sam")
FIXED: dict[Role, Member | Engineer] = {Role.PARTICIPANT: BEN, Role.ENGINEER: SAM, Role.OBSERVER: FARAH}
Keys = dict[Role, str]


def invited() -> Keys:
    """Return a key for each role."""
    trainer = entrance.invite(ROOM, Key(""), Role.TRAINER)
    fixed = {role: entrance.invite(ROOM, Key(trainer), role, viewer) for role, viewer in FIXED.items()}
    return {Role.TRAINER: trainer, Role.CO_TRAINER: entrance.invite(ROOM, Key(trainer), Role.CO_TRAINER), **fixed}


def told(enter: Enter) -> Room:
    """Play a story up to a pending and an approved request."""
    room = enter("sandbox")
    for title in ("One", "Two"):
        ticket = room.do(OpenTicket(title), BEN).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam", "Logs"), SAM).request_id or ""
    room.do(Approve(request), Member("adele", "fabrikam"))
    return room


def menu(screen: Screen) -> list[str]:
    return [link.proto.page for link in screen.app.sidebar.get("page_link")]


def test_a_room_without_invitations_works_as_before(enter: Enter, look: Look):
    """One visitor is trainer and everybody; a key in the link is dropped."""
    told(enter)
    screen = look("ben@contoso", "pending", key="something")
    assert "key" not in screen.app.query_params and screen.app.selectbox(key="who").value == "ben@contoso"


@pytest.mark.parametrize("role", FIXED)
def test_a_link_opens_the_room_as_one_person_only(enter: Enter, look: Look, role: Role):
    """The link's viewer is ignored, there is no choice of viewer, and the menu has only that person's pages."""
    told(enter)
    key, viewer = invited()[role], FIXED[role]
    mine = viewer.id if isinstance(viewer, Engineer) else f"{viewer.person}@{viewer.tenant}"
    page = "desk" if role is Role.ENGINEER else "audit"
    for wanted in ("trainer", "adele@fabrikam", "sam", ""):
        screen = look(wanted, page, key=key)
        assert screen.app.query_params["viewer"] == mine
        assert not [box for box in screen.app.selectbox if box.key == "who"]
        assert not {key for key in screen.keys if key.startswith("clock") or key in ("undo", "next step")}
    assert set(menu(screen)) == {PAGES[file][2] for file in pages_of(entrance.invitation(ROOM, Key(key)))}
    assert not {"welcome", "side-by-side", "scenarios", "policy", "what-if", "invite"} & set(menu(screen))


def test_an_empty_list_leads_a_participant_to_no_page_of_the_trainers(enter: Enter, look: Look):
    """Others may go on to what each party sees."""
    enter("sandbox")
    assert look("ben@contoso", "pending").links
    screen = look("", "pending", key=invited()[Role.PARTICIPANT])
    assert "No pending requests" in screen.text and not screen.links


@pytest.mark.parametrize("role", FIXED)
@pytest.mark.parametrize("page", PAGES)
def test_no_other_page_opens_for_a_participant(enter: Enter, look: Look, role: Role, page: str):
    """It shows nothing of the story or the trainer's, only an explanation and links to their own pages."""
    room = told(enter)
    key = invited()[role]
    held = entrance.invitation(ROOM, Key(key))
    screen = look("trainer", "desk", key=key)
    screen.open(page)
    if page in pages_of(held):
        assert "not part of your invitation" not in screen.text
    else:
        assert screen.title == "This page is not part of your invitation"
        assert not screen.keys and len(screen.links) == len(pages_of(held))
    assert room.story.summary not in screen.text and f"Room: {room.story.title}" not in screen.text


@pytest.mark.parametrize("role", [Role.TRAINER, Role.CO_TRAINER])
def test_a_trainer_has_everything(enter: Enter, look: Look, role: Role):
    """A trainer can open every page as everybody."""
    told(enter)
    key = invited()[role]
    screen = look("trainer", "side_by_side", key=key)
    assert screen.title == "Side by side" and "undo" in screen.keys
    screen.choose("who", "ben@contoso").open("tickets")
    assert "open ticket" in screen.keys and screen.app.query_params["key"] == key


@pytest.mark.parametrize("key", ["", "forged", "x" * 10_000, "AAAAAAAAAAAAAAAAAAAAAA", "\u2028'\"<b>"])
@pytest.mark.parametrize("viewer", ["trainer", "ben@contoso"])
def test_a_visitor_without_a_token_gets_an_explanation_and_no_role(
    enter: Enter, look: Look, key: str, viewer: str, caplog: pytest.LogCaptureFixture
):
    """It is the same on every page, without anything of the room; the token is not in the log."""
    room = told(enter)
    invited()
    caplog.set_level(logging.DEBUG)
    screen = look(viewer, "pending", **({"key": key} if key else {}))
    assert screen.title == "This room cannot be opened" and "Ask the trainer for a new link" in screen.text
    assert not screen.keys and "Contoso" not in screen.text and room.story.title not in screen.text
    assert not key or key not in caplog.text


def test_an_ended_invitation_opens_nothing_and_its_pages_go(enter: Enter, look: Look):
    """An act on a page drawn earlier is refused, too."""
    room = told(enter)
    keys = invited()
    screen = look("", "tickets", key=keys[Role.PARTICIPANT])
    held = entrance.invitation(ROOM, Key(keys[Role.PARTICIPANT]))
    screen.app.text_input(key="new title").input("Too late")
    entrance.end(ROOM, Key(keys[Role.TRAINER]), held.id)
    before = room.seq
    screen.click("open ticket")
    assert room.seq == before and screen.title == "This room cannot be opened"


def here(room: Room, keys: Keys, role: Role, viewer: Member | Engineer | None) -> Visit:
    """Return a page that a holder could forge: any viewer, with the role's key."""
    return Visit("Pending requests", ROOM, room, viewer, room.state, None, Key(keys[role]))


@pytest.mark.parametrize("role", Role)
def test_permissions_are_checked_at_the_act(enter: Enter, role: Role):
    """Tried are acting as somebody, moving the clock and the story, inviting, ending and copying, on any page."""
    room = told(enter)
    keys = invited()
    leads = role in (Role.TRAINER, Role.CO_TRAINER)
    for actor in (BEN, FARAH, SAM, Member("adele", "contoso")):
        visit = here(room, keys, role, actor)
        if leads or (FIXED[role] == actor and role is not Role.OBSERVER):
            assert visit.to_act_as(actor) is room
        else:
            with pytest.raises(NotInvited):
                visit.to_act_as(actor)
    visit = here(room, keys, role, None)
    trainers = [
        lambda: visit.current,
        visit.to_change,
        lambda: entrance.check_leads(ROOM, Key(keys[role])),
        lambda: entrance.invite(ROOM, Key(keys[role]), Role.CO_TRAINER),
        lambda: entrance.end(ROOM, Key(keys[role]), "none"),
    ]
    for act in trainers:
        if leads:
            act()
        else:
            with pytest.raises(NotInvited):
                act()


def test_a_page_of_an_open_room_can_do_nothing_once_the_room_has_a_trainer(enter: Enter, look: Look):
    """Its visitor loses all roles."""
    room = told(enter)
    screen = look("trainer", "side_by_side")
    invited()
    before = room.seq
    screen.click("undo")
    assert room.seq == before and screen.title == "This room cannot be opened"


def test_an_observer_sees_what_the_person_sees_and_has_no_buttons(enter: Enter, look: Look):
    """The page of one request has none either."""
    room = told(enter)
    key = invited()[Role.OBSERVER]
    for row in room.overview().rows("all_requests"):
        screen = look("", "pending" if row["status"] == "Pending" else "approved", key=key, request=row["request_id"])
        assert row["title"] in screen.text and not screen.keys - {"back"}


def test_the_trainer_invites_on_a_page_and_ends_it_there(enter: Enter, look: Look):
    """The link is shown once, with its QR code, and opens its role."""
    told(enter)
    screen = look("trainer", "invite").click("begin")
    trainer = screen.app.query_params["key"]
    assert entrance.invitation(ROOM, Key(trainer)).role is Role.TRAINER
    screen.choose("role", Role.ENGINEER).click("invite")
    link = next(code.value for code in screen.app.code if "/desk?" in code.value)
    given = parse_qs(urlsplit(link).query)
    held = entrance.invitation(given["room"][0], Key(given["key"][0]))
    assert (held.role, held.viewer.id) == (Role.ENGINEER, "sam") and "data:image/svg+xml" in screen.text
    assert any(f"key={trainer}" in code.value for code in screen.app.code)
    assert [sent for _, sent in strings(screen.wire) if sent == json.dumps({"text": link})]  # what its button copies
    screen.click(f"end {held.id}").click(f"end {held.id} yes")
    assert "The invitation has ended." in screen.said
    with pytest.raises(NotInvited):
        entrance.invitation(ROOM, Key(given["key"][0]))


def test_invitations_survive_a_restart_and_another_scenario(enter: Enter, look: Look):
    """People who are not in the new story are told so."""
    told(enter)
    keys = invited()
    rooms().close()
    rooms().start(ROOM, "removal-stays-private")
    assert look("", "pending", key=keys[Role.PARTICIPANT]).title == "Pending requests"
    rooms().start(ROOM, "rejection")
    assert look("", "pending", key=keys[Role.PARTICIPANT]).title == "You have no part in this story"
    assert entrance.invitation(ROOM, Key(keys[Role.TRAINER])).leads


def test_a_page_without_a_part_in_the_story_waits_for_one(enter: Enter, look: Look):
    """It changes with the story, and returns with it by itself; its link may end meanwhile."""
    told(enter)
    keys = invited()
    screen = look("", "pending", key=keys[Role.PARTICIPANT])

    def told_to_run() -> bool:
        shown = screen.app.session_state["open page"].shown
        return bool(shown.may_be_out_of_date() and shown.is_out_of_date())

    assert not told_to_run()
    rooms().start(ROOM, "rejection")
    assert told_to_run() and screen.run().title == "You have no part in this story"
    assert not told_to_run() and presence.seats(ROOM, entrance.all_of(ROOM))
    rooms().get(ROOM).next_step()
    assert not told_to_run()
    room = rooms().bring_back_earlier(ROOM)
    assert told_to_run() and screen.run().title == "Pending requests" and room.directory.knows("ben", "contoso")
    rooms().start(ROOM, "rejection")
    screen.run()
    entrance.end(ROOM, Key(keys[Role.TRAINER]), entrance.invitation(ROOM, Key(keys[Role.PARTICIPANT])).id)
    assert told_to_run() and screen.run().title == "This room cannot be opened"


def sent_to(enter: Enter, look: Look, role: Role, member: Member) -> list[dict[str, list[bytes]]]:
    """Return a participant's messages on every page while access is live, removed, and restored by an undo."""
    trainer, _ = invitations.Invitations().with_new(Role.TRAINER)
    both, key = trainer.with_new(role, member)
    sent: list[dict[str, list[bytes]]] = []
    for removed, undone in ((False, False), (True, False), (True, True)):
        room = told(enter)
        invitations.write(rooms().file(ROOM), both)
        approved = next(r["request_id"] for r in room.overview().rows("all_requests") if r["status"] == "Approved")
        if removed:
            room.do(Revoke(approved), FARAH)
        if undone:
            room.undo()
        screen = look("", "desk", key=key)
        sent.append({page: screen.open(page).sent() for page in PAGES})
        sent[-1] |= {f"{page} one": screen.open(page, request=approved).sent() for page in ("pending", "approved")}
        assert len(sent[-1]["approved"]) > 15
    return sent


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OBSERVER])
def test_messages_to_an_invited_contoso_member_reveal_no_removal(enter: Enter, look: Look, role: Role):
    """The bytes are the same on every page, even on others' pages."""
    first, *others = sent_to(enter, look, role, BEN)
    for other in others:
        assert [page for page in other if other[page] != first[page]] == []


def test_the_comparison_detects_the_removal_where_it_is_visible(enter: Enter, look: Look):
    """On Fabrikam's pages, as long as it is not taken back."""
    live, removed, undone = sent_to(enter, look, Role.PARTICIPANT, FARAH)
    assert {"approved", "approved one"} <= {page for page in live if live[page] != removed[page]}
    assert live == undone


def test_while_the_trainer_pauses_only_trainers_act(enter: Enter, look: Look):
    """Participants see that it is paused, and acts on pages drawn earlier are refused, too."""
    room = told(enter)
    keys = invited()
    screen, trainer = (
        look("", "tickets", key=keys[Role.PARTICIPANT]),
        look("trainer", "pending", key=keys[Role.TRAINER]),
    )
    screen.app.text_input(key="new title").input("Not now")
    assert "pause" not in screen.keys and "You have paused" in trainer.click("pause").text
    before = room.seq
    screen.click("open ticket")
    assert room.seq == before and "This was not done. The trainer has paused." in screen.said
    assert "The trainer has paused." in look("", "desk", key=keys[Role.ENGINEER]).said
    assert trainer.click("clock +1 hour").click("pause").text and room.seq == before + 1
    screen.app.text_input(key="new title").input("Now")
    assert "You opened the support request “Now”." in screen.click("open ticket").said
    with pytest.raises(NotInvited):
        entrance.pause(ROOM, Key(keys[Role.PARTICIPANT]), True)


def test_a_room_without_invitations_cannot_be_paused(enter: Enter, look: Look):
    """There everybody is a trainer."""
    told(enter)
    assert "pause" not in look("trainer", "side_by_side").keys
