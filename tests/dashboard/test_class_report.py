"""The report after a class: events, each party's view, pictures, and answers without names."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard.background import quizzes
from dashboard.background.entrance import NotInvited
from dashboard.background.quizzes import Asked
from dashboard.parts.rooms import class_report, session_record
from data import Room, scenarios
from data.room_folder.invitations import Key, Role
from model import OpenTicket
from tests.dashboard.conftest import ROOM, Enter
from tests.dashboard.test_invitations import invited

EVIL = '<img src="https://example.org/x.png" onerror="alert(1)">'


class Tags(HTMLParser):
    """Collects tags and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.links |= {value for name, value in attrs if name in ("src", "href", "xlink:href")}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Record the requested pictures; another test draws one."""
    specs: list[dict[str, Any]] = []
    monkeypatch.setattr(class_report, "picture_file", lambda spec, kind: specs.append(spec) or b"<svg></svg>")
    return specs


def test_the_report_has_the_events_and_each_partys_view(drawn: list[dict[str, Any]]):
    """It has every step, the tally and right answer of each question, and a picture of each ticket."""
    with Room.create(scenario="removal-stays-private") as room:
        room.play()
        quiz = next(step.quiz for step in room.story.steps if step.quiz)
        choices = tuple(choice.says for choice in quiz.choices)
        answers = {"invitation Mia Berg": 2, "another tab": 0}
        report = class_report.class_report(room, [Asked(1, quiz.question, choices, False, answers)])
    text = re.sub(r"<[^>]+>", " ", report)
    assert "Farah Osei (Fabrikam) removes access" in text and "Audit log of Fabrikam: Approval removed" in text
    assert all(f">{status}<" in report for status in ("Pending", "Approved", "Revoked", "not visible"))
    assert f"✓ {quiz.right}" in text and quiz.question in text and "Mia" not in report and "another tab" not in report
    assert report.count("<svg>") == len(drawn) == 1 and report.count("<tr>") + report.count("<tr class") == 1 + 11 + 3


def test_texts_in_it_are_escaped_and_nothing_is_loaded(drawn: list[dict[str, Any]]):
    """Titles, names and questions are shown verbatim."""
    with Room.create(scenario="rejection") as room:
        room.rename(EVIL)
        room.do(OpenTicket(EVIL), room.member("adele", "contoso"))
        room.play()
        tags = Tags(class_report.class_report(room, [Asked(1, EVIL, (EVIL, "no"), False, {})]))
    assert not {"img", "script", "link", "iframe", "a"} & tags.found and not tags.links


@pytest.mark.slow
def test_the_picture_is_drawn_and_the_file_is_for_trainers(enter: Enter):
    """A separate program draws it."""
    enter("cross-tenant-approval", steps=3)
    keys = invited()
    visit = cast(Any, SimpleNamespace(room_id=ROOM, key=Key(keys[Role.TRAINER])))
    quizzes.ask(ROOM, visit.key, "Anything?", ("yes", "no"))
    report = session_record._reported(visit).decode()
    assert "Guests from Fabrikam cannot sign in" in report and "<svg" in report and "Anything?" in report
    assert scenarios()["cross-tenant-approval"].steps[2].notes.mistakes not in report
    visit.key = Key(keys[Role.PARTICIPANT])
    with pytest.raises(NotInvited):
        session_record._reported(visit)
