"""A server, a Chromium, rooms, and windows that fail the test on a foreign request or an error.

Without Chromium, playwright or nginx the tests that need it are skipped; SUPPORT_ACCESS_LAB_BROWSER=required makes that
a failure.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from data import Room, Scenario
from tests.browser.serving import CHROMIUM_ARGUMENTS, HOST, ROOT, Server, chromium, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., "Page"]
Spare = dict[str, "list[BrowserContext]"]
PATIENCE = 40_000  # milliseconds: on a busy machine a server's first page takes long because of imports


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def missing(what: str) -> None:
    """Skip the test, or fail it if nothing may be skipped."""
    if os.environ.get("SUPPORT_ACCESS_LAB_BROWSER") == "required":
        pytest.fail(f"SUPPORT_ACCESS_LAB_BROWSER=required, and {what}")
    pytest.skip(what)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Run a Chromium. For this folder only: while playwright runs, nothing else in the process may use asyncio."""
    path = chromium()
    if path is None:
        missing("there is no Chromium: install Debian's, or set CHROMIUM to its path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: make test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app with rooms in a temporary folder; its log must have no errors."""
    folder = tmp_path_factory.mktemp("server")
    with serving(ROOT / "app.py", folder / "log", rooms=folder / "rooms") as server:
        yield server
    text = server.log.read_text(encoding="utf-8")
    assert "Traceback" not in text, text


@pytest.fixture
def make_room(server: Server) -> MakeRoom:
    """Make a room after the first steps of its story, and return its id; the server opens it with the link."""

    def make(
        steps: int = 2,
        scenario: str | Scenario = "cross-tenant-approval",
        then: Callable[[Room], Any] | None = None,
        folder: Path | None = None,
    ) -> str:
        room_id = secrets.token_urlsafe(16)
        folder = folder or server.log.with_name("rooms")
        with Room.create(folder / f"{room_id}.duckdb", scenario) as room:
            for _ in range(steps):
                room.next_step()
            if then:
                then(room)
        return room_id

    return make


@pytest.fixture(scope="package")
def spare(browser: Browser) -> Spare:
    """Unused contexts by options. They keep the cache of the app's files, but no data of a visit."""
    return {}


@pytest.fixture
def open_window(browser: Browser, server: Server, spare: Spare) -> Iterator[OpenWindow]:
    """Open a window as for a separate person, without shared cookies or history.

    The options are those of playwright's contexts. At the end of the test, no window may have made a foreign request,
    opened a dialog, or logged an error to the console.
    """
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    opened: list[tuple[str, BrowserContext]] = []
    wrong: list[str] = []

    def watch(page: Page) -> None:
        page.on("websocket", lambda socket: _own(socket.url) or wrong.append(f"foreign: {socket.url}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    watching: dict[Any, Callable[[Any], Any]] = {
        "page": watch,
        "request": lambda request: _own(request.url) or wrong.append(f"foreign: {request.url}"),
        "console": lambda message: _harmless(message) or wrong.append(f"console: {message.text}"),
        "weberror": lambda error: wrong.append(f"error: {error.error}"),
    }

    def open_one(**options: Any) -> Page:
        options = {"base_url": server.address, "viewport": {"width": 1400, "height": 1000}} | options
        alike = spare.setdefault(repr(sorted(options.items())), [])
        context = alike.pop() if alike else browser.new_context(**options)
        opened.append((repr(sorted(options.items())), context))
        context.set_default_timeout(PATIENCE)
        for event, listen in watching.items():
            context.on(event, listen)
        return context.new_page()

    yield open_one
    for name, context in opened:
        for event, listen in watching.items():
            context.remove_listener(event, listen)
        _forget(context)
        spare[name].append(context)
    assert not wrong


def _forget(context: BrowserContext) -> None:
    """Close the context's windows, and clear the data of their visits except cached files."""
    origins = {page.evaluate("origin") for page in context.pages} - {"null"}
    for page in context.pages:
        page.close()
    context.clear_cookies()
    context.clear_permissions()
    page = context.new_page()
    session = context.new_cdp_session(page)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    page.close()


@pytest.fixture
def page(open_window: OpenWindow) -> Page:
    """Open one window."""
    return open_window()


def _own(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname in (HOST, "localhost")


def _harmless(message: ConsoleMessage) -> bool:
    """Return whether it is no error, or Streamlit's own: it first looks for the server below the page's address."""
    return message.type != "error" or message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
