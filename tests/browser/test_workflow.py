"""The workflow in a real browser: the story, decisions, what each party sees of them, links, and more than one person.

Adele Vance administers Contoso, the support request tenant, and Fabrikam, the resource tenant; Sam is the engineer.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from data import Room
from tests.browser.pages import (
    SIDE_BY_SIDE,
    WELCOME,
    Page,
    click,
    expect,
    follow,
    go,
    is_at,
    link,
    look,
    main,
    ready,
    says,
    text,
    titled,
)
from tests.browser.serving import ROOT, serving
from tests.story_ids import T1

CONTOSO, FABRIKAM = "adele@contoso", "adele@fabrikam"
LISTS = ("Pending requests", "Approved access", "Support requests")
TITLE = "Guests from Fabrikam cannot sign in"

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]


# A window that is not notified of others' changes, so that a test can act first.
def is_told_nothing(window: Page) -> None:
    """Keep the window's pages from being notified of changes."""
    window.route_web_socket("**/changes/*", lambda socket: None)


def same(window: Page, room: str) -> dict[str, tuple[str, str]]:
    """Return the content of Contoso's pages, as text and as elements."""
    found = {}
    for title in LISTS:
        go(window, title, room, CONTOSO)
        found[title] = look(window)
    return found


# The story.


def test_a_bare_address_opens_a_private_room_and_its_story_is_played_by_a_button(open_window: OpenWindow) -> None:
    """Each visitor's room has an unguessable id, in the link with the viewer; Welcome leads to it."""
    page, somebody_else = open_window(), open_window()
    for window in (page, somebody_else):
        window.goto("/")
        titled(window, WELCOME)
        window.wait_for_url(lambda url: "viewer=" in url, wait_until="commit")
        assert set(link(window)) == {"room", "viewer"}
        assert len(link(window)["room"]) >= 22, "128 bits are 22 characters"
        assert link(window)["viewer"] == CONTOSO
    assert link(page)["room"] != link(somebody_else)["room"]
    click(page, "Watch the story")
    titled(page, SIDE_BY_SIDE)
    says(page, "step 0 of 17")
    click(page, "First step")
    says(page, "step 1 of 17")
    says(page, "No access to another tenant has been requested.")
    click(page, "Next step")
    says(page, "step 2 of 17")
    says(page, "they see the same")


# Decisions.


def test_an_approval_is_seen_by_each_party_as_it_should_be(page: Page, make_room: MakeRoom) -> None:
    """Approved in Pending requests: gone for Contoso, Approved for Fabrikam, readable for Sam; the parties differ."""
    room = make_room(steps=2)
    go(page, "Pending requests", room, CONTOSO)
    request = follow(page, "Review for approval")
    titled(request, "Pending request")
    click(request, "Approve")
    says(request, "You approved access to Fabrikam")
    says(request, "No pending requests")
    says(page, "No pending requests")
    for title in LISTS[:2]:
        go(page, title, room, CONTOSO)
        assert TITLE not in text(page)
    go(page, "Approved access", room, FABRIKAM)
    assert TITLE in text(page) and "Approved\naccess is live" in text(page)
    go(page, SIDE_BY_SIDE, room, "trainer")
    says(page, "they differ")
    for party, seen in (("Contoso", "not visible"), ("Fabrikam", "Approved"), ("Sam Rivera", "can read")):
        card = main(page).locator(".party", has=page.get_by_role("heading", name=party))
        expect(card.locator("strong").last).to_have_text(seen)


def test_a_rejection_asks_once_more_and_is_seen_by_both(page: Page, make_room: MakeRoom) -> None:
    """Reject warns of a slower resolution and acts only when it is clicked again."""
    room = make_room(steps=2)
    go(page, "Pending requests", room, FABRIKAM, request="r1")
    click(page, "Reject")
    says(page, "slower resolution")
    click(page, "Cancel")
    expect(main(page).get_by_text("slower resolution")).to_be_hidden()
    click(page, "Reject")
    click(page, "Reject this request")
    says(page, "You rejected access to Fabrikam")
    for viewer in (CONTOSO, FABRIKAM):
        go(page, "Approved access", room, viewer)
        says(page, f"{TITLE} Rejected")


