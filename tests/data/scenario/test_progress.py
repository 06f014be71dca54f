"""A story's progress: acts by hand count as steps, and whose turn it is reveals no removal."""

from datetime import timedelta
from pathlib import Path

import pytest

from data import Room, scenarios
from data.room.recording import record
from data.scenario.progress import Progress
from data.scenario.reader import parse_scenario
from model import (
    Actor,
    Approve,
    CloseTicket,
    Command,
    Engineer,
    Member,
    OpenTicket,
    ReadDiagnostics,
    RequestAccess,
    Revoke,
)

BEN, SAM = Member("ben", "contoso"), Engineer("sam")
ADELE, FARAH = Member("adele", "fabrikam"), Member("farah", "fabrikam")
HOUR = timedelta(hours=1)

STORY = """
title = "A removal in the middle"
summary = "Somebody else acts before and after it."
starts = 2026-03-02T09:00:00
[tenants]
contoso = "Contoso"
fabrikam = "Fabrikam"
[engineers]
sam = "Sam Rivera"
[people.adele]
name = "Adele Vance"
roles = { contoso = ["Global Administrator"], fabrikam = ["Global Administrator"] }
[people.ben]
name = "Ben King"
roles = { contoso = ["Global Administrator"] }
[people.farah]
name = "Farah Osei"
roles = { fabrikam = ["Global Administrator"] }
[[steps]]
by = "ben@contoso"
do = "open-ticket"
ticket = "t1"
title = "One"
[[steps]]
by = "sam"
do = "request-access"
ticket = "t1"
request = "r1"
resource_tenant = "fabrikam"
reason = "Logs"
[[steps]]
by = "adele@fabrikam"
do = "approve"
request = "r1"
[[steps]]
say = "Farah removes it."
wait = "2 hours"
by = "farah@fabrikam"
do = "revoke"
request = "r1"
expect = { contoso = { r1 = "not visible" }, fabrikam = { r1 = "Revoked" } }
[[steps]]
by = "sam"
do = "read-diagnostics"
ticket = "t1"
tenant = "fabrikam"
category = "sign-in-logs"
refused = "no-access"
[[steps]]
by = "ben@contoso"
do = "close-ticket"
ticket = "t1"
expect = { fabrikam = { r1 = "Revoked" } }
access = { fabrikam = false }
"""


@pytest.fixture
def room(tmp_path: Path) -> Room:
    (tmp_path / "story.toml").write_text(STORY)
    return Room.create(scenario=tmp_path / "story.toml")


def by_hand(room: Room) -> tuple[str, str]:
    """Do the story's first three steps by hand, and return the ids."""
    ticket = room.do(OpenTicket("Told in other words"), BEN).ticket_id or ""
    request = room.do(RequestAccess(ticket, "fabrikam", "Other words"), SAM).request_id or ""
    room.do(Approve(request), Member("adele", "contoso"))
    return ticket, request


def test_acts_by_hand_count_as_the_storys_steps(room: Room):
    """Titles may differ; the story continues from there, and its expectations are met."""
    ticket, _ = by_hand(room)
    assert room.steps_done == 3 and room.acts_by_hand() == 0 and ticket != "t1"
    assert [played.failures for played in room.play()] == [(), (), ()]
    assert room.steps_done == 6 and room.verify()


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_every_shipped_story_can_be_played_by_hand_except_refused_steps(name: str):
    """Only the story moves the clock and does the refused steps."""
    story = scenarios()[name]
    room, told = Room.create(scenario=story), Room.create(scenario=story)
    for step in story.steps:
        told.next_step()
        if step.command is None or step.by is None or step.refused:
            assert room.next_step().failures == ()
            continue
        if step.wait:
            room.advance(step.wait)
        room.do(room.progress.in_this_room(step.command), step.by)
    assert room.steps_done == told.steps_done == len(story.steps) and room.now == told.now
    assert room.acts_by_hand() == 0
    assert sorted(room.overview().requests()["status"]) == sorted(told.overview().requests()["status"])


def test_recognised_steps_survive_reopening_and_undo(room: Room, tmp_path: Path):
    """So do the ids behind the story's names."""
    by_hand(room)
    room.next_step()
    room.snapshot(tmp_path / "copy.duckdb")
    with Room.open(tmp_path / "copy.duckdb") as copy:
        assert copy.progress == room.progress and copy.steps_done == 4
        copy.undo()
        assert copy.steps_done == 3 and copy.next_step().failures == ()
        assert copy.at(copy.opening + 2).steps_done == 2
        assert [played.failures for played in copy.play()] == [(), ()]


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (OpenTicket("One"), Member("adele", "contoso")),
        (OpenTicket("One", advanced_diagnostics=False), BEN),
        (OpenTicket("One"), Member("adele", "fabrikam")),
    ],
)
def test_an_act_that_is_not_in_the_story_is_no_step(room: Room, command: Command, actor: Actor):
    room.do(command, actor)
    assert room.steps_done == 0 and room.acts_by_hand() == 1


def test_a_removal_by_another_person_than_in_the_story_is_no_step(room: Room):
    _, request = by_hand(room)
    room.do(Revoke(request), ADELE)
    assert room.steps_done == 3 and room.acts_by_hand() == 1


