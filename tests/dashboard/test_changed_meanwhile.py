"""Somebody else acts before the click: the page shows the current status, and nothing is half done."""

from collections.abc import Callable

import pytest

from dashboard.background.rooms import rooms
from data import Room
from model import Approve, CloseTicket, Command, Reject, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.truth import status
from tests.story_ids import T1

MEANWHILE = "This changed before you clicked. "


def act(room: Room, *acts: tuple[Command, str]) -> int:
    """Carry out another person's act in the room; return the length of the log after it."""
    for command, who in acts:
        room.do(command, room.member(*who.split("@")))
    return room.seq


@pytest.mark.parametrize("button", [["approve"], ["reject", "reject yes"]])
@pytest.mark.parametrize(
    ("command", "who", "stands", "really"),
    [
        (Approve("r1"), "adele@fabrikam", "Its status is now Approved, decided by Adele Vance.", "Approved"),
        (Reject("r1"), "adele@contoso", "Its status is now Rejected, decided by Adele Vance.", "Rejected"),
        (CloseTicket(T1), "ben@contoso", "Its status is now Canceled (lab).", "Canceled"),
    ],
)
def test_a_late_decision_is_answered_with_the_current_status(
    enter: Enter, look: Look, button: list[str], command: Command, who: str, stands: str, really: str
):
    """The first decision counts; the second click changes nothing and names the decider."""
    room = enter("removal-stays-private", steps=2)
    screen = look("adele@fabrikam", request="r1")
    for key in button[:-1]:
        screen.click(key)
    lines = act(room, (command, who))
    screen.click(button[-1])
    (said,) = screen.said
    assert said.startswith(MEANWHILE) and said.endswith(stands)
    assert room.seq == lines and status(room) == really and room.verify()
    assert not {"approve", "reject", "reject yes"} & screen.keys
    assert "see it in Approved access" in " ".join(screen.links)


def test_in_the_support_request_tenant_a_late_decision_reveals_nothing_hidden(enter: Enter, look: Look):
    """The request was approved and is hidden: the page says that it is gone, not what happened."""
    room = enter("removal-stays-private", steps=2)
    screen = look("adele@contoso", request="r1")
    act(room, (Approve("r1"), "adele@fabrikam"))
    screen.click("approve")
    (said,) = screen.said
    assert said == (f"{MEANWHILE}There is no such access request here. You can't see this access request now.")


@pytest.mark.parametrize(
    ("command", "who", "stands"),
    [(Revoke("r1"), "adele@fabrikam", "Revoked"), (CloseTicket(T1), "ben@contoso", "Completed")],
)
def test_a_late_removal_is_answered_with_the_current_status(
    enter: Enter, look: Look, command: Command, who: str, stands: str
):
    """Access that has ended cannot be removed; the page names the status that is final."""
    room = enter("removal-stays-private", steps=3)
    screen = look("farah@fabrikam", "approved", request="r1").click("remove")
    lines = act(room, (command, who))
    screen.click("remove yes")
    (said,) = screen.said
    assert said.startswith(MEANWHILE) and f"Its status is now {stands}" in said
    assert room.seq == lines and status(room) == stands and "remove" not in screen.keys


def test_a_request_that_expired_before_the_click_is_not_approved(enter: Enter, look: Look):
    """Another screen moved the clock past the limit of this policy."""
    room = enter("expiry-and-lapse", steps=2)
    screen, other = look("adele@fabrikam", request="r1"), look("sam", "desk")
    other.click("clock +1 week")
    screen.click("approve")
    assert screen.said[0].startswith(MEANWHILE) and "Expired" in screen.said[0] and status(room) == "Expired"


def test_a_second_approval_needs_to_have_seen_the_first(enter: Enter, look: Look):
    """With two approvals, a click on a page that offered the first does not count as the second."""
    room = enter("both-tenants-two-keys", steps=2)
    screen = look("farah@fabrikam", request="r1")
    act(room, (Approve("r1"), "ben@contoso"))
    screen.click("approve")
    assert screen.said[0].startswith(MEANWHILE) and status(room) == "Pending"
    assert "Ben King" in screen.text
    screen.click("approve")
    assert status(room) == "Approved"


def test_a_ticket_that_was_closed_meanwhile_is_not_closed_again(enter: Enter, look: Look):
    """The second one is refused with an explanation; the ticket keeps its first closer."""
    room = enter("removal-stays-private", steps=2)
    screen = look("ben@contoso", "tickets", ticket=T1).click(f"close {T1}")
    lines = act(room, (CloseTicket(T1), "adele@contoso"))
    screen.click(f"close {T1} yes")
    assert screen.said[0].startswith("Refused: The support request is closed.") and room.seq == lines
    assert "by Adele Vance" in screen.text


def test_a_late_act_on_side_by_side_is_answered_with_the_current_status(enter: Enter, look: Look):
    """This holds for acts in another person's name, too."""
    room = enter("removal-stays-private", steps=2)
    screen = look("trainer", "side_by_side").choose("as fabrikam", "adele@fabrikam")
    act(room, (Reject("r1"), "adele@contoso"))
    screen.click("approve fabrikam r1")
    assert screen.said[0].startswith(MEANWHILE) and status(room) == "Rejected"


@pytest.mark.parametrize(
    ("page", "key"),
    [("pending", "approve"), ("pending", "clock +1 day"), ("side_by_side", "next step"), ("scenarios", "start over")],
)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: rooms().start(ROOM, "cross-tenant-approval"), id="another scenario was started"),
        pytest.param(lambda: rooms().close(), id="the room was closed for others"),
    ],
)
def test_a_click_on_a_page_of_a_replaced_room_acts_in_the_new_one(
    enter: Enter, look: Look, page: str, key: str, change: Callable[[], object]
):
    """There is no exception, and the act is done in the link's current room."""
    enter("removal-stays-private", steps=2)
    screen = look("adele@fabrikam", page, **({"request": "r1"} if key == "approve" else {}))
    change()
    screen.click(key)
    assert rooms().get(ROOM).verify()
