"""The menu: two groups for everybody, the viewer's own pages, and the number of pending requests."""

import pytest

from dashboard.shell.page_list import DESK, LAB, PAGES, PORTAL, SECTION, menu
from model import Engineer, Member
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen, read

OF_THE_SOURCE = ["Pending requests", "Approved access", "Support requests", "Audit log"]


def entries(screen: Screen) -> list[str]:
    """Return the labels of the menu."""
    return [read(link.proto.label) for link in screen.app.sidebar.get("page_link")]


def test_every_page_is_in_one_group():
    """None is missing or listed twice."""
    listed = [file for files in menu(None).values() for file in files]
    assert sorted(listed) == sorted(PAGES)


def test_a_viewers_menu_has_only_their_pages():
    """No desk for a member, no tenant's pages for an engineer; the trainer has all."""
    assert list(menu(Member("adele", "contoso"))) == [LAB, PORTAL]
    assert list(menu(Engineer("sam"))) == [LAB, DESK]
    assert list(menu(None)) == [LAB, PORTAL, DESK]


@pytest.mark.parametrize(
    ("viewer", "there", "not_there"),
    [
        ("adele@contoso", OF_THE_SOURCE, ["Support engineer's desk"]),
        ("sam", ["Support engineer's desk"], OF_THE_SOURCE),
        ("trainer", [*OF_THE_SOURCE, "Support engineer's desk"], []),
    ],
)
def test_the_menu_shows_them_in_the_sources_order(
    enter: Enter, look: Look, viewer: str, there: list[str], not_there: list[str]
):
    """Under the source's headings, after the lab's own pages, of which Welcome is the first."""
    enter("cross-tenant-approval")
    screen = look(viewer)
    shown = entries(screen)
    assert shown[0] == "Welcome" and shown[-len(there) :] == there and not set(shown) & set(not_there)
    assert (PORTAL in screen.text and SECTION in screen.text) == (viewer != "sam")


def test_the_number_of_pending_requests_is_in_the_menu(enter: Enter, look: Look):
    """As the member sees it; without any, and for who sees none, there is no number."""
    enter("role-trap", steps=4)
    screen = look("adele@contoso", "welcome")
    assert "Pending requests :orange-badge[1]" in entries(screen)
    for viewer in ("rosa@contoso", "trainer"):
        assert "Pending requests" in entries(screen.open("welcome", viewer=viewer))


def test_welcome_has_an_address_so_that_a_link_to_it_can_be_opened_elsewhere(enter: Enter, look: Look):
    """A link to the root would be one to the page on which it stands."""
    enter("cross-tenant-approval")
    screen = look("adele@contoso", "pending")
    first = screen.app.sidebar.get("page_link")[0].proto
    assert (first.page, read(first.label)) == ("welcome", "Welcome")
