"""Each shipped scenario is played step by step, and together they cover the workflow."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from data import Room, scenarios
from data.scenario.reader import parse_scenario
from data.scenario.scenario import DIFFICULTIES
from model import AUDIT, PRESETS, Approval, Approve, Code, Refused, Status
from model.limits import EARLIEST, LONGEST_DURATION
from tests.source import BEHAVIOUR, SCREENS

SHIPPED = scenarios()
STORIES = {name: story for name, story in SHIPPED.items() if story.steps}
CALM = {name: story for name, story in STORIES.items() if not story.background}
each_story = pytest.mark.parametrize("name", STORIES)


def state(room: Room) -> tuple[object, ...]:
    """Return everything about a room except its file."""
    overview = room.overview()
    frames = (room.events(), overview.requests(), overview.tickets())
    return room.now, room.seq, room.steps_done, [frame.to_dict("tight") for frame in frames]


def test_the_named_scenarios_ship():
    """Demos and documentation rely on these names."""
    assert set(SHIPPED) == {
        *("advanced-diagnostics", "azure-lockbox-figures", "both-tenants-one-person", "both-tenants-two-keys"),
        *("busy-week", "closing-completes-and-cancels", "cross-tenant-approval", "expiry-and-lapse"),
        *(
            "justification",
            "nobody-can-decide",
            "rejection",
            "removal-stays-private",
            "role-trap",
            "sandbox",
            "thirty-days",
        ),
    }


@pytest.mark.slow
@each_story
def test_a_scenario_meets_its_expectations_and_its_room_verifies_after_each_step(name: str):
    """No expectation fails, and the log and the tables agree at every moment."""
    with Room.create(scenario=name) as room:
        while played := room.next_step():
            assert played.failures == ()
            assert room.verify()
        assert room.steps_done == len(STORIES[name].steps)


@pytest.mark.slow
@each_story
def test_a_scenario_continues_in_a_room_that_was_reopened_in_the_middle(name: str, tmp_path: Path):
    """A demo may be interrupted: no state of the story is in a process's memory."""
    middle = len(STORIES[name].steps) // 2
    with Room.create(tmp_path / "room.duckdb", scenario=name) as room:
        for _ in range(middle):
            room.next_step()
        before = state(room)
    with Room.open(tmp_path / "room.duckdb") as room:
        assert state(room) == before
        assert [played.failures for played in room.play()] == [()] * (len(STORIES[name].steps) - middle)
        assert room.verify()


@pytest.mark.slow
@each_story
def test_rewinding_to_a_step_equals_playing_up_to_it(name: str):
    """The story continues from there."""
    with Room.create(scenario=name) as room:
        states = [state(room)]
        while room.next_step():
            states.append(state(room))
        for step in reversed(range(len(states))):
            room.rewind(to=states[step][1])
            assert state(room) == states[step]
            assert room.verify()
        assert [played for played in room.play() if played.failures] == []
        assert state(room) == states[-1]


@each_story
def test_every_step_of_a_story_is_narrated(name: str):
    """Every scenario has a summary, too."""
    story = STORIES[name]
    assert len(story.summary) > 40
    assert [n for n, step in enumerate(story.steps, start=1) if len(step.say) < 15] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_has_its_learning_goal_and_difficulty(name: str):
    """The list of scenarios shows them."""
    assert SHIPPED[name].difficulty in DIFFICULTIES and len(SHIPPED[name].teaches) > 40


@each_story
def test_every_story_has_expectations(name: str):
    """Each has expected statuses and access, so that playing it tests it."""
    steps = STORIES[name].steps
    assert any(step.expect for step in steps)
    assert any(step.access for step in steps)


@each_story
def test_a_story_that_mentions_an_audit_log_proves_its_entries(name: str):
    """By that step, an expectation has covered the logs, so that an empty log is not described as full."""
    proved = False
    for step in STORIES[name].steps:
        proved = proved or bool(step.audit_log)
        assert proved or "audit log" not in step.say, step.say


