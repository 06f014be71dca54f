"""The hardest rule, at the browser's end: messages to a support request tenant, byte for byte, reveal no removal.

The same story is played in two rooms of the same link; in one of them Fabrikam removed its access.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.background import autopilots
from dashboard.background.flight import Orders
from dashboard.parts import cards
from dashboard.shell.visit import Visit
from dashboard.shell.watching import fingerprint, is_out_of_date, remember
from data import Room
from data.room_folder.invitations import Key
from model import Approve, Member, OpenTicket, RequestAccess, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import OF_TENANTS, OVER_TIME, Screen

LIMITS = {"pending_expires_after": "4 days", "grant_lasts": "8 hours"}
NOTED = {"justification": "required"}
REMOVALS_SHOW = NOTED | {"visibility": {"Revoked": ["support request tenant", "resource tenant"]}}
NOTES = ("The logs were sent by secure mail instead", "A mistake")
OUTSIDE = ("ben@contoso", "adele@contoso", "rosa@contoso")  # of Contoso only, of both, a reader of the audit log
Sent = dict[str, list[bytes]]
Tell = Callable[..., tuple[Room, str]]


@pytest.fixture
def tell(enter: Enter) -> Tell:
    """Play the story up to the approval, with or without the removal; return the room and the request's id."""

    def story(removed: bool, policy: dict[str, Any] | None = None, note: str = NOTES[0]) -> tuple[Room, str]:
        room = enter("sandbox", policy=policy)
        ticket = room.do(OpenTicket("Guests cannot sign in"), room.member("ben", "contoso")).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam", "Logs"), room.engineer("sam")).request_id or ""
        room.advance(timedelta(hours=1))
        room.do(Approve(request, "Agreed by telephone"), room.member("adele", "fabrikam"))
        if removed:
            room.do(Revoke(request, note), room.member("farah", "fabrikam"))
        return room, request

    return story


def pages(screen: Screen, viewer: str, request: str) -> Sent:
    """Return the viewer's messages on every page of a tenant, and under a link to the request."""
    lists = {f"{viewer} {page}": screen.open(page, viewer=viewer).sent() for page in (*OF_TENANTS, *OVER_TIME)}
    one = {f"{viewer} {page} one": screen.open(page, request=request).sent() for page in ("pending", "approved")}
    return lists | one


def aftermath(look: Look, room: Room, request: str) -> Iterator[Sent]:
    """Return Contoso's messages after the story, while time passes, others ask, and the ticket is closed."""
    screens = {viewer: look(viewer) for viewer in OUTSIDE}

    def all_pages() -> Sent:
        return {key: sent for viewer in OUTSIDE for key, sent in pages(screens[viewer], viewer, request).items()}

    yield all_pages()
    ben = screens["ben@contoso"].open("tickets")
    yield {"the clock": ben.click("clock +1 day").sent()}  # past the end of a grant of eight hours
    ben.app.text_input(key="new title").input("Another one")
    yield {"opened": ben.click("open ticket").sent()}
    other = room.overview().rows("all_tickets")[0]["ticket_id"]
    room.do(RequestAccess(other, "tailspin", "Logs"), room.engineer("sam"))
    (first,) = {row["id"] for row in ben.open("tickets").tables[0]["rows"]} - {other}
    yield {"one": ben.open("tickets", ticket=first).sent()}
    yield {"asked": ben.click(f"close {first}").sent(), "closed": ben.click(f"close {first} yes").sent()}
    yield all_pages()


TABLES = (  # what a link can choose of a list
    *({"sort": key} for key in ("ticket_id", "-changed_at", "-requested_at", "status", "leaves_at", "activity")),
    *({"status": status} for status in ("Approved", "Revoked", "Completed", "Open")),
    {"search": "Fabrikam"},
    {"search": "removed"},
    {"columns": "ticket_id,status,changed_at,leaves_at,decided_by,closed_at,activity,actor"},
    {"page": "2"},
)


def tables(look: Look, room: Room, viewer: str) -> Sent:
    """Return the viewer's messages for every arrangement of every list, and for every support request's page."""
    screen, found = look(viewer), {}
    for page in OF_TENANTS:
        for chosen in TABLES:
            found[f"{viewer} {page} {chosen}"] = screen.open(page, viewer=viewer, **chosen).sent()
            for name in chosen:
                screen.app.query_params.pop(name, None)
    for ticket in room.overview().tickets()["ticket_id"]:
        found[f"{viewer} {ticket}"] = screen.open("tickets", ticket=ticket).sent()
    return found


