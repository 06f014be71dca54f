"""One story that reaches every status, under three policies: SQL shows everybody what the rules in Python say."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice, product

import pytest

from data import Room
from model import (
    Action,
    Actor,
    Approval,
    Approve,
    CloseTicket,
    Command,
    Engineer,
    HistoryFrom,
    Justification,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
    WriteDiagnostics,
)
from model.visibility import AUTOMATED
from tests.worlds import DIRECTORY, START, Moved, PlainRoom, do_both, records, shown_at, shown_to

pytestmark = pytest.mark.slow
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
KIM, LEE = Engineer("kim"), Engineer("lee")
ANN, ANN_IN_SOUTH, BEA = Member("ann", "north"), Member("ann", "south"), Member("bea", "north")
EVE, EVE_IN_WEST = Member("eve", "south"), Member("eve", "west")
VIEWERS: tuple[Actor, ...] = (
    *(ANN, EVE, KIM, BEA, ANN_IN_SOUTH, Member("rex", "north"), LEE, Member("sol", "south")),
    *(EVE_IN_WEST, Member("nil", "north")),
)
SOURCE = Policy(pending_expires_after=4 * DAYS, grant_lasts=2 * HOURS, history_days=3)
POLICIES = {
    "the source's": SOURCE,
    "each tenant, with notes, all visible": replace(
        SOURCE,
        approval=Approval.EACH,
        justification=Justification.ASKED,
        visibility=frozenset(product(Status, Side)),
    ),
    "the resource tenant, from the request's day": replace(
        SOURCE, approval=Approval.RESOURCE, history_from=HistoryFrom.CREATED, ask_again_after_grant=True
    ),
}
STORY: tuple[tuple[object, Actor | None], ...] = (
    (OpenTicket("One", "A", engineer="kim"), BEA),
    (OpenTicket("Two", "B", advanced_diagnostics=False, engineer="lee"), ANN),
    (OpenTicket("Three", "C", engineer="kim"), EVE),
    (RequestAccess("t1", "south", "Sign-in logs"), KIM),
    (RequestAccess("t1", "west"), KIM),
    (HOURS, None),
    (RequestAccess("t2", "south"), LEE),
    (RequestAccess("t3", "north"), KIM),
    (RequestAccess("t3", "west"), KIM),
    (Approve("r1", "North says yes"), BEA),
    (HOURS, None),
    (Approve("r1", "South says yes"), ANN_IN_SOUTH),
    (Approve("r1", "South says yes"), EVE),
    (Reject("r3", "No"), ANN_IN_SOUTH),
    (Approve("r4", "By both"), ANN),
    (Approve("r4", "By the other"), EVE),
    (ReadDiagnostics("t1", "south"), KIM),
    (ReadDiagnostics("t2", "south", "audit-logs"), LEE),
    (WriteDiagnostics("t1", "north"), KIM),
    (HOURS, None),
    (Revoke("r1", "Enough"), EVE),
    (Approve("r5"), EVE_IN_WEST),
    (CloseTicket("t2"), LEE),
    (RequestAccess("t1", "south", "Once more"), KIM),
    (HOURS, None),
    (CloseTicket("t3"), EVE),
    (2 * DAYS, None),
    (OpenTicket("Four", engineer="lee"), BEA),
    (RequestAccess("t4", "south"), LEE),
    (2 * DAYS, None),
    (CloseTicket("t4"), BEA),
    (DAYS, None),
)
"""The acts, their actors and the waits; both rooms refuse the same acts."""


@pytest.fixture(params=POLICIES)
def rooms(request: pytest.FixtureRequest) -> Iterator[tuple[Room, PlainRoom]]:
    """Return a room and a plain one under each policy."""
    policy = POLICIES[request.param]
    with Room.create(scenario=None, policy=policy, directory=DIRECTORY) as room:
        yield room, PlainRoom(policy, [Moved(START)])


def parts_told(room: Room, plain: PlainRoom) -> Iterator[None]:
    """Play the story in both, and yield after each part."""
    for what, actor in STORY:
        if isinstance(what, timedelta):
            room.advance(what)
            plain.advance(what)
            yield
        else:
            assert actor is not None
            do_both(room, plain, _named(what, plain), actor)


def _named(command: object, plain: PlainRoom) -> Command:
    """Return the command with the room's ids in place of t1, t2, … and r1, r2, … (in the order of creation)."""
    ids = {f"t{n}": ticket for n, ticket in enumerate(plain.cases, 1)}
    ids |= {f"r{n}": request.id for n, request in enumerate(plain.requests(), 1)}
    fields = {name: ids.get(getattr(command, name, ""), "r-none") for name in ("ticket_id", "request_id")}
    return replace(command, **{name: value for name, value in fields.items() if hasattr(command, name)})  # type: ignore[return-value]