def test_the_scenarios_show_every_possible_audit_log_entry():
    """They also show a log without the entry that the other tenant's has."""
    logs = [added for story in STORIES.values() for step in story.steps for added in step.audit_log.values()]
    assert {activity for added in logs for activity in added} == {row.activity for row in AUDIT}
    assert () in logs


@pytest.mark.parametrize("name", SHIPPED)
def test_quotations_are_verbatim(name: str):
    """Text in quotation marks is in the source document, word for word."""
    says = " ".join(sentence.says for sentence in (*BEHAVIOUR, *SCREENS))
    story = SHIPPED[name]
    notes = [text for step in story.steps for text in (step.notes.say, step.notes.mistakes, step.notes.product)]
    quizzes = [text for step in story.steps if step.quiz for text in (step.quiz.question, step.quiz.why)]
    texts = [story.title, story.summary, story.teaches, *(step.say for step in story.steps), *notes, *quizzes]
    assert [quoted for text in texts for quoted in re.findall('"(.+?)"', text) if quoted not in says] == []


LESSONS = {name: story for name, story in STORIES.items() if story.is_lesson}


def test_six_guided_lessons_ship():
    """Topics: the main case, rejecting, who may act, privacy between tenants, thirty days, comparing policies."""
    assert set(LESSONS) == {
        *("cross-tenant-approval", "rejection", "role-trap", "removal-stays-private", "thirty-days"),
        "azure-lockbox-figures",
    }


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_takes_10_to_20_minutes_and_has_trainers_notes(name: str):
    """It has minutes per step, common mistakes, differences from the real product, and questions."""
    story = LESSONS[name]
    assert story.minutes == sum(step.notes.minutes or 0 for step in story.steps) and 10 <= story.minutes <= 20
    assert all(step.notes.say for step in story.steps if step.notes)
    assert sum(bool(step.notes.mistakes) for step in story.steps) >= 2
    assert any(step.notes.product for step in story.steps)
    assert sum(bool(step.quiz) for step in story.steps) >= 2


def test_the_answers_of_lessons_are_proved_by_their_steps():
    """All but one are proved: the one about timing is the lab's own finding, which no step can show."""
    quizzes = [step.quiz for story in LESSONS.values() for step in story.steps if step.quiz]
    proved = {choice.says for quiz in quizzes for choice in quiz.choices if choice.is_proved}
    assert [quiz.right for quiz in quizzes if quiz.right not in proved] == [
        "Yes, from how long the support request took"
    ]


def test_the_scenarios_show_every_status_to_either_side():
    """They show Pending to Expired, and a hidden request."""
    shown = {
        status for story in CALM.values() for s in story.steps for seen in s.expect.values() for status in seen.values()
    }
    assert shown == {*Status, "not visible"}


def test_the_scenarios_show_every_refusal_that_a_step_can_get():
    """`changed-meanwhile` needs two concurrent actors, and a story has one step at a time."""
    assert {s.refused for story in CALM.values() for s in story.steps if s.refused} == {*Code} - {
        Code.CHANGED_MEANWHILE
    }


def test_the_scenarios_show_both_readings_of_an_administrator_of_both_and_other_systems_figures():
    """They show one person, two approvals, and a preset from another system's documentation."""
    policies = [story.policy for story in STORIES.values()]
    assert {policy.approval for policy in policies} == set(Approval)
    assert PRESETS["azure-customer-lockbox"] in policies
    assert any(policy.pending_expires_after and policy.grant_lasts for policy in policies)


def test_the_first_story_leaves_the_approval_to_whoever_plays():
    """After two steps r1 is pending, and Adele may approve it by hand."""
    with Room.create() as room:
        room.next_step()
        room.next_step()
        room.do(Approve("r1"), room.member("adele", "fabrikam"))
        assert room.as_seen_by(room.member("adele", "fabrikam")).request("r1")["status"] == "Approved"


