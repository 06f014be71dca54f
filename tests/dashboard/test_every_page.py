"""Every page, opened by every kind of viewer, early and late in a story."""

import pytest

from dashboard.parts.table.choice import PAGE
from dashboard.shell.visit import viewer_id, viewers
from data import Room, scenarios
from model import PERMISSION, ROLES, Engineer, Member
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import OF_TENANTS, TITLES, Screen

HALF, ALL = 0.5, 1.0
MOMENTS = [
    ("removal-stays-private", 0),
    ("role-trap", HALF),  # administrators, readers, people without a role, two engineers
    ("busy-week", HALF),  # administrators of both tenants, of one; a world around
    pytest.param("both-tenants-two-keys", ALL, marks=pytest.mark.fast),  # a first approval
    ("expiry-and-lapse", HALF),  # limits
]


def told(enter: Enter, scenario: str, share: float) -> Room:
    return enter(scenario, steps=int(share * len(scenarios()[scenario].steps)))


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize(("scenario", "share"), MOMENTS)
def test_a_page_opens_for_everybody(enter: Enter, look: Look, scenario: str, share: float, page: str):
    """There is no exception, and the page has its title, its viewer, and says that it is a simulation."""
    room = told(enter, scenario, share)
    screen = look(viewer_id(None), page)
    for viewer in viewers(room):
        screen.open(page, viewer=viewer_id(viewer))
        assert screen.title == TITLES[page]
        assert_it_says_what_it_is(screen)
        if page in OF_TENANTS and isinstance(viewer, Member):
            assert_it_names_a_missing_permission(screen, room, viewer, page)
        elif page in OF_TENANTS and isinstance(viewer, Engineer):
            assert "Support engineer's desk" in screen.links
        elif page == "desk" and not isinstance(viewer, Engineer):
            assert {f"Look as {name}" for name in room.story.directory.engineers.values()} <= set(screen.links)


def assert_it_says_what_it_is(screen: Screen) -> None:
    notice = "Choosing a person is not signing in, and no real tenant is touched."
    assert any(notice in caption.value for caption in screen.app.sidebar.caption)
    assert screen.app.sidebar.selectbox(key="who").value == screen.app.query_params["viewer"]


def assert_it_names_a_missing_permission(screen: Screen, room: Room, viewer: Member, page: str) -> None:
    holds = room.directory.reads_audit_log if page == "audit" else room.directory.administers
    warnings = [warning.value for warning in screen.app.warning]
    if holds(viewer.person, viewer.tenant):
        assert not warnings
    elif page == "audit":
        assert len(warnings) == 1 and "no role in this tenant that may read the audit log" in warnings[0]
        readers = [name for name, role in ROLES.items() if role.reads_audit_log]
        assert all(name in screen.text for name in readers) and "Service Support Administrator" not in readers
    else:
        assert len(warnings) == 1 and PERMISSION in screen.text


@pytest.mark.parametrize("scenario", scenarios())
def test_the_pages_of_the_simulation_open_in_every_shipped_scenario(enter: Enter, look: Look, scenario: str):
    """Before the first step and after the last one; the trainer sees every request in one of the two lists."""
    room = told(enter, scenario, 0)
    screen = look("trainer", "side_by_side")
    room.play()
    for page in ("side_by_side", "scenarios"):
        screen.open(page)
        assert room.story.title in screen.text
    for ticket in room.overview().tickets()["ticket_id"][:3]:
        screen.open("side_by_side", ticket=ticket)
        assert screen.app.selectbox(key="case").value == ticket
    statuses = room.overview().requests()["status"]
    for page, expected in (("pending", statuses == "Pending"), ("approved", statuses != "Pending")):
        screen.open(page)
        shown = [button for button in screen.keys if button.startswith("open ")]
        assert len(shown) == min(PAGE, expected.sum())


def test_a_viewer_who_cannot_see_requests_may_still_read_the_audit_log(enter: Enter, look: Look):
    """Rosa, a Security Reader, sees what Ben did; Ben, who did it, may not."""
    enter("role-trap", steps=9)
    assert look("rosa@fabrikam", "audit").column("Activity") == ["Approval removed", "Approval approved"]
    assert not look("ben@fabrikam", "audit").tables
