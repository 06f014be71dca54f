"""The shipped scenarios: each is played, step by step, and together they show what there is to show."""

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
    """All that there is of a room but its file."""
    overview = room.overview()
    frames = (room.events(), overview.requests(), overview.tickets())
    return room.now, room.seq, room.steps_done, [frame.to_dict("tight") for frame in frames]


def test_the_named_scenarios_ship():
    """Demos and documentation hold on to these names."""
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
def test_a_scenario_plays_as_it_expects_and_its_room_is_whole_after_each_step(name: str):
    """What ships is true: no expectation fails, and the log and the tables agree at every moment."""
    with Room.create(scenario=name) as room:
        while played := room.next_step():
            assert played.failures == ()
            assert room.verify()
        assert room.steps_done == len(STORIES[name].steps)


@pytest.mark.slow
@each_story
def test_a_scenario_goes_on_in_a_room_that_was_closed_and_opened_in_the_middle(name: str, tmp_path: Path):
    """A demo may be interrupted: nothing of the story is in the memory of a process."""
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
def test_rewinding_to_a_step_is_as_playing_up_to_it(name: str):
    """A trainer goes back as safely as forward, and the story goes on from there."""
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
def test_a_story_can_be_followed_in_its_words(name: str):
    """A class hears something at every step, and from every scenario what it is about."""
    story = STORIES[name]
    assert len(story.summary) > 40
    assert [n for n, step in enumerate(story.steps, start=1) if len(step.say) < 15] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_says_what_it_teaches_and_how_hard_it_is(name: str):
    """The list of scenarios shows it."""
    assert SHIPPED[name].difficulty in DIFFICULTIES and len(SHIPPED[name].teaches) > 40


@each_story
def test_every_story_checks_itself(name: str):
    """Each names statuses and accesses, so that playing it is a test of it."""
    steps = STORIES[name].steps
    assert any(step.expect for step in steps)
    assert any(step.access for step in steps)


@each_story
def test_a_story_that_names_an_audit_log_proves_what_it_says(name: str):
    """By the step that names it, some step has said what the logs get, so a log that is empty is not told as full."""
    proved = False
    for step in STORIES[name].steps:
        proved = proved or bool(step.audit_log)
        assert proved or "audit log" not in step.say, step.say


def test_the_scenarios_show_every_line_that_an_audit_log_can_have():
    """And that a log gets none, where the other tenant's does."""
    logs = [added for story in STORIES.values() for step in story.steps for added in step.audit_log.values()]
    assert {activity for added in logs for activity in added} == {row.activity for row in AUDIT}
    assert () in logs


@pytest.mark.parametrize("name", SHIPPED)
def test_a_quotation_is_a_quotation(name: str):
    """What a scenario says in quotation marks is in the source document, word for word."""
    says = " ".join(sentence.says for sentence in (*BEHAVIOUR, *SCREENS))
    story = SHIPPED[name]
    notes = [text for step in story.steps for text in (step.notes.say, step.notes.mistakes, step.notes.product)]
    quizzes = [text for step in story.steps if step.quiz for text in (step.quiz.question, step.quiz.why)]
    texts = [story.title, story.summary, story.teaches, *(step.say for step in story.steps), *notes, *quizzes]
    assert [quoted for text in texts for quoted in re.findall('"(.+?)"', text) if quoted not in says] == []


LESSONS = {name: story for name, story in STORIES.items() if story.is_lesson}


def test_six_guided_lessons_ship():
    """The main case, rejecting, who may act, privacy between tenants, thirty days, and policies compared."""
    assert set(LESSONS) == {
        *("cross-tenant-approval", "rejection", "role-trap", "removal-stays-private", "thirty-days"),
        "azure-lockbox-figures",
    }


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_takes_10_to_20_minutes_and_says_what_a_trainer_needs(name: str):
    """The minutes of its steps, what people get wrong, where the real product may differ, and questions."""
    story = LESSONS[name]
    assert story.minutes == sum(step.notes.minutes or 0 for step in story.steps) and 10 <= story.minutes <= 20
    assert all(step.notes.say for step in story.steps if step.notes)
    assert sum(bool(step.notes.mistakes) for step in story.steps) >= 2
    assert any(step.notes.product for step in story.steps)
    assert sum(bool(step.quiz) for step in story.steps) >= 2


