"""Acts are undone and redone one by one: after a restart, in a copy, and whatever was done since."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data import Room, RoomUnavailable
from data.store import undone
from model import CloseTicket, Engineer, Member, OpenTicket, ReadDiagnostics, Refused, RequestAccess, Revoke
from tests.data.room.rooms import empty_room
from tests.story_ids import T1
from tests.worlds import ACTS, DIRECTORY, POLICIES, START, WAITS, Moved, PlainRoom, do_both, shown_to

BEN, FARAH, SAM = Member("ben", "contoso"), Member("farah", "fabrikam"), Engineer("sam")


def everything(room: Room) -> list[object]:
    """Return everything that every fourth member sees: all members would take long."""
    return [shown_to(room.as_seen_by(member), frames=False) for member in DIRECTORY.members()[::4]]


@pytest.fixture
def room() -> Room:
    """Return a room after three steps of a story: a ticket, an access request and its approval."""
    room = Room.create(scenario="removal-stays-private")
    while room.steps_done < 3:
        room.next_step()
    return room


def test_an_act_is_a_command_a_wait_or_a_step_with_all_its_consequences():
    """A closing includes what it ends, a wait what fell due, a step its wait; a refused attempt is an act, too."""
    room = Room.create(scenario="sandbox", policy={"pending_expires_after": "4 days"})
    ticket = room.do(OpenTicket("Fails"), BEN).ticket_id or ""
    for tenant in ("fabrikam", "tailspin"):
        room.do(RequestAccess(ticket, tenant, "Logs"), SAM)
    with pytest.raises(Refused):
        room.do(ReadDiagnostics(ticket, "fabrikam", "sign-in-logs"), SAM)
    room.advance(timedelta(days=5))
    room.do(RequestAccess(ticket, "fabrikam", "Logs"), SAM)
    room.do(CloseTicket(ticket), BEN)
    acts = room.acts()
    assert [act.action for act in acts] == ["open", "request", "request", "read", "clock", "request", "close"]
    assert [act.last - act.first + 1 for act in acts] == [1, 1, 1, 1, 3, 1, 2]
    assert [act.is_refused for act in acts] == [False, False, False, True, False, False, False]
    assert (acts[0].person, acts[0].tenant, acts[1].engineer) == ("ben", "contoso", "sam")
    assert acts[4].at == room.now == acts[-1].at


def test_the_acts_of_a_story_are_its_steps(room: Room):
    """Each step is one act, whatever it consists of; events before the story are none."""
    room.play()
    assert [act.step for act in room.acts()] == list(range(1, len(room.story.steps) + 1))
    busy = Room.create(scenario="busy-week")
    assert busy.seq > 1000 and busy.acts() == []
    assert busy.undo() is None and busy.back() is None and not busy.can_redo()


def test_undo_takes_back_act_after_act_and_redo_restores_each(room: Room):
    """Every table is then as it was."""
    logs = [room.events()]
    while room.undo():
        assert room.verify()
        logs.append(room.events())
    assert room.seq == room.opening and room.steps_done == 0 and room.now == room.story.starts
    assert [len(log) for log in logs] == sorted((len(log) for log in logs), reverse=True)
    for log in reversed(logs[:-1]):
        assert room.can_redo() and room.redo() and room.verify()
        pd.testing.assert_frame_equal(room.events(), log)
    assert not room.can_redo() and not room.redo()
    assert room.steps_done == 3 and room.next_step().number == 4


def test_undo_takes_back_a_whole_act(room: Room):
    """A closing is taken back together with the end of access."""
    before = room.events()
    room.do(CloseTicket(T1), BEN)
    assert room.overview().requests()["status"].tolist() == ["Completed"]
    assert room.undo().action == "close"
    pd.testing.assert_frame_equal(room.events(), before)
    assert room.overview().requests()["status"].tolist() == ["Approved"]


def test_undo_of_an_act_leaves_what_was_done_since(room: Room):
    """It takes back this act if it is the last one, and nothing otherwise."""
    shown = room.acts()[-1]
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    before = room.events()
    assert room.undo(shown) is None
    pd.testing.assert_frame_equal(room.events(), before)
    latest = room.acts()[-1]
    assert room.undo(latest) == latest and room.undo(shown) == shown


def test_back_returns_to_before_the_latest_step_and_redo_restores_it(room: Room):
    """Acts by hand since the step are taken back with it."""
    step, done = room.steps_done, room.events()
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    assert room.back() == step and room.steps_done == step - 1
    assert room.overview().requests()["status"].tolist() == ["Pending"]
    assert room.redo()
    pd.testing.assert_frame_equal(room.events().iloc[:-1], done)
    assert room.overview().requests()["status"].tolist() == ["Revoked"]


def test_redo_keeps_what_was_done_since(room: Room):
    """The two histories are swapped, any number of times, and neither is lost."""
    whole = room.events()
    room.start_over()
    room.do(OpenTicket("Another beginning"), BEN)
    other = room.events()
    assert not room.can_redo() and room.can_swap()
    for expected in (whole, other, whole):
        assert room.redo() and room.verify()
        pd.testing.assert_frame_equal(room.events(), expected)


def test_undone_acts_survive_a_restart_and_are_in_a_copy(tmp_path: Path):
    """They are in the room's file."""
    with Room.create(tmp_path / "a.duckdb", "removal-stays-private") as room:
        room.play()
        whole = room.events()
        room.start_over()
    with Room.open(tmp_path / "a.duckdb") as room:
        room.snapshot(tmp_path / "b.duckdb")
    for name in ("a", "b"):
        with Room.open(tmp_path / f"{name}.duckdb") as room:
            assert room.seq == room.opening and room.redo() and room.verify()
            pd.testing.assert_frame_equal(room.events(), whole)


