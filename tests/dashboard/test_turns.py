"""Whose turn it is, shown to the trainer and that person; and acts that are not in the story."""

from pathlib import Path

import pytest

from dashboard.background.rooms import rooms
from dashboard.shell.watching import fingerprint
from data import Room
from data.room_folder import invitations
from data.room_folder.invitations import Invitations, Role
from data.scenario import progress
from model import Engineer, Member, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import OF_TENANTS, Screen
from tests.data.scenario.test_progress import HOUR, STORY

BEN, FARAH, SAM = Member("ben", "contoso"), Member("farah", "fabrikam"), Engineer("sam")
TURN = "Your turn"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    (tmp_path / "story.toml").write_text(STORY)
    return tmp_path / "story.toml"


def key_for(role: Role, viewer: Member | Engineer) -> str:
    """Return a key for one person in a room with a trainer."""
    found, key = Invitations().with_new(Role.TRAINER)[0].with_new(role, viewer)
    invitations.write(rooms().file(ROOM), found)
    return key


def as_invited(look: Look, viewer: Member | Engineer, role: Role = Role.PARTICIPANT) -> Screen:
    role = Role.ENGINEER if isinstance(viewer, Engineer) else role
    return look("", "desk" if role is Role.ENGINEER else "audit", key=key_for(role, viewer))


@pytest.mark.parametrize(
    ("steps", "viewer", "told"),
    [
        (0, BEN, "Open a support request “One”, severity B."),
        (1, SAM, "Request access to Fabrikam for “One”."),
        (2, Member("adele", "fabrikam"), "Approve the access request for “One”."),
        (3, FARAH, "Remove the access for “One”."),
        (4, BEN, "Close “One”."),
    ],
)
def test_only_the_next_actor_sees_what_to_do(
    enter: Enter, look: Look, story: Path, steps: int, viewer: Member | Engineer, told: str
):
    """Not even who looks over that person's shoulder; and nobody reads the story's narration."""
    enter(story, steps=steps)
    for person in (BEN, FARAH, SAM, Member("adele", "contoso"), Member("adele", "fabrikam")):
        screen = as_invited(look, person)
        assert (TURN in screen.text, told in screen.text) == (person == viewer, person == viewer)
        assert "Farah removes it." not in screen.text
    if isinstance(viewer, Member):
        assert TURN not in as_invited(look, viewer, Role.OBSERVER).text


def test_a_turn_begins_and_ends_on_the_persons_page(enter: Enter, look: Look, story: Path):
    """Once the person has done it, whatever the title."""
    room = enter(story)
    screen = as_invited(look, BEN).open("tickets")
    assert TURN in screen.text
    screen.app.text_input(key="new title").input("Sign-ins fail")
    assert TURN not in screen.click("open ticket").text and room.steps_done == 1


def sent_by_removals(
    enter: Enter, look: Look, story: Path, role: Role | None, moved: bool
) -> tuple[list[list[bytes]], list[str]]:
    """What Ben is sent, and the last page's text: while Fabrikam has not removed its access, and once somebody has.

    `moved`: the story's time has passed; a `role` of None: the room is open.
    """
    kept, link, sent, texts = None, {}, [], []
    for removed_by in (None, "story" if moved else "farah", "farah", "adele"):
        room = enter(story, steps=3)
        if role:
            if kept is None:
                link = {"key": key_for(role, BEN)}
                kept = invitations.read(rooms().file(ROOM))
            invitations.write(rooms().file(ROOM), kept)
        if removed_by == "story":
            room.next_step()
        elif moved:
            room.advance(2 * HOUR)
        if removed_by in ("farah", "adele"):
            room.do(Revoke("r1"), Member(removed_by, "fabrikam"))
        screen = look("" if role else "ben@contoso", "audit", **link)
        sent.append([piece for page in OF_TENANTS for piece in screen.open(page).sent()])
        sent[-1].append(repr(fingerprint(screen.app.session_state["visit"], False)).encode())
        texts.append(screen.text)
    return sent, texts


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OBSERVER, None], ids=["participant", "observer", "open room"])
@pytest.mark.parametrize("moved", [False, True])
def test_messages_to_contoso_reveal_neither_a_coming_nor_a_past_removal(
    enter: Enter, look: Look, story: Path, role: Role | None, moved: bool
):
    """Byte for byte, and their pages run again at the same moments: before, and once the story's time has passed."""
    sent, texts = sent_by_removals(enter, look, story, role, moved)
    assert {TURN in text for text in texts} == {moved and role is not Role.OBSERVER}
    assert sent[1:] == sent[:-1]


