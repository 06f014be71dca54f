"""The record of a case: what it says that each side saw is what the tenants' own lenses say, now and before."""

from datetime import datetime, timedelta

import pytest

from data import Room, scenarios
from data.lens.case_record import CaseRecord, _latest_change
from model import (
    SOURCE_VISIBILITY,
    Approve,
    CloseTicket,
    Engineer,
    HistoryFrom,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from tests.story_ids import T1
from tests.worlds import DIRECTORY, START

SIDES = {Side.SUPPORT: "support_request_tenant", Side.RESOURCE: "resource_tenant"}
DAY = timedelta(days=1)


def record_of(room: Room, ticket: str = T1) -> CaseRecord:
    return room.overview().case_record(ticket)


def assert_it_is_what_the_lenses_say(room: Room, ticket: str, before: int | None = None) -> None:
    """Of the ticket's access requests, on each side; `before`: as they were after that line of the log."""
    record = record_of(room, ticket)
    for row in room.overview().rows("all_requests"):
        if row["ticket_id"] == ticket:
            for side, tenant in SIDES.items():
                for member in room.directory.administrators(row[tenant])[:1]:
                    seen = room.as_seen_by(member, before).statuses().get(row["request_id"])
                    assert record.seen(side, before=before is not None).get(row["request_id"]) == seen


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios())
def test_what_a_side_saw_before_a_step_and_after_it_is_what_its_lens_says(name: str):
    """Of every ticket of the story, after each of its steps; and whether the engineer may read the resource tenant."""
    with Room.create(scenario=name) as room:
        for _ in room.story.steps:
            before = room.seq
            room.next_step()
            for ticket in [row["ticket_id"] for row in room.overview().rows("all_tickets")][:6]:
                assert_it_is_what_the_lenses_say(room, ticket)
                assert_it_is_what_the_lenses_say(room, ticket, before)
                record = record_of(room, ticket)
                for tenant in record.requests.values():
                    (case,) = (row for row in room.overview().rows("all_tickets") if row["ticket_id"] == ticket)
                    reading = ReadDiagnostics(ticket, tenant)
                    refusal = room.would_be_refused(reading, Engineer(case["engineer_id"]))
                    assert record.is_readable(tenant) == (refusal is None)


def test_an_act_by_hand_is_the_latest_change():
    """So is what the clock brings, with all that fell due on the way; a ticket's closing ends its access with it."""
    with Room.create(scenario="expiry-and-lapse") as room:
        room.next_step(), room.next_step()
        adele, sam = room.member("adele", "fabrikam"), room.engineer("sam")
        record = record_of(room)
        assert (record.status_before("r1"), record.latest("r1")["status"]) == (None, Status.PENDING)
        room.do(Approve("r1"), adele)
        record = record_of(room)
        assert (record.status_before("r1"), record.latest("r1")["status"]) == (Status.PENDING, Status.APPROVED)
        assert record.is_readable("fabrikam") and not record.is_readable("fabrikam", before=True)
        assert not record.is_readable("contoso")
        assert (record.seen(Side.RESOURCE), record.seen(Side.SUPPORT)) == ({"r1": "Approved"}, {})
        assert record.seen(Side.RESOURCE, before=True) == record.seen(Side.SUPPORT, before=True) == {"r1": "Pending"}
        room.advance(DAY)
        record = record_of(room)
        assert record.is_readable("fabrikam", before=True) and not record.is_readable("fabrikam")
        assert (record.status_before("r1"), record.latest("r1")["status"]) == (Status.APPROVED, Status.COMPLETED)
        room.advance(timedelta(hours=1))
        assert record_of(room).status_before("r1") == Status.COMPLETED
        room.do(CloseTicket(T1), sam)
        record = record_of(room)
        assert record.is_open(before=True) and not record.is_open()
    with Room.create(scenario="cross-tenant-approval") as room:
        for _ in range(3):
            room.next_step()
        room.do(CloseTicket(T1), room.engineer("sam"))
        record = record_of(room)
        assert (record.status_before("r1"), record.latest("r1")["status"]) == (Status.APPROVED, Status.COMPLETED)
        assert record.is_open(before=True)


def test_of_what_was_there_before_the_story_nothing_has_changed():
    """However it ended; an act of the story's own changes one ticket and no other."""
    with Room.create(scenario="busy-week") as room:
        tickets = [row["ticket_id"] for row in room.overview().rows("all_tickets")[:40]]
        for ticket in tickets:
            record = record_of(room, ticket)
            assert all(record.seen(side) == record.seen(side, before=True) for side in Side)


