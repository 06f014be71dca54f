"""Lists as tables: their links, their tools, and the choices kept in the link."""

from datetime import timedelta

import pytest

from data import Room
from model import CloseTicket, Engineer, OpenTicket, Reject, RequestAccess
from tests.dashboard.conftest import Enter, Look
from tests.story_ids import T1


def with_requests(room: Room, tickets: int) -> list[str]:
    """Opens so many support requests in Contoso with a pending access request each, an hour apart; their ids."""
    ben, made = room.member("ben", "contoso"), []
    for n in range(tickets):
        ticket = room.do(OpenTicket(f"Number {n:03}"), ben).ticket_id or ""
        made.append(room.do(RequestAccess(ticket, "fabrikam", f"Reason {n}"), Engineer("sam")).request_id or "")
        room.advance(timedelta(hours=1))
    return made


@pytest.mark.parametrize("page", ["pending", "approved", "tickets"])
def test_the_support_request_id_is_a_link_to_the_details(enter: Enter, look: Look, page: str):
    """It names the room, the viewer and what is chosen of the list, so it can be copied; it works below any address."""
    enter("busy-week", steps=10)
    screen = look("trainer", page, sort="title", search="a")
    (table,) = screen.tables
    assert (table["columns"][0]["label"], table["columns"][0]["note"]) == ("Support request ID", "(invented)")
    assert all(len(row["cells"][0]["text"]) == 15 and row["cells"][0]["text"].isdigit() for row in table["rows"])
    opened = "ticket" if page == "tickets" else "request"
    for row in table["rows"]:
        assert row["cells"][0]["opens"] and row["link"].startswith("?room=")
        assert row["link"].endswith(f"&viewer=trainer&sort=title&search=a&{opened}={row['id']}")
    first = table["rows"][0]
    screen.click(f"open {first['id']}")
    assert first["cells"][0]["text"] in screen.text and not screen.tables
    screen.click("back")
    assert screen.tables == [table]


def test_deciders_can_review_and_others_see_who_can(enter: Enter, look: Look):
    """In one column, whose links lead to the same details."""
    enter("removal-stays-private", steps=2)
    screen = look("adele@contoso")
    assert screen.column("Action needed") == ["Review for approval"]
    screen.open("pending", viewer="ben@contoso")
    assert screen.column("Action needed") == ["View"] and "waits for Adele Vance" in screen.text


def test_the_link_keeps_the_choices_made_with_the_tools(enter: Enter, look: Look):
    """And a link with it shows the list so to somebody else."""
    room = enter("sandbox")
    with_requests(room, 7)
    screen = look("ben@contoso", "tickets")
    screen.app.text_input(key="search").input("number 00")
    screen.run()
    screen.app.multiselect(key="filter status").set_value(["Open"])
    screen.run()
    screen.app.button_group(key="columns").set_value(["ticket_id", "title"])
    screen.run()
    link = {name: screen.app.query_params[name] for name in ("search", "status", "columns")}
    assert {name: value if isinstance(value, str) else value[0] for name, value in link.items()} == {
        "search": "number 00",
        "status": "Open",
        "columns": "ticket_id,title",
    }
    other = look("ben@contoso", "tickets", search="number 00", status="Open", columns="ticket_id,title")
    assert other.tables == screen.tables and len(other.tables[0]["columns"]) == 2


def test_a_search_that_finds_nothing_says_so(enter: Enter, look: Look):
    room = enter("sandbox")
    with_requests(room, 1)
    screen = look("ben@contoso", search="no such thing")
    assert not screen.tables and screen.said == [
        "Nothing in this list matches. Clear the search or a filter to see more."
    ]


def test_a_short_list_has_no_tools(enter: Enter, look: Look):
    """A list of a few rows is seen at a glance; its headings still sort it."""
    enter("removal-stays-private", steps=2)
    screen = look("adele@contoso")
    assert not screen.app.multiselect and len(screen.tables) == 1


