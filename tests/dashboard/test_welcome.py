"""Welcome: who asks whom for what, in the names of the room's story, and the three ways to start."""

import pytest

from dashboard.background.rooms import rooms
from dashboard.parts.case.first_request import FirstRequest, first_request
from dashboard.parts.case.who_asks_whom import in_words, picture
from data import scenarios
from data.scenario.reader import parse_scenario
from model import PRESETS, Approval, Member, Policy
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen


def drawn(screen: Screen) -> str:
    (found,) = screen.app.main.get("html")
    return str(found.proto.body)


def test_the_first_page_shows_no_case_and_changes_nothing(look: Look):
    """Two sentences, a picture with a text beside it, three doors; no banner, and nothing that changes a room."""
    screen = look("", "welcome", room="")
    assert "needs diagnostic data that lies in Fabrikam; an administrator of both tenants decides." in screen.text
    assert 'role="img" aria-label="Contoso, the support request tenant, opened' in drawn(screen)
    acts = {key for key in screen.keys if not key.startswith(("clock", "autopilot"))}
    assert acts == {"watch", "try", "ask"} and not {"View", "View and approve"} & screen.links.keys()
    assert "“A busy week”, 17 steps, 6 minutes." in screen.text


def test_watching_leads_to_the_story_as_the_trainer_in_the_same_room(enter: Enter, look: Look):
    """It shows the progress of a started story."""
    enter("removal-stays-private", steps=3)
    screen = look("ben@contoso", "welcome")
    assert "“Removal stays private” is at step 3 of 11." in screen.text
    screen.click("watch")
    assert screen.title == "Side by side"
    assert screen.app.query_params == {"room": ROOM, "viewer": "trainer"}


def test_trying_leads_to_a_pending_request_in_a_new_room(enter: Enter, look: Look):
    """As who decides on it; the room of the link stays as it is."""
    room = enter("busy-week", steps=4)
    lines = room.seq
    screen = look("ben@contoso", "welcome").click("try")
    assert screen.title == "Pending request" and {"approve", "reject"} <= screen.keys
    assert screen.said == ["This room is your own, and you are Adele Vance: a request waits for you."]
    link = dict(screen.app.query_params)
    assert (link["viewer"], link["request"]) == ("adele@fabrikam", "r1") and link["room"] != ROOM
    assert room.seq == lines and rooms().get(link["room"]).steps_done == 2
    screen.open("pending", request="r1").click("approve")  # AppTest goes on where it was before
    assert screen.said == ["You approved access to Fabrikam for “Guests from Fabrikam cannot sign in”."]


def test_the_third_door_leads_to_what_if(enter: Enter, look: Look):
    """With the room and the viewer kept."""
    enter("sandbox")
    assert look("trainer", "welcome").click("ask").title == "What if"


def test_a_room_without_a_story_shows_the_default_ones_names_and_leads_to_the_scenarios(enter: Enter, look: Look):
    """There is no story to watch in it."""
    enter("sandbox")
    screen = look("trainer", "welcome")
    assert "Guests from Fabrikam cannot sign in" in drawn(screen)
    assert screen.click("watch").title == "Scenarios"


@pytest.mark.parametrize(
    ("scenario", "policy", "decides", "who"),
    [
        ("busy-week", "source", "an administrator of both tenants", Member("adele", "fabrikam")),
        ("both-tenants-two-keys", "two-key", "an administrator of each tenant", Member("farah", "fabrikam")),
        ("nobody-can-decide", "source", "an administrator of both tenants", None),
        ("azure-lockbox-figures", "azure", "an administrator of Fabrikam", Member("farah", "fabrikam")),
    ],
)
def test_who_decides_is_what_the_policy_says(scenario: str, policy: str, decides: str, who: Member | None):
    """In the picture and in the words that stand for it."""
    story = scenarios()[scenario]
    first = first_request(story, story.policy)
    assert first and (first.who_decides, first.decider) == (decides, who)
    assert f"{decides} decides".lower() in in_words(first).replace(",", "").lower()
    assert not who or approval_of_one(first) == (first.decider_name in in_words(first))


def approval_of_one(first: FirstRequest) -> bool:
    """Whether one person's approval is enough: only then the words name the person."""
    return first.approval is not Approval.EACH


def test_every_story_has_a_first_request_or_none_that_is_refused():
    """The picture can be drawn of each, but of one without a request, and the words are whole sentences."""
    for name, story in scenarios().items():
        first = first_request(story, Policy())
        if first is None:
            assert name in ("sandbox", "advanced-diagnostics")
        else:
            assert in_words(first).endswith("decides.") and first.title in in_words(first)


def test_names_in_the_picture_are_escaped():
    """They come from a scenario's author."""
    story = scenarios()["busy-week"]
    hostile = story.text.replace("Contoso", "<img src=x onerror=alert(1)>").replace("Adele Vance", "<b>A</b> & 'B'")

    written = parse_scenario(hostile)
    first = first_request(written, PRESETS["source"])
    assert first
    assert "<img" not in picture(first) and "<b>" not in picture(first) and "&lt;img" in picture(first)