def test_what_lessons_ask_is_proved_by_the_step_that_follows():
    """All but one right answer are proved; what is said of time is the lab's own finding, and no step can show it."""
    quizzes = [step.quiz for story in LESSONS.values() for step in story.steps if step.quiz]
    proved = {choice.says for quiz in quizzes for choice in quiz.choices if choice.is_proved}
    assert [quiz.right for quiz in quizzes if quiz.right not in proved] == [
        "Yes, from how long the support request took"
    ]


def test_the_scenarios_show_every_status_to_either_side():
    """Pending to Expired, and that there is nothing to see."""
    shown = {
        status for story in CALM.values() for s in story.steps for seen in s.expect.values() for status in seen.values()
    }
    assert shown == {*Status, "not visible"}


def test_the_scenarios_show_every_refusal_that_a_step_can_meet():
    """`changed-meanwhile` needs somebody who looked before another one acted; a story has one step at a time."""
    assert {s.refused for story in CALM.values() for s in story.steps if s.refused} == {*Code} - {
        Code.CHANGED_MEANWHILE
    }


def test_the_scenarios_show_both_readings_of_an_administrator_of_both_and_other_systems_figures():
    """One person, two keys, and a preset that is read from another system's documentation."""
    policies = [story.policy for story in STORIES.values()]
    assert {policy.approval for policy in policies} == set(Approval)
    assert PRESETS["azure-customer-lockbox"] in policies
    assert any(policy.pending_expires_after and policy.grant_lasts for policy in policies)


def test_the_first_story_leaves_the_approval_to_whoever_plays():
    """After two steps there is a pending r1, and Adele may approve it by hand."""
    with Room.create() as room:
        room.next_step()
        room.next_step()
        room.do(Approve("r1"), room.member("adele", "fabrikam"))
        assert room.as_seen_by(room.member("adele", "fabrikam")).request("r1")["status"] == "Approved"


def test_a_room_without_a_story_has_the_sandboxs_cast():
    """People of all kinds, nothing scripted, nothing in the log but the clock."""
    with Room.create(scenario=None) as room:
        assert room.story == SHIPPED["sandbox"]
        assert room.play() == []
        assert {"adele", "ben", "farah", "rosa", "uma"} <= set(room.directory.people)


def test_the_busy_week_begins_in_the_midst_of_traffic_with_its_story_still_to_come():
    """The dashboard opens with it: two months of others' tickets, and none of the story's own."""
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


def test_in_the_role_trap_whoever_approves_cannot_read_the_log_and_the_other_way_round():
    """The lists and logs that its narration points at are as it says."""
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
def test_while_removal_stays_private_the_support_request_tenant_sees_the_same_throughout():
    """From the approval to the closing, to the byte: lists, tickets and log of Ben, who administers Contoso only."""
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
    """What can be read can be played: no wait and no story is longer than the clock goes."""
    with Room.create(scenario=None) as room:
        room.advance(LONGEST_DURATION)


def test_a_story_may_begin_as_early_as_a_file_can_say():
    """Also with the longest background before it."""
    story = (
        SHIPPED["busy-week"]
        .text.replace("2026-03-02T09:00:00", EARLIEST.isoformat())
        .replace("days = 60", "days = 3650")
    )
    with Room.create(scenario=parse_scenario(story.replace("tickets_per_day = 8", "tickets_per_day = 0.01"))) as room:
        assert room.now == EARLIEST
        assert room.verify()


def test_a_story_says_support_request_as_the_source_and_the_tenants_pages_do():
    """Ticket is the short word of code, files and the pages of analysis; people read stories on tenants' pages."""
    for story in SHIPPED.values():
        said = "\n".join(prose(tomllib.loads(story.text)))
        assert story.summary in said and "ticket" not in said.lower(), story.title


def prose(value: object) -> list[str]:
    """The texts of a file in which there is a space: others are names and ids."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in prose(each)]
    if isinstance(value, list):
        return [text for each in value for text in prose(each)]
    return [" ".join(value.split())] if isinstance(value, str) and " " in value else []