def test_a_limited_number_of_undone_acts_is_kept(monkeypatch: pytest.MonkeyPatch):
    """The latest ones are kept."""
    monkeypatch.setattr(undone, "MOST_KEPT", 3)
    room = Room.create(scenario="sandbox")
    for n in range(5):
        room.do(OpenTicket(f"Ticket {n}"), BEN)
    while room.undo():
        pass
    while room.redo():
        pass
    assert sorted(room.overview().tickets()["title"]) == ["Ticket 0", "Ticket 1", "Ticket 2"]


@pytest.mark.parametrize("how", ["undo", "back", "start_over", "redo"])
def test_an_undo_that_cannot_be_written_leaves_the_room_unchanged(
    room: Room, how: str, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is half undone, and the next attempt works."""
    room.undo()
    before = room.events()

    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("data.store.log.rebuild", full)
        with pytest.raises(RoomUnavailable, match="the disk is full"):
            getattr(room, how)()
    pd.testing.assert_frame_equal(room.events(), before)
    assert room.verify() and room.steps_done == 2
    getattr(room, how)()
    assert len(room.events()) != len(before)


def test_after_an_undo_the_same_act_makes_the_same_ids(room: Room):
    """No id reveals that something was undone."""
    first = room.do(OpenTicket("One"), BEN).ticket_id
    room.undo()
    assert room.do(OpenTicket("Another"), BEN).ticket_id == first


@pytest.mark.slow
@examples(max_examples=4)
@given(policy=POLICIES, acts=st.lists(st.one_of(ACTS, WAITS), min_size=4, max_size=10), undone=st.integers(1, 4))
def test_undo_and_redo_are_exact_for_any_history(policy, acts, undone):
    """Under any policy, everybody sees after an undo exactly what they saw before the act."""
    room, plain = empty_room(policy=policy), PlainRoom(policy, [Moved(START)])
    shown = [(room.events(), everything(room))]
    for act in acts:
        before = room.seq
        if isinstance(act, timedelta):
            room.advance(act)
            plain.advance(act)
        else:
            do_both(room, plain, *plain.chosen(act))
        if room.seq > before:
            shown.append((room.events(), everything(room)))
    assert len(room.acts()) == len(shown) - 1
    steps = list(range(len(shown) - 2, max(-1, len(shown) - 2 - undone), -1))
    for then, n in [*((room.undo, n) for n in steps), *((room.redo, n + 1) for n in reversed(steps))]:
        assert then()
        pd.testing.assert_frame_equal(room.events(), shown[n][0])
        assert everything(room) == shown[n][1]
    assert room.verify()