def test_the_comparison_detects_turns_that_depend_on_hidden_steps(
    enter: Enter, look: Look, story: Path, monkeypatch: pytest.MonkeyPatch
):
    """If the next step were looked for among those that happen to another tenant's data, too, Ben could tell."""
    monkeypatch.setattr(progress, "_is_hidden", lambda step, actor: False)
    sent, texts = sent_by_removals(enter, look, story, Role.PARTICIPANT, True)
    assert TURN not in texts[0] and TURN in texts[1]
    assert sent[0] != sent[1]


def departed(enter: Enter, look: Look, story: Path) -> tuple[Room, Screen]:
    room = enter(story, steps=3)
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    return room, look("trainer", "side_by_side")


def test_the_trainer_sees_whose_turn_it_is(enter: Enter, look: Look, story: Path):
    """Who, and what; not where the page is presented to all."""
    enter(story, steps=3)
    assert "Next: 2 hours later, Farah Osei (Fabrikam) removes access" in look("trainer", "side_by_side").text
    assert "Next: " not in look("trainer", "side_by_side", present="1").text


def test_an_act_that_matches_the_story_is_its_step(enter: Enter, look: Look, story: Path):
    """Nothing is asked, and the next step goes as the story says."""
    room = enter(story, steps=3)
    room.do(Revoke("r1"), FARAH)
    screen = look("trainer", "side_by_side")
    assert "step 4 of 6" in screen.text and "Not in the story" not in screen.text
    assert not [said for said in screen.click("next step").click("next step").said if "did not go" in said]
    assert room.steps_done == 6


def test_a_departure_from_the_story_is_undone_with_one_click(enter: Enter, look: Look, story: Path):
    room, screen = departed(enter, look, story)
    assert "Not in the story" in screen.text and "Adele Vance (Fabrikam) removes access" in screen.text
    screen.click("departed back")
    assert screen.said == ["Taken back: Adele Vance (Fabrikam) removes access."] and "departed back" not in screen.keys
    assert room.acts_by_hand() == 0 and "redo" in screen.keys


def test_taking_back_asks_first_if_more_was_done_since(enter: Enter, look: Look, story: Path):
    room, screen = departed(enter, look, story)
    room.next_step()
    before = room.seq
    screen.run().click("departed back")
    assert "The room would be as it was" in screen.text and room.seq == before
    screen.click("take back yes")
    assert room.steps_done == 3 and room.acts_by_hand() == 0


def test_the_room_goes_on_without_the_story_and_undo_brings_it_back(enter: Enter, look: Look, story: Path):
    room, screen = departed(enter, look, story)
    screen.click("leave story")
    assert "next step" not in screen.keys and "Not in the story" not in screen.text and "Next: " not in screen.text
    assert TURN not in as_invited(look, BEN).text
    screen = look("trainer", "side_by_side", key=key_for(Role.TRAINER, None))
    assert screen.click("undo").said == ["Taken back: the room goes on without the story."]
    assert "next step" in screen.keys and room.steps_done == 3


def test_in_a_room_without_invitations_each_persons_page_tells_that_persons_turn(enter: Enter, look: Look, story: Path):
    """There one visitor is everybody; the story's bar says to all of them who acts next."""
    enter(story)
    bens = look("ben@contoso", "tickets").text
    assert TURN in bens and "Open a support request “One”, severity B." in bens
    for other in ("farah@fabrikam", "sam", "trainer"):
        assert TURN not in look(other, "desk").text
    assert "Next: Ben King (Contoso) opens a support request" in look("trainer", "side_by_side").text
