"""Viewers who cannot decide see who can, if their tenant knows them."""

from pathlib import Path

import pytest

from dashboard.shell.deciders import may_decide, waits_for
from dashboard.shell.visit import Visit
from data import Room
from model import Member, Policy
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.payload import RAW, exposed


def asked(scenario: str, steps: int = 2, policy: Policy | None = None) -> Room:
    """Play the story up to its first request, or further."""
    room = Room.create(scenario=scenario, policy=policy)
    for _ in range(steps):
        room.next_step()
    return room


def told(room: Room, viewer: str) -> tuple[str, bool]:
    """Return the viewer's text about the only pending request, and whether the viewer may decide."""
    here = Visit("Pending requests", "a-room", room, Member(*viewer.split("@")), room.state)
    (row,) = here.listed("pending")
    return waits_for(here, row), may_decide(here, row)


@pytest.mark.parametrize("viewer", ["ben@contoso", "farah@fabrikam"])
def test_the_administrator_of_both_is_named_in_either_tenant(viewer: str):
    """Both tenants know Adele; neither Ben nor Farah can decide."""
    assert told(asked("removal-stays-private"), viewer) == ("Adele Vance", False)


@pytest.mark.parametrize("viewer", ["adele@contoso", "adele@fabrikam"])
def test_a_decider_is_not_told_to_wait(viewer: str):
    """The banner and the list offer the decision to Adele herself."""
    assert told(asked("removal-stays-private"), viewer)[1]


def test_if_nobody_administers_both_the_page_says_so():
    """The viewer's own tenant would know any such person."""
    assert told(asked("nobody-can-decide"), "ben@contoso") == (
        "an administrator of both tenants; there is none",
        False,
    )


def test_people_of_the_other_tenant_alone_are_not_named():
    """After Contoso's approval, Contoso sees the tenant that still has to decide, and Fabrikam the people."""
    room = asked("both-tenants-two-keys", steps=3)
    assert told(room, "ben@contoso") == ("Adele Vance or an administrator of Fabrikam", False)
    assert told(room, "adele@contoso") == ("Adele Vance or an administrator of Fabrikam", False)
    assert told(room, "farah@fabrikam") == ("Adele Vance or Farah Osei", True)


def test_several_people_are_joined_by_or():
    """Everybody whose decision would be accepted, ordered by name."""
    room = asked("removal-stays-private", policy=Policy(approval="resource"))
    assert told(room, "farah@fabrikam") == ("Adele Vance or Farah Osei", True)


@pytest.mark.parametrize(
    ("viewer", "label", "says"),
    [
        ("adele@contoso", "View and approve", "1 access request] waits for your decision"),
        ("ben@contoso", "View", "1 access request] waits for Adele Vance"),
    ],
)
def test_the_banner_leads_to_a_single_request(enter: Enter, look: Look, viewer: str, label: str, says: str):
    """Deciders can view and approve; others can view, and see who decides."""
    enter("removal-stays-private", steps=2)
    screen = look(viewer, "tickets")
    assert says in screen.text and screen.links[label].endswith("&request=r1")


def test_a_name_in_the_banner_is_no_markdown(tmp_path: Path, enter: Enter, look: Look):
    """Who decides may have any name."""
    story = Path("data/scenarios/removal-stays-private.toml").read_text(encoding="utf-8")
    evil = tmp_path / "evil.toml"
    evil.write_text(story.replace('"Adele Vance"', f'"{RAW}"'), encoding="utf-8")
    enter(evil, steps=2)
    screen = look("ben@contoso", "tickets")
    assert "waits for ![x]" in screen.text
    assert exposed(screen) <= {"delta.new_element.selectbox.options", "delta.new_element.selectbox.raw_value"}
