"""Every broken promise becomes a story that can be played and seen in a room."""

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
    """Play the story, whose expectations must be met, and return its room."""
    room = Room.create(scenario=story)
    assert [step.failures for step in room.play() if step.failures] == []
    assert room.verify()
    return room


@pytest.mark.slow
def test_every_counterexample_of_any_policy_meets_its_expectations(announce: Callable[[str], None]):
    """Random policies, mostly odd or leaky, are tried: each story plays in a room under that policy."""
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
def test_the_two_screens_are_those_of_rooms_at_the_end_of_the_two_stories(policy: Policy):
    """They are equal frame by frame, and differ in the reported first difference."""
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
    """Here nobody who sees a live grant can remove it: everybody tries, and the engineer can still read."""
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


def test_a_finding_has_its_condition_and_people_who_meet_it():
    """If the condition is that nobody administers both tenants, nobody in the story does."""
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


def test_a_difference_in_an_answer_is_shown_by_a_command(monkeypatch: pytest.MonkeyPatch):
    """The last step is the viewer's, carried out in one story and refused in the other."""
    faults_in_rules.closing_is_refused_while_access_is_on(monkeypatch)
    report = check(Policy(), SMALL)
    ends = []
    for story in stories(report, PRIVACY):
        with played(story):
            ends.append((story.steps[-1].act, story.steps[-1].refused))
    assert ends == [("carla@contoso: close-ticket t1", None), ("carla@contoso: close-ticket t1", "wrong-status")]


def test_a_difference_in_the_audit_log_is_shown_by_a_reader(monkeypatch: pytest.MonkeyPatch):
    """The entries are quoted in the step, and on the screens."""
    faults_in_visibility.the_audit_log_forgets_what_was_removed(monkeypatch)
    report = check(Policy(), SMALL)
    both = screens(report, PRIVACY)
    assert [len(screen.audit_log) for screen in both] == [0, 2]
    assert [screen.found for screen in both] == [
        "nothing",
        "Request approved (r1, Adele Vance), Request created (r1, automated)",
    ]
    assert stories(report, PRIVACY)[0].steps[-1].say == "Sol, signed in to Contoso, looks at the audit log: nothing."


def test_a_story_with_a_reader_of_the_audit_log_states_its_entries():
    """Each step states the entries of each log that the person can read, and the room logs exactly those."""
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


def test_waits_are_steps_and_limits_take_effect(monkeypatch: pytest.MonkeyPatch):
    """Requests that expire in the story expire in the room."""
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
    """A trainer can keep it."""
    file = tmp_path / "leak.toml"
    file.write_text(stories(check(SHOWS_REMOVALS, SMALL), PRIVACY)[0].text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert "all as expected" in capsys.readouterr().out


def test_a_promise_that_holds_has_no_story():
    """Neither has an unknown promise."""
    report = check(Policy(), SMALL)
    for tell in (stories, screens):
        with pytest.raises(ValueError, match="'Final is final' holds"):
            tell(report, "Final is final")
        with pytest.raises(KeyError, match="no promise is named"):
            tell(report, "Final")
    assert screens(report, DECIDABLE) == ()
