"""Detectors of faults on pages: compare what a member's browser receives with what the member may see."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dashboard.background.rooms import rooms
from data import Room
from model import Approve, Member, OpenTicket, RequestAccess, Revoke
from tests.checker.catchers import Catcher
from tests.dashboard.screen import OF_TENANTS, Screen
from tests.data.store.failing import failing
from tests.evidence.tab import dashboard_in

LINK = "the-room-of-this-catcher"
_LIMITS = {"pending_expires_after": "4 days", "grant_lasts": "8 hours"}

Look = Callable[[str], Screen]


@contextmanager
def _pages(folder: Path, removed: bool = False, damage: str = "") -> Iterator[tuple[Look, str]]:
    """Yield a function that opens pages as a viewer, and the id of Contoso's request for access to Fabrikam.

    It is live, or Fabrikam has removed it. Tailspin has a ticket of its own. `damage`: SQL that was run on the file.
    """
    with dashboard_in(folder) as wire:
        path = folder / "rooms" / f"{LINK}.duckdb"
        with Room.create(path, "sandbox", policy=_LIMITS) as room:
            ticket = room.do(OpenTicket("Guests cannot sign in"), Member("ben", "contoso")).ticket_id or ""
            request = room.do(RequestAccess(ticket, "fabrikam"), room.engineer("sam")).request_id or ""
            room.do(OpenTicket("Mails are late"), Member("uma", "tailspin"))
            room.do(Approve(request), Member("adele", "fabrikam"))
            if removed:
                room.do(Revoke(request), Member("farah", "fabrikam"))
        if damage:
            with duckdb.connect(str(path)) as db:
                db.execute(damage)
        yield lambda viewer: Screen(wire, LINK, viewer), request


def _sent(look: Look, viewer: str, request: str) -> dict[str, list[bytes]]:
    """Return what the viewer receives on each page of a tenant, and under a link to the request."""
    screen = look(viewer)
    lists = {f"{viewer}, {page}": screen.open(page).sent() for page in OF_TENANTS}
    return lists | {f"{viewer}, one {page}": screen.open(page, request=request).sent() for page in OF_TENANTS[:2]}


def what_is_sent_with_and_without_a_removal(folder: Path) -> str | None:
    """Check that the support request tenant receives the same bytes on every page."""
    told = []
    for name, removed in (("live", False), ("removed", True)):
        with _pages(folder / name, removed) as (look, request):
            told.append(_sent(look, "ben@contoso", request) | _sent(look, "rosa@contoso", request))
    live, gone = told
    return next((f"differs: {place}" for place in live if live[place] != gone[place]), None)


def what_is_sent_of_what_is_hidden(folder: Path) -> str | None:
    """Check that no page, nor any link on it, has the id of a ticket or request that the viewer's lens hides."""
    with _pages(folder) as (look, _):
        room = rooms().get(LINK)
        overview = room.overview()
        ids = {row["ticket_id"] for row in overview.rows("all_tickets")}
        ids |= {row["request_id"] for row in overview.rows("all_requests")}
        for viewer in ("ben@contoso", "farah@fabrikam", "uma@tailspin"):
            lens = room.as_seen_by(Member(*viewer.split("@")))
            rows = [row for name in ("listed", "tickets", "audit_log") for row in lens.rows(name)]
            shown = {row.get(name) for row in rows for name in ("ticket_id", "request_id")}
            screen = look(viewer)
            for page in OF_TENANTS:
                sent = b"".join(screen.open(page).sent())
                if told := [hidden for hidden in ids - shown if hidden.encode() in sent]:
                    return f"{viewer} is sent {', '.join(told)} on the page {page}"
    return None


def who_gets_the_snapshot(folder: Path) -> str | None:
    """Check that only the trainer gets it: it holds what no tenant may see."""
    with _pages(folder) as (look, _):
        viewers = ("ben@contoso", "farah@fabrikam", "sam", "trainer")
        got = [viewer for viewer in viewers if look(viewer).open("scenarios").app.download_button]
    return None if got == ["trainer"] else f"got by {', '.join(got)}"


def what_the_next_viewer_reads(folder: Path) -> str | None:
    """Check that the next viewer sees neither messages to the previous one nor that one's drafts."""
    with _pages(folder) as (look, request):
        screen = look("farah@fabrikam").open("approved", request=request).click("remove").click("remove yes")
        told = set(screen.said)
        assert told, "Farah is told that the access is removed"
        if read := told & set(screen.choose("who", "ben@contoso").said):
            return f"Ben reads {', '.join(read)}"
        screen.open("tickets").app.text_input(key="new title").input("A draft of Ben's")
        screen.run().choose("who", "farah@fabrikam")
        draft = screen.app.text_input(key="new title").value
    return f"Farah reads {draft}" if draft else None


def what_a_member_reads_of_a_damaged_room(folder: Path) -> str | None:
    """Check that the text is the same whatever was done in the room."""
    pages = []
    for name, removed in (("live", False), ("removed", True)):
        with _pages(folder / name, removed, "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)") as (look, _):
            pages.append(look("ben@contoso").text)
            assert "damaged" in pages[-1]
    return None if pages[0] == pages[1] else "it tells what was done"


def what_is_told_while_the_disk_gives_trouble(folder: Path) -> str | None:
    """Check that a failed act and an unreadable page are explained in words, without any path of the server."""
    with _pages(folder) as (look, _), pytest.MonkeyPatch.context() as patch:
        screen = look("ben@contoso").open("tickets")
        error = duckdb.IOException(f"Cannot write {rooms().get(LINK).path}: {os.strerror(errno.EIO)}")
        texts = []
        with failing(patch, "commit", error):
            texts.append(screen.click("clock +1 hour").text)
        with failing(patch, "execute", error):
            texts.append(screen.run().text)
    assert all("nothing was lost" in text for text in texts)
    return "the folder is told" if any(str(folder) in text for text in texts) else None


CATCHERS_OF_PAGES: tuple[Catcher, ...] = (
    what_is_sent_with_and_without_a_removal,
    what_is_sent_of_what_is_hidden,
    who_gets_the_snapshot,
    what_the_next_viewer_reads,
    what_a_member_reads_of_a_damaged_room,
    what_is_told_while_the_disk_gives_trouble,
)
