"""A page that fails, or whose room fails, shows a sentence, a number for the log and a link, never the error."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from dashboard.background.rooms import RoomNotOpened
from dashboard.shell.failure import show_failure
from data import DamagedRoom, Lens, Room, RoomUnavailable
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen

SECRET = "Ben Reyes removed r1 in /srv/rooms/of-fabrikam.duckdb"
OF_ROOMS = [
    pytest.param(
        RoomUnavailable(SECRET, f"the disk is full; nothing was lost ({SECRET})"),
        "This room is not available at the moment",
        id="unavailable",
    ),
    pytest.param(DamagedRoom(SECRET, SECRET), "This room is damaged", id="damaged"),
]
FAILURES = [
    *OF_ROOMS,
    pytest.param(RoomNotOpened("Its file is in use."), "This room cannot be opened", id="not opened"),
    pytest.param(RuntimeError(SECRET), "This page could not be shown", id="any error"),
    pytest.param(KeyError(SECRET), "This page could not be shown", id="a bug"),
]


@pytest.fixture(autouse=True)
def _as_on_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the script as on the server, with the error handler that `app.py` gives to `st.App`."""
    begin = LocalScriptRunner.__init__

    def with_handler(self: LocalScriptRunner, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        self._on_script_error = show_failure

    monkeypatch.setattr(LocalScriptRunner, "__init__", with_handler)


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str, Exception], None]:
    """Make a method fail from now on."""

    def begin(of: type, method: str, error: Exception) -> None:
        def fails(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(of, method, property(fails) if isinstance(getattr(of, method), property) else fails)

    return begin


def number_on(screen: Screen) -> str:
    (number,) = re.findall(r"error (\d{8})\b", screen.text.replace("*", ""))
    return number


def assert_page_of_failure(screen: Screen, title: str, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Assert that the page shows only the failure, and that its number is in the log once, with the error."""
    assert [heading.value for heading in screen.app.title] == [title]
    assert len(screen.said) == 1 and "Simulation" in screen.text
    assert "Ben Reyes removed" not in screen.text and "/srv" not in screen.text and "Traceback" not in screen.text
    assert "try again" in screen.keys and "Open a new room" in screen.text
    found = [record for record in caplog.records if record.getMessage() == f"error {number_on(screen)}"]
    assert len(found) == 1 and found[0].levelno == logging.ERROR
    assert found[0].exc_info and found[0].exc_info[1] is error


@pytest.mark.parametrize(("error", "title"), FAILURES)
def test_a_page_that_fails_in_its_middle_is_replaced(
    enter: Enter, look: Look, fail: Callable, caplog: pytest.LogCaptureFixture, error: Exception, title: str
):
    """Earlier elements are removed; the side bar with the links to other pages stays."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    fail(Lens, "audit_refusal", error)
    screen.open("audit")
    assert_page_of_failure(screen, title, error, caplog)
    assert screen.app.sidebar.selectbox(key="who").value == "adele@contoso"
    assert screen.open("pending").title == "Pending requests"


def test_the_page_recovers_once_the_failure_is_over(
    enter: Enter, look: Look, fail: Callable, monkeypatch: pytest.MonkeyPatch
):
    """Try again redraws it."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    before = Lens.audit_refusal
    fail(Lens, "audit_refusal", RoomUnavailable("a", "the disk is full"))
    assert screen.open("audit").title == "This room is not available at the moment"
    monkeypatch.setattr(Lens, "audit_refusal", before)
    assert screen.click("try again").title == "Audit log"
    assert "try again" not in screen.keys


@pytest.mark.parametrize(("error", "title"), FAILURES[3:])
def test_a_failing_callback_is_reported_on_a_page(
    enter: Enter,
    look: Look,
    fail: Callable,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    title: str,
):
    """A callback runs before anything is drawn, and does not run again with the next click."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    advance, before = Room.advance, room.now
    fail(Room, "advance", error)
    screen.click("clock +1 day")
    assert_page_of_failure(screen, title, error, caplog)
    monkeypatch.setattr(Room, "advance", advance)
    assert screen.click("try again").title == "Pending requests"
    assert room.now == before


@pytest.mark.parametrize("button", ["clock +1 day", "clock due", "approve"])
@pytest.mark.parametrize(("error", "title"), OF_ROOMS)
def test_an_act_in_a_failing_room_is_reported_on_its_page(
    enter: Enter, look: Look, fail: Callable, button: str, error: Exception, title: str
):
    """The page keeps its content, and says that nothing was done and why."""
    room = enter("cross-tenant-approval", steps=2, policy={"pending_expires_after": "4 days"})
    before = room.seq
    screen = look("adele@contoso", request="r1")
    for method in ("do", "advance"):
        fail(Room, method, error)
    (said,) = screen.click(button).said
    assert said.startswith("This was not done: ") and SECRET not in said and "/srv" not in said
    assert ("nothing was lost" in said) == isinstance(error, RoomUnavailable)
    assert screen.title == "Pending request" and room.seq == before


@pytest.mark.parametrize("button", ["next step", "start over"])
@pytest.mark.parametrize(("error", "title"), OF_ROOMS)
def test_a_step_of_the_story_in_a_failing_room_is_reported_on_its_page(
    enter: Enter, look: Look, fail: Callable, button: str, error: Exception, title: str
):
    """The story does not advance."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("trainer", "side_by_side")
    for method in ("next_step", "rewind"):
        fail(Room, method, error)
    (said,) = screen.click(button).said
    assert said.startswith("This was not done: ") and SECRET not in said and "/srv" not in said
    assert screen.title == "Side by side" and room.steps_done == 2


@pytest.mark.parametrize(("error", "title"), OF_ROOMS)
def test_watching_a_failing_room_leaves_the_page_as_it_is(
    enter: Enter, look: Look, monkeypatch: pytest.MonkeyPatch, error: Exception, title: str
):
    """It checks again later; the drawn content is still valid."""

    def fails(*_: object) -> None:
        raise error

    enter("cross-tenant-approval", steps=2)
    monkeypatch.setattr("dashboard.shell.watching.is_out_of_date", fails)
    assert look("adele@contoso").title == "Pending requests"


def test_the_link_on_a_failed_page_leads_to_a_working_room(enter: Enter, look: Look, fail: Callable):
    """The link has no room, so a new one is created."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    fail(Lens, "audit_refusal", DamagedRoom("a", "b"))
    assert screen.open("audit").links["Open a new room"] == ""
    screen.app.query_params.clear()
    screen.app.switch_page("dashboard/pages/side_by_side.py")
    assert screen.run().title == "Side by side" and screen.app.query_params["room"] != ROOM


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the disk is full; nothing was lost", "The disk is full; nothing was lost."),
        (
            "it cannot be read now; nothing was lost (IO Error: /srv/x.duckdb)",
            "It cannot be read now; nothing was lost.",
        ),
    ],
)
def test_the_reason_for_an_unavailable_room_contains_no_path(
    enter: Enter, look: Look, fail: Callable, reason: str, said: str
):
    """The system's message about a file, in brackets, is only in the log."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso")
    fail(Lens, "audit_refusal", RoomUnavailable("/srv/x.duckdb", reason))
    assert screen.open("audit").said == [said]


@pytest.mark.parametrize("error", [RoomUnavailable(SECRET, SECRET), DamagedRoom(SECRET, SECRET), RuntimeError(SECRET)])
def test_two_failures_have_two_numbers(error: Exception, caplog: pytest.LogCaptureFixture):
    """So have repeated errors: each can be found in the log. Outside of a page, nothing is drawn."""
    assert show_failure(error) and show_failure(error)
    assert len({record.getMessage() for record in caplog.records if record.name == "dashboard.server.errors"}) == 2
