"""The clock, the story's steps, starting over, another scenario, and the snapshot for analysts."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.background.rooms import rooms
from data import Room, scenarios
from tests.dashboard.conftest import ROOM, Enter, Look

JUMPS = {"+1 hour": 1, "+1 day": 24, "+1 week": 7 * 24, "+30 days": 30 * 24}


@pytest.mark.parametrize("viewer", ["adele@contoso", "sam", "trainer"])
def test_the_clock_moves_when_somebody_moves_it(enter: Enter, look: Look, viewer: str):
    """It moves by the button's amount; the new time is in a message and on every page."""
    room = enter("cross-tenant-approval")
    screen, now = look(viewer), room.now
    for label, hours in JUMPS.items():
        now += timedelta(hours=hours)
        screen.click(f"clock {label}")
        assert room.now == now
        assert f"It is now {now:%a %d %b %Y, %H:%M} in this room." in screen.said
        assert screen.text.count(f"{now:%a %d %b %Y, %H:%M}") >= 3


def test_the_clock_jumps_to_the_next_due_change(enter: Enter, look: Look):
    """Under this policy a pending request expires after four days, and leaves the list 30 days later."""
    room = enter("expiry-and-lapse", steps=2)
    screen = look("adele@contoso")
    assert "To what is due in 4 days" in screen.text
    asked = room.now
    screen.click("clock due")
    assert room.now == asked + timedelta(days=4)
    assert room.overview().rows("all_requests")[0]["status"] == "Expired"
    assert "To what is due in 30 days" in screen.text
    screen.click("clock due")
    assert "Nothing falls due" in screen.text and "clock due" not in screen.keys
    assert "open r1" not in screen.open("approved").keys


def test_the_clock_has_an_end(enter: Enter, look: Look):
    """A room ends with the year 2199; the page says so instead of failing."""
    room = enter("cross-tenant-approval")
    while room.now.year < 2199:
        room.advance(timedelta(days=365))
    room.advance(timedelta(days=364) - (room.now - room.now.replace(month=1, day=1)))
    before = room.now
    screen = look("adele@contoso").click("clock +30 days")
    assert room.now == before and any("2199" in said for said in screen.said)


@pytest.mark.parametrize("page", ["side_by_side", "scenarios"])
def test_the_story_is_played_step_by_step_and_again(enter: Enter, look: Look, page: str):
    """The button plays the next step; after the last one it is disabled, and Start over restarts the story."""
    room = enter("both-tenants-one-person")
    steps = room.story.steps
    screen = look("trainer", page)
    for number, step in enumerate(steps, start=1):
        screen.click("next step")
        assert room.steps_done == number and step.say in screen.text and not screen.said
    assert "next step" not in screen.keys and "The story is finished" in screen.text
    screen.click("start over")
    assert room.steps_done == 0 and room.now == room.story.starts and room.overview().tickets().empty
    assert screen.said == ["The room is as it was when the story began."]
    assert "next step" in screen.keys


def test_a_step_with_another_outcome_after_acts_by_hand_is_reported(enter: Enter, look: Look):
    """The class rejected what the story approves: the page says that the room has gone its own way."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso", request="r1").click("reject").click("reject yes")
    screen.open("side_by_side").click("next step")
    (said,) = screen.said
    assert said.startswith("Step 3 did not go as the story says") and "The access request is Rejected" in said


def test_another_scenario_replaces_the_room(enter: Enter, look: Look):
    """It does so in the same link, for everybody; the viewer falls back to one of the new story."""
    enter("busy-week", steps=3)
    screen = look("uma@tailspin", "scenarios").click("start cross-tenant-approval")
    room = rooms().get(ROOM)
    assert screen.title == "Side by side" and "step 0 of 8" in screen.text
    assert room.story.title == scenarios()["cross-tenant-approval"].title
    assert f"“{room.story.title}” has begun." in screen.said
    assert screen.app.query_params == {"room": ROOM, "viewer": "adele@contoso"}
    assert screen.open("tickets").title == "Support requests"


def test_every_scenario_has_its_card_and_starts(enter: Enter, look: Look):
    """The card describes it; the room is then the scenario's, before its first step."""
    enter("sandbox")
    screen = look("trainer", "scenarios")
    for name, scenario in scenarios().items():
        assert scenario.title in screen.text and " ".join(scenario.summary.split()) in screen.text
        screen.click(f"start {name}")
        room = rooms().get(ROOM)
        assert room.story.text == scenario.text and room.steps_done == 0
        screen.open("scenarios")


def test_only_the_trainer_gets_the_snapshot(enter: Enter, look: Look, tmp_path: Path):
    """It contains what no tenant may see. Others get a link to the trainer's view."""
    enter("cross-tenant-approval", steps=3)
    for viewer in ("adele@contoso", "sam"):
        screen = look(viewer, "scenarios")
        assert not screen.app.download_button
        assert "viewer=trainer" in screen.links["Look as the trainer"]
    screen = look("trainer", "scenarios")
    labels = ["Download a snapshot", "Download as a scenario", "Download a report"]
    assert [button.label for button in screen.app.download_button] == labels
    rooms().get(ROOM).snapshot(tmp_path / "copy.duckdb")
    with Room.open(tmp_path / "copy.duckdb") as copy:
        assert copy.steps_done == 3