def test_a_step_done_before_a_hidden_one_is_not_requested_again(room: Room):
    """Ben closes before Farah removes, as nobody may tell him to wait; the removal is then too late."""
    ticket, _ = by_hand(room)
    room.advance(2 * HOUR)
    room.do(CloseTicket(ticket), BEN)
    assert room.steps_done == 3 and set(room.progress.done) == {1, 2, 3, 6}
    assert room.next_step().number == 4
    assert room.steps_done == 6 and room.next_step() is None


def turns(room: Room) -> dict[str, str]:
    """Return whose turn it is, and their task."""
    everybody: list[Actor] = [BEN, Member("adele", "contoso"), ADELE, FARAH, SAM]
    return {str(actor): step.act for actor in everybody if (step := room.turn_of(actor))}


def test_it_is_the_turn_of_the_next_steps_actor_only(room: Room):
    assert turns(room) == {str(BEN): "ben@contoso: open-ticket t1"}
    room.next_step()
    assert list(turns(room)) == [str(SAM)]
    room.next_step()
    assert list(turns(room)) == [str(ADELE)]
    room.next_step()
    assert turns(room) == {str(FARAH): "farah@fabrikam: revoke r1"}
    room.next_step()
    assert turns(room) == {str(BEN): "ben@contoso: close-ticket t1"}


def test_a_turn_reveals_no_removal_to_contoso(room: Room, tmp_path: Path):
    """Ben's turn is the same at each moment, whoever removes access or nobody."""
    by_hand(room)
    seen = []
    for name in ("story", "hand", "other", "none"):
        room.snapshot(tmp_path / f"{name}.duckdb")
        with Room.open(tmp_path / f"{name}.duckdb") as one:
            request = str(one.overview().requests()["request_id"].iloc[0])
            moments = [one.turn_of(BEN)]
            if name == "story":
                one.next_step()
            else:
                one.advance(2 * HOUR)
            if name in ("hand", "other"):
                one.do(Revoke(request), FARAH if name == "hand" else ADELE)
            moments.append(one.turn_of(BEN))
            one.advance(HOUR)
            moments.append(one.turn_of(BEN))
            moments.append(one.turn_of(BEN, one.seq))
            seen.append(moments)
    assert seen[1:] == seen[:-1]
    assert [step and step.act for step in seen[0]] == [None, *["ben@contoso: close-ticket t1"] * 3]


def test_a_storys_ticket_has_the_same_15_digits_in_each_room_of_a_seed_and_others_in_another():
    """It is the same if the ticket is opened by hand, so the id does not reveal who opened it."""
    ids = []
    for seed, by_hand in ((1, False), (1, False), (1, True), (2, False)):
        with Room.create(scenario=parse_scenario(STORY), seed=seed) as one:
            if by_hand:
                one.do(OpenTicket("Mine"), BEN)
            else:
                one.next_step()
            ids += one.as_seen_by(BEN).tickets()["ticket_id"].tolist()
            assert one.progress.id_of("t1") == ids[-1] and one.verify()
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert all(len(each) == 15 and each.isdigit() for each in ids)


def test_a_story_that_was_left_has_no_next_step_until_leaving_is_undone(room: Room):
    room.next_step()
    room.leave_story()
    assert room.next_step() is None and turns(room) == {} and room.steps_done == 1 and room.verify()
    room.do(RequestAccess(room.progress.id_of("t1"), "fabrikam", "Logs"), SAM)
    assert room.steps_done == 1 and room.acts_by_hand() == 1
    room.undo()
    assert room.progress.is_left
    room.undo()
    assert room.next_step().number == 2


def test_a_new_progress_is_at_the_beginning():
    story = scenarios()["busy-week"]
    progress = Progress(story)
    assert (progress.steps_done, progress.is_left, progress.next_of(BEN)) == (0, False, 1)
    assert progress.done_by(ReadDiagnostics("t1", "fabrikam"), SAM) is None


def test_a_story_played_by_hand_and_left_can_be_recorded(room: Room):
    """An act by hand that counted as a step has the story's name in the recording, and its real actor."""
    ticket, request = by_hand(room)
    room.leave_story()
    room.do(Revoke(request), ADELE)
    room.do(CloseTicket(ticket), BEN)
    recorded = record(room).scenario
    assert [step.act for step in recorded.steps] == [
        "ben@contoso: open-ticket t1",
        "sam: request-access r1 t1 fabrikam",
        "adele@contoso: approve r1",
        "adele@fabrikam: revoke r1",
        "ben@contoso: close-ticket t1",
    ]
    assert [failure for played in Room.create(scenario=recorded).play() for failure in played.failures] == []


def test_the_result_of_an_act_by_hand_reveals_no_removal(tmp_path: Path):
    """Ben's ticket has the same id and engineer whether or not the story's earlier removal was done."""
    room = Room.create(scenario="busy-week")
    for _ in range(9):
        room.next_step()
    made = []
    for removed in (True, False):
        room.snapshot(tmp_path / "one.duckdb")
        with Room.open(tmp_path / "one.duckdb") as one:
            if removed:
                assert [one.next_step().number, one.next_step().number] == [10, 11]
            else:
                one.advance(22 * HOUR)
            done = one.do(OpenTicket("Guests are asked twice"), BEN)
            lens = one.as_seen_by(BEN)
            made.append((done, *(lens.rows(name) for name in ("tickets", "listed", "audit_log"))))
            assert one.steps_done == (12 if removed else 9) and 12 in one.progress.done
    assert made[0] == made[1]
    assert made[0][1][0]["engineer"] == "Noor Haddad"