def test_what_a_side_saw_ends_where_it_left_the_history_or_the_side_lost_sight_of_it():
    """The support request tenant sees nothing from the approval on, the resource tenant a removal for 30 days."""
    with Room.create(scenario="removal-stays-private") as room:
        room.next_step(), room.next_step()
        adele, asked = room.member("adele", "fabrikam"), room.now
        room.advance(DAY)
        room.do(Approve("r1"), adele)
        room.advance(DAY)
        room.do(Revoke("r1"), adele)
        room.advance(10 * DAY)
        times = [
            [(span.status, span.begins - asked, span.ends and span.ends - asked) for span in spans]
            for record in [record_of(room)]
            for spans in (record.spans_seen(Side.SUPPORT), record.spans_seen(Side.RESOURCE), record.spans_of_access())
        ]
        none = timedelta(0)
        assert times[0] == [("Pending", none, DAY)]
        assert times[1] == [("Pending", none, DAY), ("Approved", DAY, 2 * DAY), ("Revoked", 2 * DAY, None)]
        assert times[2] == [("Approved", DAY, 2 * DAY)]
        room.advance(20 * DAY)
        assert record_of(room).spans_seen(Side.RESOURCE)[-1].ends == asked + 32 * DAY
        assert record_of(room).seen(Side.RESOURCE) == {}
        assert record_of(room).seen(Side.RESOURCE, before=True) == {"r1": "Revoked"}


def test_the_last_that_a_side_saw_of_a_request_is_told():
    """The support request tenant saw it pending, the resource tenant saw the removal; of another there is nothing."""
    with Room.create(scenario="removal-stays-private") as room:
        room.next_step(), room.next_step()
        adele = room.member("adele", "fabrikam")
        room.do(Approve("r1"), adele), room.do(Revoke("r1"), adele)
        record = record_of(room)
        last = [record.last_seen("r1", side) for side in (Side.SUPPORT, Side.RESOURCE)]
        assert [line and line["status"] for line in last] == ["Pending", "Revoked"]
        assert record.last_seen("r2", Side.RESOURCE) is None


def test_what_was_seen_for_no_time_is_no_span():
    """A request that was approved at the moment at which it was made never waited."""
    with Room.create(scenario="removal-stays-private") as room:
        room.next_step(), room.next_step()
        room.do(Approve("r1"), room.member("adele", "fabrikam"))
        room.advance(DAY)
        record = record_of(room)
        assert record.spans_seen(Side.SUPPORT) == []
        assert [span.status for span in record.spans_seen(Side.RESOURCE)] == ["Approved"]


def test_before_the_first_step_the_latest_act_by_hand_is_the_latest_change():
    """As it is after one."""
    with Room.create(scenario="removal-stays-private") as room:
        adele = room.member("adele", "contoso")
        ticket = room.do(OpenTicket("By hand"), adele).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam"), room.engineer("sam")).request_id or ""
        room.do(Approve(request), room.member("adele", "fabrikam"))
        record = record_of(room, ticket)
        assert (record.status_before(request), record.latest(request)["status"]) == ("Pending", "Approved")


def test_the_log_of_a_case_has_its_own_lines_and_those_of_the_clock_and_the_steps():
    """From the line on after which the story began; what other tickets have is not among them."""
    with Room.create(scenario="busy-week") as room:
        opening = room.seq
        room.next_step(), room.next_step()
        other = room.do(OpenTicket("By hand"), room.member("adele", "contoso")).ticket_id or ""
        rows = room.overview().rows("case_log", ticket_id=room.progress.id_of("t1"))
        assert [(row["seq"] - opening, row["action"], row["who"], row["step"], row["in_story"]) for row in rows] == [
            (0, "clock", None, None, False),
            (1, "open", "Ben King", 1, True),
            (2, "step", None, 1, True),
            (3, "clock", None, 2, True),
            (4, "request", "Sam Rivera", 2, True),
            (5, "step", None, 2, True),
        ]
        assert {row["now"] for row in rows} == {room.now}
        (opened,) = (row for row in room.overview().rows("case_log", ticket_id=other) if row["action"] == "open")
        assert (opened["seq"] - opening, opened["tenant"], opened["until"]) == (6, "contoso", None)


