"""A session is recorded as a scenario, which plays it again and finds what each party saw."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import Room, scenarios
from data.room.recording import Recording, record
from data.scenario.reader import parse_scenario
from model import (
    Approve,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from tests.data.room.rooms import empty_room
from tests.worlds import ACTS, DIRECTORY, POLICIES, START, Act, Moved, PlainRoom, do_both

WAITS = st.sampled_from([timedelta(0), *(timedelta(seconds=n) for n in (1, 86_399, 28_800, 345_600, 2_592_000))])


def failures(recorded: Recording) -> list[str]:
    """What fails when the file is read and played."""
    with Room.create(scenario=parse_scenario(recorded.scenario.text)) as room:
        return [failure for played in room.play() for failure in played.failures]


def happened(room: Room) -> list[tuple[object, ...]]:
    """What happened since the story began, without ids: in a recording they have other names."""
    log = room.events().iloc[room.opening :]
    log = log[~log["action"].isin(["clock", "step"])]
    columns = ["occurred_at", "action", "person", "signed_in_to", "engineer", "from_status", "to_status", "due_at"]
    columns += ["tenant", "title", "severity", "advanced_diagnostics", "assigned_engineer", "reason", "category"]
    return [tuple(map(str, row)) for row in log[[*columns, "note", "refusal"]].itertuples(index=False)]


@pytest.mark.slow
@settings(max_examples=10)
@given(POLICIES, st.lists(st.tuples(WAITS, ACTS), min_size=1, max_size=14))
def test_a_random_session_is_recorded_and_played_again(policy: Policy, session: list[tuple[timedelta, Act]]):
    """The same happens at the same times, and every expectation that was written down is met."""
    with empty_room(policy=policy) as room:
        plain = PlainRoom(policy, [Moved(START)])
        for wait, act in session:
            room.advance(wait)
            plain.advance(wait)
            do_both(room, plain, *plain.chosen(act))
        if all(act.action == "clock" for act in room.acts()):
            return
        recorded = record(room)
        assert recorded.scenario.policy == policy
        with Room.create(scenario=recorded.scenario) as again:
            assert [failure for played in again.play() for failure in played.failures] == []
            if not recorded.left_out:  # of a try to read what does not exist
                assert happened(again) == happened(room)
                assert seen_by_everybody(again) == seen_by_everybody(room)


def seen_by_everybody(room: Room) -> list[object]:
    """How many access requests each member finds in which status, and the lines of each audit log."""
    seen: list[object] = []
    for member in DIRECTORY.members():
        lens = room.as_seen_by(member)
        seen.append((member, sorted(lens.statuses().values()), [row["activity"] for row in lens.rows("audit_log")]))
    return seen


def test_a_session_by_hand_becomes_steps_with_what_each_party_saw():
    """Names are t1 and r1; lists, accesses and audit logs of both tenants are expectations."""
    with Room.create(scenario=None) as room:
        ben, farah, adele = (
            room.member(*who) for who in (("ben", "contoso"), ("farah", "fabrikam"), ("adele", "fabrikam"))
        )
        ticket = room.do(OpenTicket("Sign-ins fail", "A"), ben).ticket_id
        assert ticket
        engineer = room.engineer("sam")
        request = room.do(RequestAccess(ticket, "fabrikam", "The sign-in logs"), engineer).request_id
        assert request
        room.do(Approve(request), adele)
        room.advance(timedelta(hours=3))
        with pytest.raises(Refused):
            room.do(WriteDiagnostics(ticket, "fabrikam"), engineer)
        room.do(Revoke(request), farah)
        with pytest.raises(Refused):
            room.do(ReadDiagnostics(ticket, "fabrikam"), engineer)
        recorded = record(room)
    steps = recorded.scenario.steps
    assert [step.act.partition(": ")[2] for step in steps] == [
        *("open-ticket t1", "request-access r1 t1 fabrikam", "approve r1", ""),
        *("write-diagnostics t1 fabrikam", "revoke r1", "read-diagnostics t1 fabrikam"),
    ]
    assert recorded.left_out == 0
    assert steps[2].expect == {"contoso": {"r1": "not visible"}, "fabrikam": {"r1": "Approved"}}
    assert steps[3].wait == timedelta(hours=3)
    assert steps[5].access["fabrikam"] is False and steps[5].audit_log["fabrikam"] == ("Approval removed",)
    assert [step.refused for step in steps[4:]] == ["read-only", None, "no-access"]
    assert failures(recorded) == []


def test_a_storys_steps_keep_their_words_also_if_they_went_another_way():
    """Ben approved by hand: the story's own approval is then refused, and recorded so."""
    story = scenarios()["rejection"]
    with Room.create(scenario="rejection") as room:
        room.next_step()
        room.next_step()
        room.do(Approve("r1"), room.member("adele", "contoso"))
        while room.next_step():
            pass
        recorded = record(room)
    assert recorded.scenario.steps[2].act == "adele@contoso: approve r1"
    assert [step.say for step in recorded.scenario.steps if step.say] == [step.say.strip() for step in story.steps]
    assert str(recorded.scenario.steps[3].refused) == "wrong-status"
    assert failures(recorded) == []


def test_what_is_about_the_traffic_around_a_story_is_left_out_and_counted():
    """A scenario cannot name what is made by chance."""
    with Room.create(scenario="busy-week") as room:
        overview = room.overview().requests()
        waiting = overview[overview["status"] == "Approved"].iloc[0]
        admin = room.directory.administrators(waiting["resource_tenant"])[0]
        room.do(Revoke(waiting["request_id"]), admin)
        room.next_step()
        recorded = record(room)
        assert recorded.left_out == 1 and len(recorded.scenario.steps) == 1
        assert recorded.scenario.background == room.story.background
    assert failures(recorded) == []


def test_a_room_in_which_nothing_was_done_cannot_be_recorded():
    """And says so."""
    with Room.create(scenario="rejection") as room, pytest.raises(ValueError, match=re.escape("nothing was done")):
        record(room)
