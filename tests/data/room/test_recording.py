"""A session is recorded as a scenario that replays it and expects what each party saw."""

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
    """Return the failures of reading and playing the file."""
    with Room.create(scenario=parse_scenario(recorded.scenario.text)) as room:
        return [failure for played in room.play() for failure in played.failures]


def happened(room: Room) -> list[tuple[object, ...]]:
    """Return the events since the story began, without ids, which differ in a recording."""
    log = room.events().iloc[room.opening :]
    log = log[~log["action"].isin(["clock", "step"])]
    columns = ["occurred_at", "action", "person", "signed_in_to", "engineer", "from_status", "to_status", "due_at"]
    columns += ["tenant", "title", "severity", "advanced_diagnostics", "assigned_engineer", "reason", "category"]
    return [tuple(map(str, row)) for row in log[[*columns, "note", "refusal"]].itertuples(index=False)]


@pytest.mark.slow
@settings(max_examples=10)
@given(POLICIES, st.lists(st.tuples(WAITS, ACTS), min_size=1, max_size=14))
def test_a_random_session_is_recorded_and_replayed(policy: Policy, session: list[tuple[timedelta, Act]]):
    """The same events happen at the same times, and every recorded expectation is met."""
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
            if not recorded.left_out:  # for an attempt to read what does not exist
                assert happened(again) == happened(room)
                assert seen_by_everybody(again) == seen_by_everybody(room)


def seen_by_everybody(room: Room) -> list[object]:
    """Return each member's number of access requests by status, and the lines of each audit log."""
    seen: list[object] = []
    for member in DIRECTORY.members():
        lens = room.as_seen_by(member)
        seen.append((member, sorted(lens.statuses().values()), [row["activity"] for row in lens.rows("audit_log")]))
    return seen


def test_a_session_by_hand_becomes_steps_with_expectations():
    """Names are t1 and r1; expectations cover lists, access and audit logs of both tenants."""
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


def test_a_storys_steps_keep_their_narration_even_if_they_took_another_course():
    """Ben approved by hand, so the story's own approval is refused, and recorded as such."""
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


def test_acts_on_background_traffic_are_left_out_and_counted():
    """A scenario cannot name generated tickets."""
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


def test_a_room_without_acts_cannot_be_recorded():
    """The error says so."""
    with Room.create(scenario="rejection") as room, pytest.raises(ValueError, match=re.escape("nothing was done")):
        record(room)
