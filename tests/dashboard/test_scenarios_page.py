"""The cards of the scenarios, the search, and the question before a start discards anything."""

import pytest

from dashboard.background.rooms import rooms
from dashboard.parts.scenarios.scenario_cards import found, in_order, length, parties
from data import Room, scenarios
from model import OpenTicket
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen

ALL = scenarios()


def test_the_recommended_scenario_is_the_first_then_the_easier_ones():
    """A newcomer starts with the easy ones."""
    names = in_order(ALL)
    assert sorted(names) == sorted(ALL) and names[0] == "busy-week"
    levels = [ALL[name].difficulty for name in names[1:]]
    assert levels == sorted(levels, key=("beginner", "intermediate", "advanced").index)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("", in_order(ALL)),
        ("CLOSING completes", ["closing-completes-and-cancels"]),
        ("lockbox figures", ["azure-lockbox-figures"]),
        ("removal <b>", []),
    ],
)
def test_a_search_finds_scenarios_that_contain_all_words(wanted: str, names: list[str]):
    """Large or small letters, in its title, its people, what it teaches or what is told."""
    assert found(ALL, wanted) == names


def test_a_card_says_how_long_it_takes_and_who_takes_part():
    """Worked out, unless the file says it."""
    assert length(ALL["busy-week"]) == "17 steps · 6 min" and length(ALL["sandbox"]) == "no story"
    assert parties(ALL["busy-week"]) == "Contoso, Fabrikam, Tailspin Toys and 12 more · 2 engineers"
    assert parties(ALL["rejection"]) == "Contoso, Fabrikam · 1 engineer"


def test_the_search_is_in_the_link_and_says_if_nothing_matches(enter: Enter, look: Look):
    """A trainer can share it."""
    enter("sandbox")
    screen = look("trainer", "scenarios", find="lockbox figures")
    assert {key for key in screen.keys if key.startswith("start ")} == {"start azure-lockbox-figures"}
    screen.app.text_input(key="find").input("![x](http://evil.test)").run()
    assert "No scenario matches" in screen.run().text


@pytest.fixture
def asked(enter: Enter, look: Look) -> Screen:
    """The page after Start, in a room in which somebody did something by hand."""
    room = enter("cross-tenant-approval", steps=2)
    room.do(OpenTicket("Help"), room.member("adele", "contoso"))
    return look("trainer", "scenarios").click("start rejection")


def in_the_room() -> Room:
    return rooms().get(ROOM)


def test_acts_by_hand_are_not_discarded_without_a_question(asked: Screen):
    """The question says what would go; No leaves all as it was."""
    assert "One thing that was done by hand since the story began would go with it" in asked.text
    assert in_the_room().story.title == "Cross-tenant approval" and not asked.said
    asked.click("start not")
    assert "start here" not in asked.keys and asked.title == "Scenarios"
    assert in_the_room().acts_by_hand() == 1


def test_after_confirmation_the_scenario_replaces_the_room(asked: Screen):
    """And its story is shown, which says so at the top."""
    asked.click("start here")
    assert asked.title == "Side by side" and asked.said == ["“Rejection” has begun."]
    assert in_the_room().story.title == "Rejection"


def test_a_scenario_can_start_in_a_new_room_without_losses(asked: Screen):
    """The link is another one then."""
    asked.click("start elsewhere")
    link = asked.app.query_params["room"]
    assert asked.title == "Side by side" and link != ROOM
    assert rooms().get(link).story.title == "Rejection" and in_the_room().acts_by_hand() == 1


def test_steps_and_the_clock_are_started_over_without_a_question(enter: Enter, look: Look):
    """They can be told again."""
    enter("cross-tenant-approval", steps=3)
    screen = look("trainer", "scenarios").click("clock +1 day").click("start rejection")
    assert screen.title == "Side by side" and in_the_room().story.title == "Rejection"