@pytest.mark.parametrize(("counted_from", "leaves"), [("last change", (1, 6)), ("created", (0, 4))])
def test_the_log_of_a_case_says_who_sees_a_status_until_when_and_when_it_leaves_the_list(
    counted_from: str, leaves: tuple[int, int]
):
    """Counted from the last change or from the request; what waits and what is live stays."""
    hidden = {(Status.PENDING, Side.RESOURCE), (Status.REVOKED, Side.RESOURCE)}
    policy = Policy(history_days=3, history_from=HistoryFrom(counted_from), visibility=SOURCE_VISIBILITY - hidden)
    room = Room.create(scenario=None, policy=policy, directory=DIRECTORY)
    kim, ann = room.engineer("kim"), room.member("ann", "north")
    ticket = room.do(OpenTicket("Fails", engineer="kim"), ann).ticket_id or ""
    rejected = room.do(RequestAccess(ticket, "south"), kim).request_id or ""
    room.advance(DAY)
    room.do(Reject(rejected), ann)
    removed = room.do(RequestAccess(ticket, "south"), kim).request_id or ""
    room.advance(DAY)
    room.do(Approve(removed), ann)
    room.advance(DAY)
    room.do(Revoke(removed), room.member("ann", "south"))
    room.do(ReadDiagnostics(ticket, "north", "audit-logs"), kim)

    def days(moment: datetime | None) -> int | None:
        return None if moment is None else (moment - START) // DAY

    rows = [row for row in room.overview().rows("case_log", ticket_id=ticket) if row["status"]]
    sees = [(row["status"], row["support_sees"], row["resource_sees"]) for row in rows]
    assert sees == [
        ("Pending", True, False),
        ("Rejected", True, True),
        ("Pending", True, False),
        ("Approved", False, True),
        ("Revoked", False, False),
    ]
    assert [days(row["until"]) for row in rows] == [1, None, 2, 3, None]
    assert [days(row["leaves_at"]) for row in rows] == [None, leaves[0] + 3, None, None, leaves[1]]
    assert [row["who"] for row in rows] == ["Kim Akers", "Ann Example", "Kim Akers", "Ann Example", "Ann Example"]
    (read,) = (row for row in room.overview().rows("case_log", ticket_id=ticket) if row["action"] == "read")
    assert (read["tenant"], read["category"], read["refusal"], read["who"]) == (
        "north",
        "audit-logs",
        None,
        "Kim Akers",
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["expiry-and-lapse", "thirty-days", "both-tenants-two-keys"])
def test_what_falls_due_next_for_the_trainer_is_the_first_that_falls_due_for_anybody(name: str):
    """At every step: what a member's button says is never before the trainer's."""
    with Room.create(scenario=name) as room:
        found = 0
        for _ in room.story.steps:
            room.next_step()
            due = [room.as_seen_by(member).next_due() for member in room.directory.members()]
            due += [row["due_at"] for row in room.overview().rows("all_requests")]
            assert room.overview().next_due() == min((at for at in due if at), default=None)
            found += any(due)
        assert found


def lines_of(*told: tuple[str, int | None, str | None]) -> list[dict[str, object]]:
    """Return lines of a log, numbered from 1: the action, the step that it belongs to, and who acted."""
    return [
        {"seq": seq, "action": action, "step": step, "who": who, "in_story": True}
        for seq, (action, step, who) in enumerate(told, 1)
    ]


STEPS = lines_of(
    *(("open", 1, "Ann"), ("request", 2, "Sam"), ("approve", 2, "Ann"), ("read", 2, "Sam")),
    *(("read", None, "Sam"), ("read", None, "Sam"), ("expire", None, None), ("lapse", None, None)),
    *(("clock", None, None), ("read", None, "Sam"), ("close", None, "Ann"), ("complete", None, None)),
    ("cancel", None, None),
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(1, 1), (4, 2), (5, 5), (6, 6), (9, 7), (10, 10), (13, 11)],
    ids=["a step", "all of a step", "an act", "the later act", "what fell due", "an act after it", "a closing"],
)
def test_the_latest_change_begins_where_the_latest_step_or_act_began(lines: int, expected: int):
    """Whatever else was done before."""
    assert _latest_change(STEPS[:lines]) == expected


def test_the_latest_change_of_what_happened_by_itself():
    """From its first line on, if nobody did anything before; without a story nothing changed."""
    by_itself = lines_of(("complete", None, None), ("cancel", None, None))
    assert _latest_change(by_itself) == 1
    assert _latest_change(lines_of(("expire", None, None), ("clock", None, None))) == 1
    assert _latest_change([{**line, "in_story": False} for line in STEPS]) == 2**63 - 1
