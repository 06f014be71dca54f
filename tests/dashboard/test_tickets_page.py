"""Support requests: opened and closed by their buttons."""

import pytest

from dashboard.parts.table.choice import PAGE
from tests.dashboard.conftest import Enter, Look
from tests.story_ids import T1


def test_open_a_support_request(enter: Enter, look: Look):
    """It is in the tenant's list, assigned to an engineer, with what was chosen; the form is empty again."""
    room = enter("sandbox")
    screen = look("ben@contoso", "tickets")
    assert "No support requests" in screen.text
    screen.app.text_input(key="new title").input("  Guests cannot sign in ")
    screen.app.segmented_control(key="new severity").set_value("A")
    screen.app.toggle(key="new advanced").set_value(False)
    screen.click("open ticket")
    assert screen.said == ["You opened the support request “Guests cannot sign in”."]
    (ticket,) = room.overview().rows("all_tickets")
    assert ticket["title"] == "Guests cannot sign in" and not ticket["advanced_diagnostics"]
    assert screen.column("Severity") == ["A"] and screen.column("Opened by") == ["Ben King"]
    assert screen.app.text_input(key="new title").value == ""
    screen.click(f"open {ticket['ticket_id']}")
    assert "(just now), by Ben King" in screen.text and "not allowed" in screen.text
    assert f"close {ticket['ticket_id']}" in screen.keys
    other = screen.open("tickets", viewer="farah@fabrikam")
    assert "No support requests" in other.text


def test_a_support_request_needs_a_title(enter: Enter, look: Look):
    """Blanks are none: the page says what is missing, and nothing is opened."""
    room = enter("sandbox")
    screen = look("ben@contoso", "tickets")
    for title in ("", "   "):
        screen.app.text_input(key="new title").input(title)
        screen.click("open ticket")
        assert screen.said == ["A support request needs a title: say in a few words what does not work."]
    assert room.overview().tickets().empty


@pytest.mark.parametrize("text", ["a\0b", "\u200b\u200c", "\x01"])
def test_an_invalid_text_is_reported_and_nothing_is_done(enter: Enter, look: Look, text: str):
    """A title, a reason and a note: what is wrong with it, in a message on the page."""
    room = enter("justification", steps=2)
    before = room.seq
    screen = look("adele@contoso", "tickets")
    screen.app.text_input(key="new title").input(text)
    assert "This was not done: the title " in screen.click("open ticket").said[0]
    screen = look("sam", "desk")
    screen.app.text_area(key="ask reason").input(text)
    assert "This was not done: the reason " in screen.click("ask").said[0]
    screen = look("adele@contoso", "pending", request="r1")
    screen.app.text_area(key="note adele@contoso r1").input(text)
    assert "This was not done: the note " in screen.click("approve").said[0]
    screen = look("trainer", "side_by_side")
    screen.app.text_area(key="note trainer contoso r1 Pending").input(text)
    assert "This was not done: the note " in screen.click("approve contoso r1").said[0]
    assert room.seq == before


def test_close_asks_first_and_ends_the_access_in_every_tenant(enter: Enter, look: Look):
    """Nothing is closed before it is confirmed; then the live grant is Completed, and the closer is not told."""
    room = enter("cross-tenant-approval", steps=3)
    screen = look("adele@contoso", "tickets", ticket=T1).click(f"close {T1}")
    assert "ends the support engineer's access" in screen.text
    screen.click(f"close {T1} no")
    assert room.overview().rows("all_tickets")[0]["status"] == "Open"
    screen.click(f"close {T1}").click(f"close {T1} yes")
    assert screen.said == ["You closed the support request “Guests from Fabrikam cannot sign in”."]
    assert not {f"close {T1}", f"close {T1} yes"} & screen.keys and "by Adele Vance" in screen.text
    assert room.overview().rows("all_requests")[0]["status"] == "Completed"
    assert "Completed" in screen.open("approved", viewer="adele@fabrikam").text


def test_close_cancels_what_is_pending(enter: Enter, look: Look):
    """And both tenants see that."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso", "tickets", ticket=T1).click(f"close {T1}").click(f"close {T1} yes")
    assert room.overview().rows("all_requests")[0]["status"] == "Canceled"
    for viewer in ("adele@contoso", "adele@fabrikam"):
        assert "Canceled" in screen.open("approved", viewer=viewer).text


def test_the_trainer_sees_every_ticket_and_closes_none(enter: Enter, look: Look):
    """The trainer looks and does not act in the tenants' name."""
    enter("busy-week", steps=10)
    screen = look("trainer", "tickets")
    assert "Every support request of every tenant." in screen.text
    assert not any(key.startswith(("close", "open ticket")) for key in screen.keys)


def test_many_tickets_come_in_pages(enter: Enter, look: Look):
    """25 to a page; the pages together show each support request once, and the page is in the link."""
    room = enter("busy-week")
    tickets = room.overview().tickets()
    screen = look("trainer", "tickets")
    (pages,) = screen.app.pagination
    assert f"{len(tickets)} in all" in screen.text
    assert screen.column("Support request ID") == tickets["ticket_id"][:PAGE].tolist()
    pages.set_value(2)
    screen.run()
    assert screen.app.query_params["page"] == "2"
    assert screen.column("Support request ID") == tickets["ticket_id"][PAGE : 2 * PAGE].tolist()
    last = -(-len(tickets) // PAGE)
    screen.app.pagination[0].set_value(last)
    screen.run()
    assert screen.column("Support request ID") == tickets["ticket_id"][PAGE * (last - 1) :].tolist()


def test_a_list_that_became_shorter_shows_its_last_page(enter: Enter, look: Look):
    """Who stands on a page that is no more, since another viewer's list is shorter, is not shown an error."""
    enter("busy-week")
    screen = look("trainer", "tickets")
    screen.app.pagination[0].set_value(5)
    screen.run()
    assert screen.open("tickets", viewer="ben@contoso").title == "Support requests"
    assert screen.open("tickets", viewer="uma@tailspin").title == "Support requests"
