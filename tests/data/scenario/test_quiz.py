"""A step's quiz and its notes: read, written, and proved by the step."""

from dataclasses import replace
from pathlib import Path

import pytest

from data import Room, scenarios
from data.__main__ import main
from data.room.recording import record
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Notes, Scenario
from data.scenario.writer import scenario_text

QUIZ = """
[steps.quiz]
question = "What does Contoso find after the approval?"
choices = [
    { says = "Approved", expect = { contoso = { r1 = "Approved" } } },
    { says = "Nothing", expect = { contoso = { r1 = "not visible" } }, audit_log.fabrikam = ["Approval approved"] },
    "It depends",
]
right = "Nothing"
why = "Approved access is visible only in the resource tenant."
[steps.notes]
minutes = 3
say = "Look at both tenants."
mistakes = "Many expect the approver to see it everywhere."
product = "The real product may show it later."
"""


def with_quiz(quiz: str = QUIZ) -> str:
    """Return the first story with only this quiz, in its third step, the approval."""
    story = scenarios()["cross-tenant-approval"]
    bare = tuple(replace(step, quiz=None, notes=Notes()) for step in story.steps)
    marker = 'audit_log = { fabrikam = ["Approval approved"] }\n'
    before, marker, after = scenario_text(replace(story, steps=bare)).partition(marker)
    assert marker
    return before + marker + quiz + after


def failures(story: Scenario) -> list[str]:
    with Room.create(scenario=story) as room:
        return [failure for played in room.play() for failure in played.failures]


def test_a_quiz_and_notes_are_read_and_written():
    """Every word is kept."""
    story = parse_scenario(with_quiz())
    quiz, notes = story.steps[2].quiz, story.steps[2].notes
    assert quiz and quiz.question == "What does Contoso find after the approval?" and quiz.right == "Nothing"
    assert [choice.says for choice in quiz.choices] == ["Approved", "Nothing", "It depends"]
    assert [choice.is_proved for choice in quiz.choices] == [True, True, False]
    assert notes.minutes == 3 and notes.mistakes.startswith("Many expect") and notes.product and notes.say
    again = parse_scenario(scenario_text(story))
    assert replace(again, text="") == replace(story, text="", summary=again.summary)
    assert [step.notes for step in story.steps if step.notes] == [notes] and not Notes()


def test_the_step_proves_the_right_answer():
    """It disproves the others, if they expect anything."""
    assert failures(parse_scenario(with_quiz())) == []


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ("Approved", "is marked as right, but in contoso, r1 should be Approved, but is not visible"),
        ("Approved", "'Nothing' is not marked as right, but everything it expects holds"),
        ("It depends", "'Nothing' is not marked as right, but everything it expects holds"),
    ],
)
def test_a_wrong_answer_is_found_by_check(right: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The step must prove the answer marked as right."""
    file = tmp_path / "story.toml"
    file.write_text(with_quiz(QUIZ.replace('right = "Nothing"', f'right = "{right}"')), encoding="utf-8")
    assert main(["check", str(file)]) == 1
    assert said in capsys.readouterr().out


def test_a_choice_can_expect_a_refusal_and_access():
    """Choices support all expectations of steps."""
    proved = QUIZ.replace('"It depends"', '{ says = "It is refused", refused = "wrong-status" }').replace(
        'expect = { contoso = { r1 = "not visible" } }', "access = { fabrikam = true }"
    )
    assert failures(parse_scenario(with_quiz(proved))) == []
    assert failures(parse_scenario(with_quiz(proved.replace("fabrikam = true", "fabrikam = false")))) != []


@pytest.mark.parametrize(
    ("wrong", "by", "said"),
    [
        ('right = "Nothing"', 'right = "Nothin"', "did you mean 'Nothing'"),
        ('    "It depends",\n', '    "Nothing",\n', "two choices are the same"),
        ("minutes = 3", "minute = 3", "minutes"),
        ('contoso = { r1 = "not visible" }', 'contoso = { r9 = "not visible" }', "r9"),
        ('question = "What does', 'asks = "What does', "question"),
    ],
)
def test_errors_in_a_quiz_have_a_line_number(wrong: str, by: str, said: str):
    """So have errors elsewhere in the file."""
    text = with_quiz(QUIZ.replace(wrong, by))
    with pytest.raises(ValueError, match=said) as found:
        parse_scenario(text, "story.toml")
    assert "line " in str(found.value) and text != with_quiz()


def test_a_recording_keeps_a_quiz_whose_answer_is_still_right():
    """It drops a quiz that the session disproves."""
    with Room.create(scenario=parse_scenario(with_quiz())) as room:
        room.play()
        recorded = record(room).scenario
    assert recorded.steps[2].quiz and failures(recorded) == []
    story = parse_scenario(with_quiz())
    with Room.create(
        scenario=story, policy={"visibility": {"Approved": ["support request tenant", "resource tenant"]}}
    ) as room:
        room.play()
        recorded = record(room).scenario
    assert recorded.steps[2].quiz is None and failures(recorded) == []
