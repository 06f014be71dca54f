"""A browser's view of a page or room that fails on the server: never the error, always a way forward."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeRoom, OpenWindow
from tests.browser.faults import SECRET
from tests.browser.pages import WELCOME, expect, go, link, main, ready, text, titled
from tests.browser.serving import ROOT, Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADELE = "adele@contoso"


@pytest.fixture(scope="module")
def failing_server(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app with faults chosen by links, in a separate folder."""
    folder = tmp_path_factory.mktemp("failing")
    with serving(ROOT / "app.py", folder / "log", rooms=folder / "rooms", program="tests.browser.faults") as server:
        yield server


@pytest.fixture
def room(failing_server: Server, make_room: MakeRoom) -> str:
    return make_room(folder=failing_server.log.with_name("rooms"))


@pytest.fixture
def page(open_window: OpenWindow, failing_server: Server) -> Page:
    return open_window(base_url=failing_server.address)


def numbers(server: Server) -> list[str]:
    """Return the numbers of all errors in the log."""
    return re.findall(r"^error (\d{8})$", server.log.read_text(encoding="utf-8"), flags=re.MULTILINE)


def told(page: Page, server: Server, title: str) -> str:
    """Reads the page of the failure, which has the number of an error in the log and nothing of the error itself."""
    titled(page, title)
    ready(page)
    said = text(page)
    assert SECRET not in page.content() and "Fabrikam" not in said and "Audit log" not in said
    (number,) = re.findall(r"error (\d{8})", said)
    assert numbers(server)[-1] == number
    assert SECRET in server.log.read_text(encoding="utf-8").partition(f"error {number}\n")[2]
    return said


@pytest.mark.parametrize(
    ("fault", "title", "says"),
    [
        ("full", "This room is not available at the moment", "nothing was lost"),
        ("damaged", "This room is damaged", "It was left as it is"),
        ("error", "This page could not be shown", "Something went wrong on the server"),
    ],
)
def test_a_failed_page_is_explained_and_has_a_way_forward(
    page: Page, failing_server: Server, room: str, fault: str, title: str, says: str
) -> None:
    """In the place of what was drawn; Try again fails as long as the trouble lasts, a new room does not."""
    go(page, "Audit log", room, ADELE, fault=fault)
    said = told(page, failing_server, title)
    assert says in said
    main(page).get_by_role("button", name="Try again").click()
    expect(main(page)).not_to_contain_text(re.findall(r"error \d{8}", said)[0])  # the heading is the same
    told(page, failing_server, title)
    main(page).get_by_role("link", name="Open a new room").click()
    titled(page, WELCOME)
    ready(page)
    assert "fault" not in link(page) and link(page)["room"] != room


def test_a_failing_button_is_reported_and_the_page_recovers(page: Page, failing_server: Server, room: str) -> None:
    """The act is not retried automatically."""
    go(page, "Audit log", room, ADELE, act="error")
    page.get_by_role("button", name="+1 day").click()
    told(page, failing_server, "This page could not be shown")
    told_before = numbers(failing_server)
    main(page).get_by_role("button", name="Try again").click()
    titled(page, "Audit log")
    ready(page)
    assert numbers(failing_server) == told_before
