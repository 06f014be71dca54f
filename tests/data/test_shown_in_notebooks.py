"""The notebook output of a room, a lens, a run, a comparison and a report: HTML, and plain text."""

import re
from html.parser import HTMLParser

import pytest

from data import Room, compare, simulate
from data.lens.figures import UNITS
from data.simulation.words.answer import answer
from model import SOURCE_VISIBILITY, Approve, OpenTicket, Policy, RequestAccess, Revoke, Side, Status
from model.checker import SMALL, check

HOSTILE = "<img src=x onerror=alert(1)> & 'a' \"b\""


class Page(HTMLParser):
    """Collects the elements and the text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        assert {name for name, _ in attrs} <= {"style"}

    def handle_data(self, data):
        self.text += f"{data}\n"


def page(thing) -> Page:
    """Return an object's parsed HTML; assert that its elements are harmless, and that its plain text is short."""
    shown = Page(thing._repr_html_())
    assert shown.elements <= {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert repr(thing).startswith("<") and repr(thing).count("\n") <= 1
    return shown


@pytest.fixture
def room() -> Room:
    """Return a room with one access request with hostile texts."""
    made = Room.create(scenario="cross-tenant-approval")
    adele, sam = made.member("adele", "contoso"), made.engineer("sam")
    ticket = made.do(OpenTicket(HOSTILE), adele).ticket_id
    made.do(RequestAccess(ticket, "fabrikam", reason=HOSTILE), sam)
    return made


def test_others_texts_are_shown_verbatim(room: Room):
    """Neither in a lens nor in a desk does a text become an element."""
    for viewer in (room.member("adele", "contoso"), room.member("adele", "fabrikam"), room.engineer("sam")):
        assert HOSTILE in page(room.as_seen_by(viewer)).text


def test_a_room_is_a_card(room: Room):
    """It has the story, time, policy and tenants, but no path."""
    shown = page(room).text
    for text in (f"Room: {room.story.title}", f"{room.now:%d %B %Y, %H:%M}", "as the source says", "Contoso, Fabrikam"):
        assert text in shown
    assert room.path not in shown


def test_a_lens_shows_the_lists_of_its_member(room: Room):
    """The heading names the member; without the permission, it says why there is nothing."""
    request = room.overview().requests()["request_id"].iloc[0]
    adele = room.member("adele", "fabrikam")
    for act, status in ((Approve, "Approved"), (Revoke, "Revoked")):
        room.do(act(request), adele)
        there = page(room.as_seen_by(adele)).text
        assert "Adele Vance, signed in to Fabrikam, sees" in there and request in there and status in there
        assert request not in page(room.as_seen_by(room.member("adele", "contoso"))).text
    trap = Room.create(scenario="role-trap")
    rosa = trap.as_seen_by(trap.member("rosa", "contoso"))
    assert str(rosa.refusal) in page(rosa).text


def test_a_removal_does_not_show_in_the_support_request_tenants_notebook(room: Room):
    """The output is byte-identical."""
    request = room.overview().requests()["request_id"].iloc[0]
    room.do(Approve(request), room.member("adele", "fabrikam"))
    here = room.member("adele", "contoso")
    before = room.as_seen_by(here)._repr_html_()
    room.do(Revoke(request), room.member("adele", "fabrikam"))
    assert room.as_seen_by(here)._repr_html_() == before


@pytest.mark.slow
def test_a_long_list_says_how_many_rows_are_left_out():
    """The output stays small."""
    busy = Room.create(scenario="busy-week")
    busy.play()
    members = [busy.member(person, tenant) for person, tenant in busy.directory.roles]
    shown = [busy.as_seen_by(member)._repr_html_() for member in members[:20]]
    assert any(re.search(r"and \d+ more", html) for html in shown)
    assert max(map(len, shown)) < 20_000


def test_a_run_and_a_comparison_show_their_figures():
    """The comparison begins with its answers, and an arm's name cannot inject HTML."""
    run = simulate(tickets=100)
    assert all(metric in page(run).text for metric in UNITS)
    found = compare({"source": {}, HOSTILE: {"policy": {"grant_lasts": "8 hours"}}}, tickets=100, replications=2)
    shown = page(found).text
    assert answer(found, HOSTILE) in shown and all(metric in shown for metric in UNITS)


def test_a_report_shows_broken_promises_first():
    """Each has what breaks it; a safe report says so."""
    leaky = check(Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)}), SMALL)
    shown = page(leaky).text
    assert shown.index("Removal is private") < shown.index("Only with consent")
    assert leaky["Removal is private"].counterexample.wrong in shown and "not kept: Removal is private" in repr(leaky)
    safe = check("source", SMALL)
    assert "Safe: every promise holds" in page(safe).text and "all 12 promises hold" in repr(safe)
