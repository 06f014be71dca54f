"""Counterexamples as stories: whatever a policy breaks can be opened in a room, played, and seen there."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from data import Room, Scenario
from data.__main__ import main
from data.scenario_writing.counterexample_story import add_step, counterexample_story
from data.scenario_writing.counterexamples import screens, stories
from model import (
    SOURCE_VISIBILITY,
    Approval,
    Approve,
    Engineer,
    HistoryFrom,
    Member,
    OpenTicket,
    Policy,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from model.checker.promise_names import DECIDABLE, FINALITY, PRIVACY, REMOVABLE
from model.checker.report import SMALL, check
from tests.checker import faults_in_rules, faults_in_visibility
from tests.checker.random_worlds import policy_of
from tests.worlds import records

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWS_REMOVALS = Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})
ASKS_AGAIN = Policy(ask_again_after_grant=True)
HIDES_GRANTS = Policy(visibility=SOURCE_VISIBILITY - {(Status.APPROVED, Side.RESOURCE)})
WITH_LIMITS = Policy(
    Approval.RESOURCE,
    pending_expires_after=4 * DAY,
    grant_lasts=8 * HOUR,
    history_days=1,
    history_from=HistoryFrom.CREATED,
    visibility=SOURCE_VISIBILITY | {(Status.COMPLETED, Side.SUPPORT)},
)


def played(story: Scenario) -> Room:
    """The room at the end of the story, which went as it says."""
    room = Room.create(scenario=story)
    assert [step.failures for step in room.play() if step.failures] == []
    assert room.verify()
    return room


@pytest.mark.slow
def test_every_counterexample_of_any_policy_plays_as_it_says(announce: Callable[[str], None]):
    """Random policies, most of them odd or leaky: each story is met by a room, under that very policy."""
    chance, told = Random("policies to tell"), 0
    for policy in (SHOWS_REMOVALS, ASKS_AGAIN, HIDES_GRANTS, WITH_LIMITS, *(policy_of(chance) for _ in range(4))):
        report = check(policy, SMALL)
        for found in report.promises:
            for story in stories(report, found.name) if found.counterexample else ():
                with played(story) as room:
                    assert room.policy == policy
                assert len(story.steps) > 2 and all(step.say for step in story.steps)
                told += 1
    announce(f"{told} stories")
    assert told > 10


@pytest.mark.slow
@pytest.mark.parametrize("policy", [SHOWS_REMOVALS, ASKS_AGAIN, WITH_LIMITS], ids=["removals", "again", "limits"])
def test_the_two_screens_are_what_a_room_shows_at_the_end_of_the_two_stories(policy: Policy):
    """Frame by frame; and the first thing that differs is not the same on them."""
    report = check(policy, SMALL)
    both = screens(report, PRIVACY)
    for story, screen in zip(stories(report, PRIVACY), both, strict=True):
        with played(story) as room:
            assert isinstance(screen.viewer, Member) and screen.viewer.tenant == "contoso"
            lens = room.as_seen_by(screen.viewer)
            told = {room.progress.id_of(step.name): step.name for step in room.story.steps if step.name}
            assert screen.now == room.now
            for name in ("pending", "approved_access", "tickets", "audit_log"):
                assert list(getattr(screen, name).columns) == list(getattr(lens, name)().columns)
                assert records(getattr(screen, name)) == records(getattr(lens, name)().replace(told)), name
    assert [screen.heading for screen in both] == ["If Fabrikam removed access", "If Fabrikam did not remove access"]
    assert both[0].what == both[1].what and both[0].found != both[1].found


def test_a_story_ends_with_what_shows_the_broken_promise():
    """Nobody who sees a live grant can remove it: everybody tries, and the engineer still reads."""
    (story,) = stories(check(HIDES_GRANTS, SMALL), REMOVABLE)
    tries = [step for step in story.steps if step.refused]
    assert [step.act for step in tries] == [
        "carla@contoso: revoke r1",
        "felix@fabrikam: revoke r1",
        "adele@contoso: revoke r1",
        "adele@fabrikam: revoke r1",
    ]
    assert {step.refused for step in tries} == {"not-found"}
    assert story.steps[-1].access == {"fabrikam": True}
    assert story.title == f"{REMOVABLE}: a counterexample"


def test_a_finding_is_told_with_its_condition_and_a_cast_that_meets_it():
    """Where nobody administers both tenants, nobody in the story does."""
    (story,) = stories(check(Policy(), SMALL), DECIDABLE)
    cast = story.directory
    assert not any(cast.administers(who, "contoso") and cast.administers(who, "fabrikam") for who in cast.people)
    assert "It does not hold where nobody administers both tenants." in story.summary
    assert {step.refused for step in story.steps} == {None, "not-administrator-of-both"}
    assert story.steps[-1].expect == {"contoso": {"r1": "Pending"}, "fabrikam": {"r1": "Pending"}}


def test_the_two_stories_differ_in_the_removal_and_what_it_makes_possible():
    """The rest is the same, step by step."""
    removed, stays = (
        [step.act for step in story.steps if step.act and not step.refused]
        for story in stories(check(ASKS_AGAIN, SMALL), PRIVACY)
    )
    assert removed == [*stays, "felix@fabrikam: revoke r1", "sam: request-access r2 t1 fabrikam"]


def test_a_difference_in_an_answer_is_told_by_asking(monkeypatch: pytest.MonkeyPatch):
    """The last step is the viewer's own, carried out in one story and refused in the other."""
    faults_in_rules.closing_is_refused_while_access_is_on(monkeypatch)
    report = check(Policy(), SMALL)
    ends = []
    for story in stories(report, PRIVACY):
        with played(story):
            ends.append((story.steps[-1].act, story.steps[-1].refused))
    assert ends == [("carla@contoso: close-ticket t1", None), ("carla@contoso: close-ticket t1", "wrong-status")]


