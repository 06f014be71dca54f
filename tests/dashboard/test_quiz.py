"""A question to the class: who is asked, how answers are counted, and how the step proves the answer."""

from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st

from dashboard.background import entrance, quizzes
from dashboard.background.entrance import NotInvited
from dashboard.background.rooms import rooms
from dashboard.shell.watching import ShownVisit
from data import Room
from data.room_folder.invitations import Key, Role
from model import Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import OF_TENANTS, OVER_TIME, Screen
from tests.dashboard.test_invitations import Keys
from tests.data.scenario.test_quiz import with_quiz

QUESTION, CHOICES = "What does Contoso find after the approval?", ("Approved", "Nothing", "It depends")
ADELE = "adele@contoso"


@pytest.fixture
def lesson(enter: Enter, tmp_path: Path) -> Room:
    """The story that asks before its third step, after two."""
    file = tmp_path / "lesson.toml"
    file.write_text(with_quiz(), encoding="utf-8")
    return enter(file, steps=2)


def invite(room: Room) -> Keys:
    """A key for a trainer, two participants and an engineer."""
    trainer = entrance.invite(ROOM, Key(), Role.TRAINER)
    adele, sam = room.member("adele", "contoso"), room.engineer("sam")
    return {
        Role.TRAINER: trainer,
        Role.PARTICIPANT: entrance.invite(ROOM, Key(trainer), Role.PARTICIPANT, adele),
        Role.ENGINEER: entrance.invite(ROOM, Key(trainer), Role.ENGINEER, sam),
    }


def radio(screen: Screen) -> list[str]:
    """The choices of the question on a page; none if nothing is asked."""
    return [option for one in screen.app.radio if one.label == QUESTION.replace("?", "\\?") for option in one.options]


def choose(screen: Screen, place: int) -> Screen:
    (one,) = screen.app.radio
    one.set_value(place)
    return screen.run()


def test_the_class_answers_and_the_step_proves_it(lesson: Room, look: Look):
    """The tally is shown once the question is closed, and which answer is right once the step was done."""
    keys = invite(lesson)
    trainer = look("trainer", "side_by_side", key=keys[Role.TRAINER])
    assert QUESTION in trainer.text and "next step" in trainer.keys
    participant = look("", "pending", key=keys[Role.PARTICIPANT])
    assert radio(participant) == []
    trainer.click("quiz ask")
    assert "next step" not in trainer.keys and "**0** answers so far" in trainer.text
    engineer = look("", "desk", key=keys[Role.ENGINEER])
    for screen, place in ((participant.run(), 0), (engineer, 1)):
        assert radio(screen) == list(CHOICES)
        choose(screen, place)
        assert "Your answer is counted, without your name." in screen.text
    choose(participant, 1)
    assert quizzes.all_asked(ROOM)[0].tally() == [0, 2, 0]
    trainer.run()
    assert "**2** answers so far" in trainer.text and "Answers of the class" not in trainer.text
    trainer.click("quiz close")
    assert "Answers of the class. Approved: 0; Nothing: 2; It depends: 0" in trainer.text
    assert "The next step shows which answer is right." in trainer.text
    assert radio(participant.run()) == []
    trainer.click("next step")
    assert "**Nothing**  \nApproved access is visible only in the resource tenant" in trainer.text
    assert "Proved: the scenario compares" in trainer.text and lesson.acts()[-1].step == 3


def test_a_nameless_participant_cannot_answer_again_after_a_reload(lesson: Room, look: Look, monkeypatch):
    """The browser is told from others by a cookie; two people with one link still answer each for themselves."""
    keys = invite(lesson)
    cookies = {"visitor": "0" * 32}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: cookies))
    asked = quizzes.ask(ROOM, Key(keys[Role.TRAINER]), QUESTION, CHOICES)
    choose(look("", "pending", key=keys[Role.PARTICIPANT]), 0)
    again = look("", "pending", key=keys[Role.PARTICIPANT])
    assert "Your answer is counted, without your name." in again.text
    choose(again, 1)
    assert asked.tally() == [0, 1, 0]
    cookies["visitor"] = "1" * 32
    choose(look("", "pending", key=keys[Role.PARTICIPANT]), 1)
    assert asked.tally() == [0, 2, 0]


