"""A case record shows for each side what the tenants' own lenses show, now and earlier."""

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
    """Compare the ticket's access requests with each side's lens; `before`: as of that line of the log."""
    record = record_of(room, ticket)
    for row in room.overview().rows("all_requests"):
        if row["ticket_id"] == ticket:
            for side, tenant in SIDES.items():
                for member in room.directory.administrators(row[tenant])[:1]:
                    seen = room.as_seen_by(member, before).statuses().get(row["request_id"])
                    assert record.seen(side, before=before is not None).get(row["request_id"]) == seen


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios())
def test_each_sides_view_before_and_after_a_step_agrees_with_its_lens(name: str):
    """Checked for every ticket after each step of the story, with the engineer's access to the resource tenant."""
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
    """So is a move of the clock with all that fell due, and a closing with the access that it ended."""
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


def test_a_story_step_leaves_earlier_tickets_unchanged():
    """This holds however they ended: a step of the story changes one ticket only."""
    with Room.create(scenario="busy-week") as room:
        tickets = [row["ticket_id"] for row in room.overview().rows("all_tickets")[:40]]
        for ticket in tickets:
            record = record_of(room, ticket)
            assert all(record.seen(side) == record.seen(side, before=True) for side in Side)


def test_a_sides_view_ends_when_the_request_leaves_the_history_or_becomes_hidden():
    """The support request tenant sees nothing after the approval, the resource tenant a removal for 30 days."""
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


def test_the_last_status_that_a_side_saw_is_reported():
    """The support request tenant saw it pending, the resource tenant saw the removal; an unknown request has none."""
    with Room.create(scenario="removal-stays-private") as room:
        room.next_step(), room.next_step()
        adele = room.member("adele", "fabrikam")
        room.do(Approve("r1"), adele), room.do(Revoke("r1"), adele)
        record = record_of(room)
        last = [record.last_seen("r1", side) for side in (Side.SUPPORT, Side.RESOURCE)]
        assert [line and line["status"] for line in last] == ["Pending", "Revoked"]
        assert record.last_seen("r2", Side.RESOURCE) is None


def test_a_status_of_no_duration_is_no_span():
    """A request approved at the moment at which it was made never waited."""
    with Room.create(scenario="removal-stays-private") as room:
        room.next_step(), room.next_step()
        room.do(Approve("r1"), room.member("adele", "fabrikam"))
        room.advance(DAY)
        record = record_of(room)
        assert record.spans_seen(Side.SUPPORT) == []
        assert [span.status for span in record.spans_seen(Side.RESOURCE)] == ["Approved"]


def test_an_act_before_the_first_step_is_the_latest_change():
    """The same holds after a step."""
    with Room.create(scenario="removal-stays-private") as room:
        adele = room.member("adele", "contoso")
        ticket = room.do(OpenTicket("By hand"), adele).ticket_id or ""
        request = room.do(RequestAccess(ticket, "fabrikam"), room.engineer("sam")).request_id or ""
        room.do(Approve(request), room.member("adele", "fabrikam"))
        record = record_of(room, ticket)
        assert (record.status_before(request), record.latest(request)["status"]) == ("Pending", "Approved")


def test_the_log_of_a_case_has_its_own_lines_and_those_of_the_clock_and_steps():
    """It begins where the story began, and has no line of another ticket."""
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
def test_the_log_of_a_case_says_who_sees_a_status_and_until_when(counted_from: str, leaves: tuple[int, int]):
    """Days count from the last change or the request; pending and live requests stay."""
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
def test_the_trainers_next_due_is_the_earliest_of_anybodys(name: str):
    """At no step does a member's button show an earlier time than the trainer's."""
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
    """Return log lines numbered from 1: action, step and actor."""
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
    """Earlier acts do not matter."""
    assert _latest_change(STEPS[:lines]) == expected


def test_the_latest_change_can_be_automated():
    """It then begins with its first line; without a story there is none."""
    by_itself = lines_of(("complete", None, None), ("cancel", None, None))
    assert _latest_change(by_itself) == 1
    assert _latest_change(lines_of(("expire", None, None), ("clock", None, None))) == 1
    assert _latest_change([{**line, "in_story": False} for line in STEPS]) == 2**63 - 1