def test_a_room_without_a_story_has_the_sandboxs_people():
    """It has people of all kinds, no steps, and only clock entries in the log."""
    with Room.create(scenario=None) as room:
        assert room.story == SHIPPED["sandbox"]
        assert room.play() == []
        assert {"adele", "ben", "farah", "rosa", "uma"} <= set(room.directory.people)


def test_the_busy_week_starts_with_traffic_and_before_its_story():
    """The dashboard opens with it: two months of background tickets, and none of the story's."""
    with Room.create(scenario="busy-week") as room:
        story = SHIPPED["busy-week"]
        tickets = room.overview().tickets()
        assert room.now == story.starts
        assert room.steps_done == 0
        assert story.background and len(tickets) == story.background.tickets
        assert not {"t1", "t2", "t3"} & set(tickets["ticket_id"])
        room.next_step()
        room.next_step()
        mine = room.as_seen_by(room.member("ben", "contoso"))
        assert "r1" in set(mine.pending()["request_id"])


def test_in_the_role_trap_approvers_cannot_read_the_log_and_readers_cannot_approve():
    """Lists and logs are as its narration says."""
    with Room.create(scenario="role-trap") as room:
        room.play()
        ben, rosa = (room.as_seen_by(room.member(person, "fabrikam")) for person in ("ben", "rosa"))
        assert ben.refusal is None and len(ben.approved_access()) == 1
        assert isinstance(ben.audit_refusal, Refused) and ben.audit_log().empty
        assert isinstance(rosa.refusal, Refused) and rosa.approved_access().empty
        assert list(rosa.audit_log()["activity"]) == ["Approval removed", "Approval approved"]
        in_contoso = room.as_seen_by(room.member("rosa", "contoso"))
        assert list(in_contoso.audit_log()["activity"]) == ["Request approved", "Request created"]


@pytest.mark.slow
def test_in_removal_stays_private_the_support_request_tenants_view_never_changes():
    """From the approval to the closing, Ben, who administers Contoso only, sees identical lists, tickets and log."""
    with Room.create(scenario="removal-stays-private") as room:
        seen = []
        while played := room.next_step():
            lens = room.as_seen_by(room.member("ben", "contoso"))
            frames = (lens.pending(), lens.approved_access(), lens.tickets(), lens.audit_log())
            seen.append((played.step.act, pd.concat(frames).to_csv()))
        first = next(n for n, (act, _) in enumerate(seen) if "approve" in act)
        last = next(n for n, (act, _) in enumerate(seen) if "close" in act)
        assert len({text for _, text in seen[first:last]}) == 1


def test_the_limits_of_a_file_are_those_of_a_room():
    """Every readable file can be played: no wait and no story exceeds the clock's range."""
    with Room.create(scenario=None) as room:
        room.advance(LONGEST_DURATION)


def test_a_story_may_begin_at_the_earliest_allowed_time():
    """It may even have the longest background before it."""
    story = (
        SHIPPED["busy-week"]
        .text.replace("2026-03-02T09:00:00", EARLIEST.isoformat())
        .replace("days = 60", "days = 3650")
    )
    with Room.create(scenario=parse_scenario(story.replace("tickets_per_day = 8", "tickets_per_day = 0.01"))) as room:
        assert room.now == EARLIEST
        assert room.verify()


def test_a_story_says_support_request_as_the_source_and_the_tenants_pages_do():
    """“Ticket” is for code, files and pages of analysis; stories are read on tenants' pages."""
    for story in SHIPPED.values():
        said = "\n".join(prose(tomllib.loads(story.text)))
        assert story.summary in said and "ticket" not in said.lower(), story.title


def prose(value: object) -> list[str]:
    """Yield a file's texts that contain a space: others are names and ids."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in prose(each)]
    if isinstance(value, list):
        return [text for each in value for text in prose(each)]
    return [" ".join(value.split())] if isinstance(value, str) and " " in value else []