def test_permissions_to_ask_and_answer_are_checked_at_the_act(lesson: Room):
    """Only a trainer asks and closes; only an open question is answered, with one of its choices, once."""
    keys = {role: Key(token) for role, token in invite(lesson).items()}
    for wrong in (keys[Role.PARTICIPANT], Key("x"), Key()):
        with pytest.raises(NotInvited):
            quizzes.ask(ROOM, wrong, QUESTION, CHOICES)
    asked = quizzes.ask(ROOM, keys[Role.TRAINER], QUESTION, CHOICES)
    with pytest.raises(NotInvited):
        quizzes.close(ROOM, keys[Role.PARTICIPANT])
    quizzes.answer(ROOM, keys[Role.PARTICIPANT], "one", asked.number, 0)
    quizzes.answer(ROOM, keys[Role.PARTICIPANT], "one", asked.number, 2)
    for key, number, choice in ((Key("x"), 1, 0), (keys[Role.PARTICIPANT], 2, 0), (keys[Role.PARTICIPANT], 1, 3)):
        with pytest.raises(NotInvited):
            quizzes.answer(ROOM, key, "two", number, choice)
    assert asked.tally() == [0, 0, 1]
    quizzes.close(ROOM, keys[Role.TRAINER])
    with pytest.raises(NotInvited):
        quizzes.answer(ROOM, keys[Role.PARTICIPANT], "two", asked.number, 0)


def test_answers_are_not_in_the_rooms_log_or_file(lesson: Room, look: Look, tmp_path: Path):
    """They lie in memory beside the room, and a person with a name counts once in all tabs."""
    keys = invite(lesson)
    before = lesson.seq
    quizzes.ask(ROOM, Key(keys[Role.TRAINER]), QUESTION, CHOICES)
    for place in (0, 2):
        choose(look("", "pending", key=keys[Role.PARTICIPANT], name="Mia Berg"), place)
    assert quizzes.all_asked(ROOM)[0].tally() == [0, 0, 1] and lesson.seq == before
    lesson.snapshot(tmp_path / "copy.duckdb")
    assert b"Mia Berg" not in (tmp_path / "copy.duckdb").read_bytes()


def test_a_page_runs_again_when_a_question_is_asked_or_closed(lesson: Room, look: Look):
    """And not when others answer, or the story goes on."""
    keys = invite(lesson)
    look("", "pending", key=keys[Role.PARTICIPANT])
    visit = look("", "pending", key=keys[Role.PARTICIPANT]).app.session_state["visit"]
    shown = ShownVisit(visit, False, "tab")
    assert not shown.is_out_of_date()
    asked = quizzes.ask(ROOM, Key(keys[Role.TRAINER]), QUESTION, CHOICES)
    assert shown.may_be_out_of_date() and shown.is_out_of_date()
    shown = ShownVisit(replace(visit), False, "tab")
    quizzes.answer(ROOM, Key(keys[Role.PARTICIPANT]), "other", asked.number, 0)
    assert not shown.is_out_of_date()
    quizzes.close(ROOM, Key(keys[Role.TRAINER]))
    assert shown.may_be_out_of_date() and shown.is_out_of_date()


def test_a_question_reveals_no_removal_to_contoso(enter: Enter, look: Look):
    """Byte for byte: the question is the same in the room with the removal and in the one without."""
    sent = []
    for removed in (False, True):
        quizzes._rooms.clear()
        room = enter("removal-stays-private", steps=5)
        if removed:
            rooms().to_act_in(ROOM).do(Revoke("r1"), room.member("farah", "fabrikam"))
        screen = look("ben@contoso")
        seen = []
        for act in (lambda: quizzes.ask(ROOM, Key(), QUESTION, CHOICES), lambda: quizzes.close(ROOM, Key())):
            seen += [screen.open(page).sent() for page in (*OF_TENANTS, *OVER_TIME)]
            act()
            seen += [screen.open(page).sent() for page in (*OF_TENANTS, *OVER_TIME)]
            if screen.app.radio:
                seen.append(choose(screen.open("pending"), 1).sent())
        sent.append(seen)
    assert sent[0] == sent[1] and len(sent[0]) == 4 * len((*OF_TENANTS, *OVER_TIME)) + 1


def test_notes_are_shown_to_the_trainer_only_and_not_where_the_page_is_presented(lesson: Room, look: Look):
    """The class looks at the projector, and a person's pages have none."""
    assert lesson.next_step()
    note = "Many expect the approver to see it everywhere."
    assert note in look("trainer", "side_by_side").text
    assert "Trainer's notes" not in look("trainer", "side_by_side", present="1").text
    for viewer in ("adele@contoso", "sam"):
        assert note not in look(viewer, "side_by_side").text
    keys = invite(lesson)
    assert note in look("trainer", "side_by_side", key=keys[Role.TRAINER]).text
    for page in OF_TENANTS:
        assert note not in look("", page, key=keys[Role.PARTICIPANT]).text