def test_a_removal_is_confirmed_and_leaves_the_support_request_tenants_pages_as_they_were(
    open_window: OpenWindow, make_room: MakeRoom
) -> None:
    """Fabrikam removes access; Contoso's pages are identical, newly opened and in an open window."""
    room = make_room(steps=3)
    contoso, left_open, fabrikam, other = (open_window() for _ in range(4))
    before = same(contoso, room)
    go(left_open, "Approved access", room, CONTOSO)
    shown = look(left_open)
    go(other, "Approved access", room, FABRIKAM)
    says(other, f"{TITLE} Approved")

    go(fabrikam, "Approved access", room, FABRIKAM, request="r1")
    click(fabrikam, "Remove access")
    says(fabrikam, "removed immediately")
    click(fabrikam, "Remove access now")
    says(fabrikam, f"Access to Fabrikam for “{TITLE}” is removed.")
    says(other, f"{TITLE} Revoked")  # so every window has been refreshed

    assert look(left_open) == shown
    assert same(contoso, room) == before


def test_closing_a_ticket_ends_access_and_reveals_no_grant_to_its_closer(page: Page, make_room: MakeRoom) -> None:
    """Approved requests are Completed in the resource tenant, pending ones Canceled; Sam can no longer read."""
    room = make_room(steps=4, scenario="closing-completes-and-cancels")
    go(page, "Support requests", room, CONTOSO, ticket=T1)
    click(page, "Close the support request")
    says(page, "A closed support request stays closed")
    click(page, "Close the support request")
    says(page, "You closed the support request")
    assert "Completed" not in text(page) and "Access to Fabrikam" not in text(page)
    for viewer, there, not_there in (
        (CONTOSO, "Canceled", "Completed"),
        (FABRIKAM, "Completed", "Canceled"),
        ("adele@tailspin", "Canceled", "Completed"),
    ):
        go(page, "Approved access", room, viewer)
        expect(main(page).get_by_text(re.compile(rf"^{there}")).first).to_be_visible()
        assert f"\t{not_there}" not in text(page), viewer
    go(page, "Support engineer's desk", room, "sam")
    click(page, "Read")
    says(page, "Refused: The support request is closed.")


# More than one person.


def test_two_windows_on_one_link_are_in_one_room(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """A decision in one appears in the other by itself."""
    room = make_room(steps=2)
    one, two, engineer = open_window(), open_window(), open_window()
    go(two, "Pending requests", room, FABRIKAM)
    # The title may also appear above the table, in Adele's task in the story.
    expect(main(two).get_by_role("table").get_by_text(TITLE)).to_be_visible()
    go(engineer, "Support engineer's desk", room, "sam")
    go(one, "Pending requests", room, CONTOSO, request="r1")
    click(one, "Approve")
    says(two, "No pending requests")
    says(engineer, "Approved Fabrikam")


@pytest.mark.parametrize(
    ("deed", "first_viewer", "second_viewer", "stands"),
    [
        (("Reject", "Reject this request"), CONTOSO, FABRIKAM, "Its status is now Rejected, decided by Adele Vance."),
        (("Approve",), FABRIKAM, CONTOSO, "You can't see this access request now."),
    ],
    ids=["rejected", "approved"],
)
def test_a_late_second_decision_is_refused(
    open_window: OpenWindow,
    make_room: MakeRoom,
    deed: tuple[str, ...],
    first_viewer: str,
    second_viewer: str,
    stands: str,
) -> None:
    """The page says that the request changed meanwhile, and its status, as far as that tenant may know."""
    room = make_room(steps=2)
    first, second = open_window(), open_window()
    is_told_nothing(second)
    go(second, "Pending requests", room, second_viewer, request="r1")
    go(first, "Pending requests", room, first_viewer, request="r1")
    for label in deed:
        click(first, label)
    says(first, "You " + deed[0].lower())
    click(second, "Approve")
    says(second, "This changed before you clicked")
    says(second, stands)


# Links.


def test_back_forward_and_reload_keep_the_room_the_viewer_and_the_request(page: Page, make_room: MakeRoom) -> None:
    """The address has the whole state, so the browser's buttons work."""
    room = make_room(steps=2)
    here = {"room": room, "viewer": CONTOSO}
    go(page, "Pending requests", room, CONTOSO)
    page = follow(page, "Review for approval")
    titled(page, "Pending request")
    is_at(page, here | {"request": "r1"})
    click(page, "Pending requests")
    titled(page, "Pending requests")
    is_at(page, here)
    page.go_back()
    titled(page, "Pending request")
    page.reload()
    ready(page)
    titled(page, "Pending request")
    is_at(page, here | {"request": "r1"})
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="Approved access").click()
    titled(page, "Approved access")
    is_at(page, here)
    sidebar.get_by_role("combobox").click()
    page.get_by_role("option", name="Adele Vance · Fabrikam").click()
    says(page, "Adele Vance · Fabrikam")
    is_at(page, {"room": room, "viewer": FABRIKAM})
    page.go_back()
    says(page, "Adele Vance · Contoso")
    is_at(page, here)