@pytest.mark.parametrize("viewer", ["ben@contoso", "rosa@contoso"])
def test_no_order_filter_search_or_link_of_a_list_reveals_a_removal(tell: Tell, look: Look, viewer: str):
    """While access is live or removed, and after it lapsed or was removed: all the same bytes."""
    sent = []
    for removed in (False, True):
        room, _ = tell(removed, LIMITS)
        before = tables(look, room, viewer)
        room.advance(timedelta(hours=9))
        sent.append((before, tables(look, room, viewer)))
    for one, two in zip(*sent, strict=True):
        assert differences(one, two) == []


def test_the_comparison_of_lists_detects_a_removal_where_it_is_visible(tell: Tell, look: Look):
    """In Fabrikam each order and each filter of Approved access differs, and no other list does."""
    live, removed = (tables(look, tell(removed)[0], "farah@fabrikam") for removed in (False, True))
    lines = [line for line in differences(live, removed) if line.startswith("farah@fabrikam approved {")]
    assert len(lines) == len(TABLES)


def differences(one: Sent, two: Sent) -> list[str]:
    """Return the pages that differ, with the first difference."""
    assert one.keys() == two.keys() and all(len(sent) > 20 for sent in one.values())
    return [
        f"{page}: {next((pair for pair in zip(one[page], two[page], strict=False) if pair[0] != pair[1]), 'length')}"
        for page in one
        if one[page] != two[page]
    ]


@pytest.mark.parametrize(
    "policy", [None, LIMITS, NOTED], ids=["the source's policy", "a policy with limits", "a policy with notes"]
)
def test_messages_to_contoso_reveal_no_removal(tell: Tell, look: Look, policy: dict[str, Any] | None):
    """Every page, message, clock, banner and button has the same bytes."""
    live, removed = (list(aftermath(look, *tell(removed, policy))) for removed in (False, True))
    for one, two in zip(live, removed, strict=True):
        assert differences(one, two) == []


def test_messages_to_contoso_reveal_no_removal_while_the_autopilot_runs(tell: Tell, look: Look, flights: None):
    """Simulated people work on the case second by second, and close it; and when the trainer has paused them."""
    sent: list[list[Sent]] = []
    for removed in (False, True):
        _, request = tell(removed)
        screen = look("ben@contoso")
        flight = autopilots.start(ROOM, Key(), Orders("1 day", tickets_per_day=2))
        for _ in range(6):
            flight.second()
        assert flight.flies and flight.acts > 15
        sent.append([pages(screen, "ben@contoso", request)])
        autopilots.pause(ROOM, Key())
        sent[-1].append({"paused": screen.open("tickets").sent()})
    for one, two in zip(*sent, strict=True):
        assert differences(one, two) == []


@pytest.mark.parametrize("policy", [NOTED, REMOVALS_SHOW], ids=["removals are hidden", "removals show"])
def test_messages_to_contoso_reveal_no_note_of_a_removal(tell: Tell, look: Look, policy: dict[str, Any]):
    """The bytes do not depend on the note, even if the policy shows the removal itself."""
    first, second = (list(aftermath(look, *tell(True, policy, note))) for note in NOTES)
    for one, two in zip(first, second, strict=True):
        assert differences(one, two) == []


def test_the_comparison_detects_the_note_of_a_removal_where_it_is_visible(tell: Tell, look: Look):
    """In Fabrikam's details and audit log, and beside each other."""
    sent: list[Sent] = []
    for note in NOTES:
        _, request = tell(True, NOTED, note)
        screen = look("trainer")
        sent.append(pages(screen, "farah@fabrikam", request) | pages(screen, "rosa@fabrikam", request))
        sent[-1]["side by side"] = screen.open("side_by_side", viewer="trainer").sent()
    found = {line.partition(":")[0] for line in differences(*sent)}
    farah = {f"farah@fabrikam {page}" for page in ("pending one", "approved one", "audit")}
    assert found == farah | {"rosa@fabrikam audit", "side by side"}


