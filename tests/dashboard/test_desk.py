"""The support engineer's desk: ask for access, read, be refused."""

import pytest

from data import Room
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen


def reads(room: Room) -> list[str]:
    """Return the outcomes of all attempts, latest first."""
    return [row["outcome"] for row in room.as_seen_by(room.engineer("sam")).rows("desk_reads")]


def read_from(screen: Screen, tenant: str, button: str = "read it") -> Screen:
    return screen.choose("read tenant", tenant).choose("read category", "sign-in-logs").click(button)


def test_ask_for_access(enter: Enter, look: Look):
    """The request has its reason, is pending in both tenants, and shows the banner there."""
    enter("cross-tenant-approval", steps=1)
    screen = look("sam", "desk")
    assert "None yet" in screen.text
    screen.app.text_area(key="ask reason").input("Logs of the guests")
    screen.choose("ask tenant", "fabrikam").click("ask")
    assert screen.said == ["You requested access to Fabrikam."]
    assert "Logs of the guests" in screen.text and "None yet" not in screen.text
    for viewer in ("adele@contoso", "adele@fabrikam"):
        screen.open("pending", viewer=viewer)
        assert any(key.startswith("open ") for key in screen.keys)
        assert not {"View", "View and approve"} & screen.links.keys(), "the banner leads here"
        screen.open("tickets")
        assert (
            "1 access request] waits for your decision" in screen.text
            and "request=r-" in screen.links["View and approve"]
        )


def test_asking_needs_a_reason(enter: Enter, look: Look):
    """The administrators need one; without it no request is made."""
    room = enter("cross-tenant-approval", steps=1)
    screen = look("sam", "desk")
    screen.app.text_area(key="ask reason").input("  ")
    screen.click("ask")
    assert screen.said == ["Say why access is needed: the administrators read it before they decide."]
    assert room.overview().requests().empty


def test_asking_twice_is_refused_with_its_reason(enter: Enter, look: Look):
    """There is one request for a ticket and a tenant."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("sam", "desk")
    screen.app.text_area(key="ask reason").input("Once more")
    screen.click("ask")
    (said,) = screen.said
    assert said.startswith("Refused: Access to this tenant was already requested")
    assert len(room.overview().requests()) == 1


def test_reading_is_refused_before_approval_and_granted_after(enter: Enter, look: Look):
    """Each attempt is listed; the records disappear from the page once access has ended."""
    room = enter("removal-stays-private", steps=2)
    screen = read_from(look("sam", "desk"), "fabrikam")
    assert screen.said[0].startswith("Refused: This support request gives no access") and reads(room) == ["no-access"]
    room.next_step()
    read_from(screen, "fabrikam")
    assert not screen.said and reads(room) == ["granted", "no-access"]
    (records,) = screen.app.dataframe
    assert len(records.value)
    assert screen.column("Outcome") == ["Granted", "Refused: no access to this tenant"]
    for _ in range(3):
        room.next_step()
    screen.run()
    assert screen.said[0].startswith("What was shown here is gone: ") and not screen.app.dataframe


def test_records_of_one_ticket_are_not_shown_with_another(enter: Enter, look: Look):
    """The records belong to the ticket under which they were read."""
    room = enter("sandbox")
    screen = look("ben@contoso", "tickets")
    for title in ("First", "Second"):
        screen.app.text_input(key="new title").input(title)
        screen.click("open ticket")
    second, first = (row["ticket_id"] for row in room.overview().rows("all_tickets"))
    screen.open("desk", viewer="sam")
    read_from(screen, "contoso")
    assert len(screen.app.dataframe) == 1
    chosen = screen.app.selectbox(key="desk ticket").value
    other = first if chosen == second else second
    screen.choose("desk ticket", other)
    assert screen.app.query_params["ticket"] == other and not screen.app.dataframe


def test_changing_is_refused_even_if_reading_is_granted(enter: Enter, look: Look):
    """ "Microsoft Support now has read-only access": the refusal says read-only, and the attempt is recorded."""
    room = enter("cross-tenant-approval", steps=3)
    screen = read_from(look("sam", "desk"), "fabrikam", "write it")
    assert screen.said[0].startswith("Refused: Access is read-only")
    assert reads(room) == ["read-only"]


def test_the_engineer_closes_the_ticket(enter: Enter, look: Look):
    """After a confirmation; then nothing more can be asked or read."""
    room = enter("cross-tenant-approval", steps=3)
    screen = look("sam", "desk")
    (close,) = (key for key in screen.keys if key.startswith("close"))
    screen.click(close)
    assert room.overview().rows("all_tickets")[0]["status"] == "Open"
    screen.click(f"{close} yes")
    assert screen.said == ["You closed “Guests from Fabrikam cannot sign in”."]
    assert not {"ask", close} & screen.keys
    read_from(screen, "fabrikam")
    assert screen.said[0].startswith("Refused: The support request is closed.")


def test_an_engineer_without_tickets_is_told_so(enter: Enter, look: Look):
    """Noor has none in this story."""
    enter("role-trap", steps=4)
    assert "No support request is assigned to you" in look("noor", "desk").text


@pytest.mark.parametrize("ticket", ["t1", "t-none"])
def test_a_ticket_of_the_link_that_is_not_the_engineers_falls_back_to_one_that_is(
    enter: Enter, look: Look, ticket: str
):
    """In a busy week t1 is Sam's; Noor's desk shows Noor's."""
    room = enter("busy-week", steps=9)
    others = room.progress.id_of("t1")
    screen = look("noor", "desk", ticket=room.progress.id_of(ticket))
    own = {row["ticket_id"] for row in room.as_seen_by(room.engineer("noor")).rows("desk_tickets")}
    assert screen.app.selectbox(key="desk ticket").value in own - {others}