def test_back_from_a_clicked_bar_returns_to_the_timeline_with_its_filters(page: Page, make_room: MakeRoom) -> None:
    """It is one entry of the history: the address has the filters, not the support request."""
    room = make_room(steps=3, then=lambda room: room.advance(timedelta(days=2)))
    here = {"room": room, "viewer": "trainer", "status": "Approved"}
    go(page, "Timeline", room, "trainer", status="Approved")
    main(page).locator("[data-testid=stVegaLiteChart] .layer_3_marks path").first.click()
    titled(page, SIDE_BY_SIDE)
    is_at(page, {"room": room, "viewer": "trainer", "ticket": T1})
    page.go_back()
    titled(page, "Timeline")
    is_at(page, here)
    ready(page)
    titled(page, "Timeline")


def test_a_link_opens_what_it_names(page: Page, make_room: MakeRoom) -> None:
    """It opens room, viewer and request; a request that may not be seen is answered like an unknown one."""
    room = make_room(steps=3)
    go(page, "Approved access", room, FABRIKAM, request="r1")
    expect(main(page).get_by_role("button", name="Remove access")).to_be_visible()
    go(page, "Approved access", room, CONTOSO, request="r1")
    hidden = look(page)
    go(page, "Approved access", room, CONTOSO, request="r9")
    assert look(page) == hidden
    assert TITLE not in text(page)
    go(page, SIDE_BY_SIDE, room, "trainer", ticket=T1)
    expect(main(page).get_by_role("combobox", name="Support request")).to_have_value(f"{TITLE} · Contoso · Open")
    page.goto("/pending-requests?room=short&viewer=trainer")
    says(page, "This room cannot be opened")


def test_a_killed_server_loses_nothing(open_window: OpenWindow, tmp_path: Path, make_room: MakeRoom) -> None:
    """A server is killed right after an approval; the next one on the same folder shows it in the open window."""
    room = make_room(steps=2, folder=tmp_path)
    with ExitStack() as stack:
        first = stack.enter_context(serving(ROOT / "app.py", tmp_path / "log", rooms=tmp_path))
        window = open_window(base_url=first.address)
        is_told_nothing(window)  # otherwise the console has an error while there is no server
        go(window, "Pending requests", room, CONTOSO, request="r1")
        click(window, "Approve")
        says(window, "You approved")
        first.kill()
        second = stack.enter_context(serving(ROOT / "app.py", tmp_path / "log", rooms=tmp_path, port=first.port))
        go(window, "Approved access", room, FABRIKAM)
        says(window, f"{TITLE} Approved")
        second.kill()
    with Room.open(tmp_path / f"{room}.duckdb") as left:
        assert left.verify()
