"""The notification of pages that are out of date."""

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.server.changes import CHANGED, OpenPage, address, changes_route


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Run a server with only the route."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=[changes_route()]), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def follow(host: str, page: OpenPage) -> ClientConnection:
    return connect(host + address(page))


class ShownUntil:
    """A page that is out of date after a change, which the viewer may not see."""

    def __init__(self, sees: bool = True) -> None:
        self.sees, self.changed, self.looks = sees, False, 0

    def may_be_out_of_date(self) -> bool:
        return self.changed

    def is_out_of_date(self) -> bool:
        self.looks += 1
        self.changed = False
        return self.sees


def test_a_page_is_notified_once_for_each_of_its_runs(host: str):
    page = OpenPage(shown=(first := ShownUntil()))
    with follow(host, page) as stream:
        first.changed = True
        assert stream.recv(30) == CHANGED
        first.changed = True  # it has not run again: it was notified
        second = page.shown = ShownUntil()
        second.changed = True
        assert stream.recv(30) == CHANGED
    assert (first.looks, second.looks) == (1, 1)


def test_a_page_is_not_notified_of_invisible_changes(host: str):
    """The next message belongs to the next run, which has a visible change."""
    page = OpenPage(shown=(hidden := ShownUntil(sees=False)))
    with follow(host, page) as stream:
        hidden.changed = True
        while not hidden.looks:
            time.sleep(0.01)
        seen = page.shown = ShownUntil()
        seen.changed = True
        assert stream.recv(30) == CHANGED
    assert (hidden.looks, seen.looks) == (1, 1)


def test_a_page_that_runs_is_not_notified(host: str):
    """It may be leading to another page, which a second run of this one would interrupt."""
    page = OpenPage(shown=(first := ShownUntil()))
    with follow(host, page) as stream:
        page.run_begins()
        first.changed = True
        with pytest.raises(TimeoutError):
            stream.recv(0.5)
        page.run_ended()
        assert stream.recv(30) == CHANGED


def test_the_websocket_of_a_page_is_opened_by_its_token_alone_and_ends_with_its_session(host: str):
    page = OpenPage(shown=ShownUntil())
    with follow(host, page) as stream:
        path = address(page)
        del page
        gc.collect()
        with pytest.raises(ConnectionClosed):
            stream.recv(30)
    for closed in (path, "/changes/", "/changes/anything"):
        with pytest.raises(InvalidStatus):
            connect(host + closed)


def test_a_token_has_128_random_bits_and_is_not_printed():
    page = OpenPage()
    assert len(page.token) == 22 and page.token not in repr(page)
    assert page.token != OpenPage().token


def test_a_page_that_closes_during_a_notification_is_no_error():
    page = OpenPage(shown=(shown := ShownUntil()))
    shown.changed = True
    comes = iter([{"type": "websocket.connect"}])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        for message in comes:
            return message
        await asyncio.Future()
        raise AssertionError

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])
        if message["type"] == "websocket.send":
            raise OSError("the page has gone")

    scope = {"type": "websocket", "path": address(page), "headers": [], "query_string": b""}
    with ThreadPoolExecutor(1) as own_loop:  # this thread may already have one, from browser tests
        own_loop.submit(lambda: asyncio.run(changes_route()(scope, receive, send))).result()
    assert sent == ["websocket.accept", "websocket.send"]