def test_a_difference_in_the_audit_log_is_told_by_who_may_read_it(monkeypatch: pytest.MonkeyPatch):
    """The lines are in the words of the step, and on the screens."""
    faults_in_visibility.the_audit_log_forgets_what_was_removed(monkeypatch)
    report = check(Policy(), SMALL)
    both = screens(report, PRIVACY)
    assert [len(screen.audit_log) for screen in both] == [0, 2]
    assert [screen.found for screen in both] == [
        "nothing",
        "Request approved (r1, Adele Vance), Request created (r1, automated)",
    ]
    assert stories(report, PRIVACY)[0].steps[-1].say == "Sol, signed in to Contoso, looks at the audit log: nothing."


def test_a_story_with_somebody_who_reads_the_audit_log_says_what_is_logged():
    """After each step, in each of the two tenants whose log that person reads; and the room logs just that."""
    story = counterexample_story(Policy(), [], [Member("sol", "contoso"), Member("adele", "contoso")])
    add_step(story, OpenTicket("Help", engineer="sam"), Member("carla", "contoso"))
    add_step(story, RequestAccess("t1", "fabrikam"), Engineer("sam"))
    add_step(story, Approve("r1"), Member("adele", "contoso"))
    add_step(story, Revoke("r1"), Member("felix", "fabrikam"))
    told = story.scenario("Logged", "What is logged.", "the test")
    assert [step.audit_log["contoso"] for step in told.steps] == [(), ("Request created",), ("Request approved",), ()]
    assert [step.audit_log["fabrikam"] for step in told.steps] == [
        (),
        (),
        ("Approval approved",),
        ("Approval removed",),
    ]
    with played(told) as room:
        log = room.as_seen_by(room.member("sol", "contoso")).audit_log()
        assert list(log["activity"]) == ["Request approved", "Request created"]


def test_time_is_told_and_what_falls_due_with_it(monkeypatch: pytest.MonkeyPatch):
    """What expires in the story expires in the room."""
    faults_in_rules.closing_cancels_what_had_expired(monkeypatch)
    policy = Policy(pending_expires_after=timedelta(hours=4, minutes=1, seconds=30))
    (story,) = stories(check(policy, SMALL), FINALITY)
    assert "4 hours, 1 minute and 30 seconds pass. r1 is Expired now." in [step.say for step in story.steps]
    assert [list(step.expect["fabrikam"].values()) for step in story.steps[-3:]] == [
        ["Expired"],
        ["Canceled"],
        ["Canceled"],
    ]
    with Room.create(scenario=story) as room:
        assert not any(step.failures for step in room.play())


def test_a_story_is_a_file_that_the_check_command_plays(tmp_path, capsys):
    """As a trainer would keep it."""
    file = tmp_path / "leak.toml"
    file.write_text(stories(check(SHOWS_REMOVALS, SMALL), PRIVACY)[0].text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert "all as expected" in capsys.readouterr().out


def test_a_promise_that_holds_has_no_story():
    """Nor has one that there is not."""
    report = check(Policy(), SMALL)
    for tell in (stories, screens):
        with pytest.raises(ValueError, match="'Final is final' holds"):
            tell(report, "Final is final")
        with pytest.raises(KeyError, match="no promise is named"):
            tell(report, "Final")
    assert screens(report, DECIDABLE) == ()