def test_when_a_page_becomes_empty_the_nearest_one_is_shown(enter: Enter, look: Look):
    """51 pending requests are three pages; when the last one is rejected, the second is shown."""
    room = enter("sandbox")
    made = with_requests(room, 51)
    screen = look("adele@contoso")
    screen.app.query_params["page"] = "3"
    screen.run()
    assert [row["id"] for row in screen.tables[0]["rows"]] == made[50:]
    screen.click(f"open {made[50]}").click("reject").click("reject yes")
    assert screen.title == "Pending requests"
    assert [row["id"] for row in screen.tables[0]["rows"]] == made[25:50]
    assert screen.app.pagination[0].value == 2


def test_five_hundred_rows_are_shown_a_page_at_a_time(enter: Enter, look: Look):
    """What the browser gets does not grow with the list."""
    room = enter("busy-week")
    rows = len(room.as_seen_by(room.directory.administrators("fabrikam")[0]).audit_log())
    screen = look("trainer", "audit")
    assert len(screen.tables[0]["rows"]) == 25 and len(room.overview().rows("all_audit_logs")) > 500 > rows


def test_the_trainers_audit_log_has_the_tenants_headings_and_the_tenant(enter: Enter, look: Look):
    """And no empty words."""
    room = enter("removal-stays-private", steps=5)
    screen = look("rosa@fabrikam" if room.directory.knows("rosa", "fabrikam") else "adele@fabrikam", "audit")
    of_tenant = [column["label"] for column in screen.tables[0]["columns"]] if screen.tables else None
    screen.open("audit", viewer="trainer")
    labels = [column["label"] for column in screen.tables[0]["columns"]]
    assert "Tenant" in labels and (of_tenant is None or [x for x in labels if x != "Tenant"] == of_tenant)
    assert set(screen.column("Tenant")) == {"Contoso", "Fabrikam"}
    assert not any(cell.get("text") in ("None", "nan") for row in screen.tables[0]["rows"] for cell in row["cells"])


@pytest.mark.parametrize(("page", "viewer"), [("approved", "adele@contoso"), ("approved", "trainer")])
def test_a_status_of_this_project_is_marked_and_the_mark_is_explained(enter: Enter, look: Look, page: str, viewer: str):
    room = enter("cross-tenant-approval", steps=2)
    note = "a status that this lab adds"
    assert note not in look(viewer, page).text
    room.do(CloseTicket(T1), room.member("adele", "contoso"))
    screen = look(viewer, page)
    assert screen.column("Status") == ["Canceled (lab)"] and note in screen.text


def test_approved_access_says_what_it_holds(enter: Enter, look: Look):
    """Access that is still live is listed however old it is, and the page says so."""
    room = enter("removal-stays-private", steps=3)
    room.advance(timedelta(days=200))
    screen = look("farah@fabrikam", "approved")
    assert screen.column("Status") == ["Approved"]
    assert "less than 30 days old, and all access that is still live, however old it is" in screen.text


def test_a_support_request_leads_to_its_access_requests(enter: Enter, look: Look):
    """As far as the viewer sees them: a live grant is hidden from Contoso."""
    room = enter("removal-stays-private", steps=2)
    screen = look("ben@contoso", "tickets", ticket=T1)
    assert "View the access request" in screen.links
    room.do(Reject("r1"), room.member("adele", "contoso"))
    assert "Rejected" in look("ben@contoso", "tickets", ticket=T1).text
    other = enter("removal-stays-private", steps=3)
    assert other.overview().rows("all_requests")[0]["status"] == "Approved"
    assert "View the access request" not in look("ben@contoso", "tickets", ticket=T1).links


@pytest.mark.parametrize("ticket", [T1, "t-none"])
def test_another_tenants_support_request_is_answered_like_a_missing_one(enter: Enter, look: Look, ticket: str):
    enter("removal-stays-private", steps=2)
    screen = look("farah@fabrikam", "tickets", ticket=ticket)
    assert screen.said == ["This support request doesn't exist, or this person can't see it."]
