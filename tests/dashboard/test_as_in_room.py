"""What if with "as in your data": a trainer learns the behaviour from the room, and nobody else sees it."""

import sys
import time
from pathlib import Path

import pytest

from dashboard.background.jobs.comparisons import Comparisons, comparisons
from dashboard.background.jobs.fits import fits
from dashboard.background.rooms import rooms
from dashboard.text.question import Question
from data import Room, fit
from model.simulation import Behaviour
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen

TAKE = "as in this room"


@pytest.fixture
def room(enter: Enter) -> Room:
    return enter("busy-week")


@pytest.fixture
def editor(room: Room, look: Look) -> Screen:
    """Open the trainer's editor of the base."""
    return look("trainer", "what_if").click("change 0")


def asked(screen: Screen) -> Question:
    return Question.read(screen.app.query_params["q"])


def take(screen: Screen) -> Screen:
    """Learn, in a process beside the server, and look again when that is over."""
    return until_over(screen.click(TAKE))


def until_over(screen: Screen, seconds: float = 200) -> Screen:
    end = time.monotonic() + seconds
    while fits().unfinished():
        assert time.monotonic() < end, "learning takes too long"
        time.sleep(0.05)
    return screen.run()


def test_the_base_becomes_as_in_the_room(editor: Screen, room: Room):
    found = fit(room)
    take(editor)
    assert asked(editor).worlds[0].behaviour == found.behaviour != Behaviour()
    assert "As in your data:" in editor.text and "Kept as assumed" in editor.text
    assert f"{len(found.learned)} of 15 assumptions" in editor.text
    assert "no data say who was busy" in "\n".join(map(str, editor.app.dataframe[0].value["Why"]))


def test_while_learning_the_page_shows_progress_and_can_stop(editor: Screen):
    fits().command = (sys.executable, "-c", "import time; time.sleep(600)")
    editor.click(TAKE)
    assert "stop learning" in editor.keys and TAKE not in editor.keys
    assert "Reading what happened in this room" in editor.text
    until_over(editor.click("stop learning"))
    assert TAKE in editor.keys and "stop learning" not in editor.keys and "q" not in editor.app.query_params


def test_what_was_learned_is_for_the_arm_that_it_was_asked_for(editor: Screen):
    """Although another one is open when it is there; it is taken when the page shows that arm again."""
    until_over(editor.click(TAKE).click("change 1"))
    assert TAKE in editor.keys and "q" not in editor.app.query_params
    editor.click("change 0")
    assert asked(editor).worlds[0].behaviour != Behaviour()


def test_a_fit_that_ends_before_it_is_done_says_so(editor: Screen):
    fits().command = (sys.executable, "-c", "raise SystemExit(1)")
    take(editor)
    assert "Learning ended before it was done" in editor.text and "Nothing was changed" in editor.text
    assert TAKE in editor.keys and "q" not in editor.app.query_params


def test_the_fit_of_each_delay_is_shown_with_a_text_alternative(editor: Screen):
    take(editor)
    charts = [each.proto for each in editor.app.get("vega_lite_chart")]
    assert len(charts) == 2 and all(chart.alt for chart in charts)
    assert "percentage points" in editor.text


def test_a_room_with_too_little_history_says_so_and_changes_nothing(enter: Enter, look: Look):
    enter("cross-tenant-approval")
    screen = take(look("trainer", "what_if").click("change 0"))
    assert "nothing to learn from. Nothing was changed" in screen.text and "q" not in screen.app.query_params


def test_only_a_trainer_can_learn_from_the_room_and_see_the_result(
    editor: Screen, look: Look, monkeypatch: pytest.MonkeyPatch
):
    """The result reveals removals; a member's page is unchanged even after the trainer's question."""
    monkeypatch.setattr(Comparisons, "estimate", lambda self, question: 5.0)  # it goes by how busy the machine is
    before = look("adele@contoso", "what_if").sent()
    take(editor)
    learned = asked(editor)
    editor.click("run")
    assert comparisons().find(learned.link)
    member = look("adele@contoso", "what_if")
    assert member.sent() == before
    assert TAKE not in member.click("change 0").keys
    comparisons().close()


def test_in_a_room_of_imported_tickets_it_is_one_click_for_the_trainer_only(enter: Enter, look: Look, folder: Path):
    enter("sandbox")
    rooms().close()
    for file in folder.glob(f"{ROOM}.*"):
        file.unlink()
    Room.from_tickets("data/examples/tickets.csv", path=folder / f"{ROOM}.duckdb").close()
    screen = take(look("trainer", "what_if"))
    assert asked(screen).worlds[0].behaviour == fit("data/examples/tickets.csv").behaviour
    assert asked(screen).name == "As in your data" and "more assumptions" in screen.text
    assert "does not say: advanced diagnostics" in "\n".join(map(str, screen.app.dataframe[0].value["Why"]))
    person = next(iter(rooms().get(ROOM).directory.members()))
    assert TAKE not in look(f"{person.person}@{person.tenant}", "what_if").keys


def test_it_is_not_shown_to_a_member_in_the_trainers_own_tab_either(editor: Screen):
    take(editor)
    editor.app.query_params.pop("q")
    as_member = editor.open("what_if", viewer="adele@contoso")
    assert "As in your data" not in as_member.text and TAKE not in as_member.keys
    assert "as in the data" not in as_member.text