def test_the_comparison_detects_a_page_that_shows_the_note_of_a_removal(
    tell: Tell, look: Look, monkeypatch: pytest.MonkeyPatch
):
    """If the details of a request took it from the trainer's record, Ben's page would give it away."""
    facts = cards.request_facts

    def everything(here: Visit, row: cards.Row) -> dict[str, str]:
        (whole,) = here.room.overview().rows("all_requests")
        return facts(here, {**row, "removal_note": whole["removal_note"]})

    monkeypatch.setattr(cards, "request_facts", everything)
    requests = (tell(True, REMOVALS_SHOW, note)[1] for note in NOTES)
    one, two = (pages(look("ben@contoso"), "ben@contoso", request) for request in requests)
    assert {line.partition(":")[0] for line in differences(one, two)} == {
        "ben@contoso pending one",
        "ben@contoso approved one",
    }


def test_the_comparison_detects_the_removal_where_it_is_visible(tell: Tell, look: Look):
    """In Fabrikam's list, details and audit log, and beside each other. (Each page of Farah's has the button to what is
    due: the entry leaves her list one day.)
    """
    sent: list[Sent] = []
    for removed in (False, True):
        _, request = tell(removed)
        screen = look("trainer")
        sent.append(pages(screen, "farah@fabrikam", request) | pages(screen, "rosa@fabrikam", request))
        sent[-1]["side by side"] = screen.open("side_by_side", viewer="trainer").sent()
    found = {line.partition(":")[0] for line in differences(*sent)}
    assert {"farah@fabrikam approved", "farah@fabrikam approved one", "side by side"} <= found
    assert {page for page in found if page.startswith("rosa")} == {"rosa@fabrikam audit"}


def test_the_comparison_detects_a_leak(tell: Tell, look: Look):
    """Under a policy that shows Revoked to both sides, Ben's pages give the removal away."""
    leaky = {"visibility": {"Revoked": ["support request tenant", "resource tenant"]}}
    requests = (tell(removed, leaky)[1] for removed in (False, True))
    live, removed = (pages(look("ben@contoso"), "ben@contoso", request) for request in requests)
    assert differences(live, removed)


def test_a_link_to_a_hidden_request_is_answered_like_one_to_a_missing_request(tell: Tell, look: Look):
    """The hidden request and an invented id give the same page."""
    _, request = tell(False)
    screen = look("ben@contoso")
    for page in ("pending", "approved"):
        hidden, none = (screen.open(page, request=name).sent() for name in (request, "r-0000000000"))
        assert hidden == none


def test_late_decisions_get_the_same_answer(enter: Enter, look: Look):
    """Adele, in Contoso, still has the request on her screen: approved, or removed since, she is told the same."""
    answers = []
    for acts in ([Approve], [Approve, Revoke]):
        room = enter("removal-stays-private", steps=2)
        screen = look("adele@contoso", request="r1")
        for act in acts:
            room.do(act("r1"), room.member("adele", "fabrikam"))
        answers.append(screen.click("approve").sent())
    assert answers[0] == answers[1]


@pytest.mark.parametrize("viewer", [*OUTSIDE, "uma@tailspin"])
def test_a_removal_refreshes_no_page_outside_the_resource_tenant(tell: Tell, viewer: str):
    """What a page watches to draw itself again stays the same. In Fabrikam it changes, also for who only reads logs."""
    room, request = tell(False)
    before = room.state
    room.do(Revoke(request), room.member("farah", "fabrikam"))

    def changed(name: str) -> bool:
        here = Visit("Pending requests", ROOM, room, Member(*name.split("@")), before)
        return bool(fingerprint(here, False, before[1]) != fingerprint(here, False))

    assert not changed(viewer)
    assert changed("farah@fabrikam") and changed("rosa@fabrikam")


@pytest.mark.parametrize("viewer", [*OUTSIDE, "farah@fabrikam"])
def test_undoing_a_removal_made_while_a_page_was_drawn_refreshes_no_page_outside(tell: Tell, viewer: str):
    """In Fabrikam the page may have shown it, and is drawn again."""
    room, request = tell(False)
    here = Visit("Pending requests", ROOM, room, Member(*viewer.split("@")), room.state)
    room.do(Revoke(request), room.member("farah", "fabrikam"))
    remember(here, False)
    before = is_out_of_date(here, room, False)
    room.undo()
    assert before == is_out_of_date(here, room, False) == (viewer == "farah@fabrikam")