def test_everybody_sees_what_the_rules_say(rooms: tuple[Room, PlainRoom]):
    """Members of all kinds and engineers look in turn after each part, and all of them at the end, now and earlier."""
    room, plain = rooms
    viewers = cycle(VIEWERS)
    for _ in parts_told(room, plain):
        compare_for(islice(viewers, 4), room, plain, None)
    compare_for(VIEWERS, room, plain, None)
    middle = plain.ends[len(plain.ends) // 2]
    compare_for(VIEWERS[:3], room, plain.as_of(middle), middle)
    done = {event.action for event in plain.events()}
    assert done >= set(Action) - {Action.COMPLETE}, "or it compares less than it says"


def compare_for(viewers: Iterable[Actor], room: Room, plain: PlainRoom, as_of: int | None) -> None:
    for viewer in viewers:
        if isinstance(viewer, Engineer):
            assert shown_at(room.as_seen_by(viewer, as_of)) == plain.desk_of(viewer)
        else:
            assert shown_to(room.as_seen_by(viewer, as_of), frames=False) == plain.seen_by(viewer)


def test_the_trainer_sees_everything_with_all_names(rooms: tuple[Room, PlainRoom]):
    """All requests and tickets are listed, newest first."""
    room, plain = rooms
    for _ in islice(parts_told(room, plain), 4):  # before the history ends
        overview, people, engineers = room.overview(), DIRECTORY.people, DIRECTORY.engineers
        names: dict[Actor | None, str] = {None: AUTOMATED}
        names |= {Engineer(engineer): name for engineer, name in engineers.items()}
        names |= {member: people[member.person] for member in DIRECTORY.members()}
        cases = {request.id: case for case in plain.cases.values() for request in case.requests}
        requests = sorted(plain.requests(), key=lambda request: request.id)
        requests.sort(key=lambda request: request.requested_at, reverse=True)
        assert records(overview.requests()) == [
            {
                "request_id": request.id,
                "ticket_id": cases[request.id].ticket_id,
                "title": cases[request.id].title,
                "severity": cases[request.id].severity,
                "ticket_status": cases[request.id].status,
                "support_request_tenant": cases[request.id].tenant,
                "resource_tenant": request.resource_tenant,
                "reason": request.reason,
                "status": request.status,
                "requested_by": engineers[cases[request.id].engineer],
                "requested_at": request.requested_at,
                "first_approval": names[request.first_approval] if request.first_approval else None,
                "decided_by": names[request.decided_by] if request.decided_by else None,
                "decided_at": request.decided_at,
                "changed_by": names[request.changed_by],
                "changed_at": request.changed_at,
                "due_at": request.due_at,
                "first_approval_note": request.first_approval_note,
                "decision_note": request.decision_note,
                "removal_note": request.removal_note,
            }
            for request in requests
        ]
        tickets = sorted(plain.cases.values(), key=lambda case: case.ticket_id)
        tickets.sort(key=lambda case: case.opened_at, reverse=True)
        assert records(overview.tickets()) == [
            {
                "ticket_id": case.ticket_id,
                "support_request_tenant": case.tenant,
                "title": case.title,
                "severity": case.severity,
                "status": case.status,
                "advanced_diagnostics": case.advanced_diagnostics,
                "engineer": engineers[case.engineer],
                "engineer_id": case.engineer,
                "opened_by": names[case.opened_by],
                "opened_at": case.opened_at,
                "closed_by": names[case.closed_by] if case.closed_by else None,
                "closed_at": case.closed_at,
            }
            for case in tickets
        ]
