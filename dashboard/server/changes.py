"""Notify open pages of changes: each has a websocket that only says that the page is out of date."""

import asyncio
import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

import anyio.to_thread
import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

CHANGED = "changed"
"""The only message: run the page again."""
_LOOK_EVERY = 0.1  # seconds
_LEAST_BETWEEN = 0.5  # seconds between two messages: changes in between share one run
_AT_ONCE = 2  # pages that run after a message; the others wait, so that an act is not queued behind thirty pages
_LONGEST_RUN = 5  # seconds
_UNKNOWN = 1008
_log = logging.getLogger(__name__)


class Shown(Protocol):
    """The content shown by a page's run."""

    def may_be_out_of_date(self) -> bool:
        """Return, without waiting, whether anything has changed in the room since."""

    def is_out_of_date(self) -> bool:
        """Return whether the viewer would see something else now."""


@dataclass(eq=False)
class OpenPage:
    """A tab's page, which its session keeps alive; the token opens its websocket."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    shown: Shown | None = None
    runs_ended: int = 0
    _runs_since: float | None = None

    def __post_init__(self) -> None:
        _pages[self.token] = self

    def run_begins(self) -> None:
        """Note that the page runs: it gets no message then, which could end a run that leads to another page."""
        self._runs_since = time.monotonic()

    def run_ended(self) -> None:
        """Note that the run has ended, and that no other follows by itself."""
        self._runs_since = None
        self.runs_ended += 1

    @property
    def is_running(self) -> bool:
        """Return whether the page seems to run: a run that takes too long may have ended unnoticed."""
        return self._runs_since is not None and time.monotonic() - self._runs_since < _LONGEST_RUN


_pages: "WeakValueDictionary[str, OpenPage]" = WeakValueDictionary()


def address(page: OpenPage) -> str:
    """Return the path of the page's websocket."""
    return f"{_base()}/changes/{page.token}"


_turns = asyncio.Semaphore(_AT_ONCE)


async def _tell(socket: WebSocket) -> None:
    """Notify a page that is out of date, once for each of its runs, until it is closed or its session ends."""
    token = socket.path_params["token"]
    if token not in _pages:
        await socket.close(_UNKNOWN)
        return
    await socket.accept()
    closed = asyncio.ensure_future(_until_closed(socket))
    told: Shown | None = None
    wait = _LOOK_EVERY
    try:
        while not await _ends(closed, wait) and (page := _pages.get(token)):
            shown, wait = None if page.is_running else page.shown, _LOOK_EVERY
            del page  # it lives as long as the session
            if shown and shown is not told and await _has_changed(shown):
                async with _turns:
                    if (page := _pages.get(token)) and page.shown is shown and not page.is_running:
                        told, wait = shown, _LEAST_BETWEEN
                        await _run(socket, page, closed)
        if not closed.done():
            await socket.close(_UNKNOWN)
    except WebSocketDisconnect:  # while it was told
        pass
    finally:
        closed.cancel()


async def _run(socket: WebSocket, page: OpenPage, closed: "asyncio.Future[None]") -> None:
    """Tell a page to run, and wait until it has run."""
    ended, until = page.runs_ended, time.monotonic() + _LONGEST_RUN
    await socket.send_text(CHANGED)
    while page.runs_ended == ended and time.monotonic() < until and not await _ends(closed, _LOOK_EVERY / 10):
        pass


async def _ends(closed: "asyncio.Future[None]", wait: float) -> bool:
    """Return whether the page closes within `wait` seconds."""
    await asyncio.wait({closed}, timeout=wait)
    return closed.done()


async def _has_changed(shown: Shown) -> bool:
    return shown.may_be_out_of_date() and await anyio.to_thread.run_sync(_looked_at, shown)


def _looked_at(shown: Shown) -> bool:
    try:
        return shown.is_out_of_date()
    except Exception:  # the page stays as it is; the viewer's next act shows the error
        _log.exception("whether a page is out of date could not be found out")
        return False


async def _until_closed(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _base() -> str:
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def changes_route() -> WebSocketRoute:
    """Return the route of the pages' websockets."""
    return WebSocketRoute(f"{_base()}/changes/{{token}}", _tell)
