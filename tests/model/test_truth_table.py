"""The truth table of `decide`: every row is set up, decided, and compared with the plain reading of the design."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from model import (
    SOURCE_VISIBILITY,
    Approve,
    Case,
    CloseTicket,
    Code,
    Event,
    FallDue,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Side,
    Status,
    WriteDiagnostics,
    decide,
    evolve,
)
from tests.model import world
from tests.model.plain_reading import WHERE, Row, answer

NOW, DUE = world.START + timedelta(hours=1), world.START + timedelta(hours=4)
NOTE = "Because"
EXPIRES, LASTS = timedelta(days=4), timedelta(hours=8)

STANDS = {  # in words -> (status, first approval)
    "no request": None,
    "Pending": (Status.PENDING, None),
    "Pending, approved in the support request tenant": (Status.PENDING, world.CARLA),
    "Pending, approved in the resource tenant": (Status.PENDING, world.FELIX),
    "Pending, approved in the support request tenant by an administrator of both": (Status.PENDING, world.ADELE),
    "Pending, approved in the resource tenant by an administrator of both": (Status.PENDING, world.ADELE_IN_FABRIKAM),
    **{status.value: (status, None) for status in Status if status is not Status.PENDING},
}
ASKS = {
    "request": RequestAccess("t1", "fabrikam", "Why"),
    "request the support request tenant": RequestAccess("t1", "contoso", "Why"),
    "request an unknown tenant": RequestAccess("t1", "nowhere", "Why"),
    "approve": Approve("r1"),
    "reject": Reject("r1"),
    "revoke": Revoke("r1"),
    **{
        f"{do} with a note": how("r1", NOTE)
        for do, how in (("approve", Approve), ("reject", Reject), ("revoke", Revoke))
    },
    "close": CloseTicket("t1"),
    "read the support request tenant": ReadDiagnostics("t1", "contoso"),
    "read the resource tenant": ReadDiagnostics("t1", "fabrikam"),
    "read an unknown tenant": ReadDiagnostics("t1", "nowhere"),
    "write the support request tenant": WriteDiagnostics("t1", "contoso"),
    "write the resource tenant": WriteDiagnostics("t1", "fabrikam"),
    "fall due, before the limit": FallDue("r1"),
    "fall due, at the limit": FallDue("r1"),
}
WHEN = {"fall due, before the limit": DUE - world.TICK, "fall due, at the limit": DUE}
ACTORS = (
    *(world.ADELE, world.ADELE_IN_FABRIKAM, world.ADELE_IN_TAILSPIN, world.CARLA, world.FELIX, world.TESS),
    *(world.CLEO, world.FINN, world.SOL, world.SOL_IN_FABRIKAM, world.SAM, world.KIM, None),
)
WHO = dict(zip(WHERE, ACTORS, strict=True))
TICKETS = ("open", "open without advanced diagnostics", "closed")
VISIBILITY = {
    "source": SOURCE_VISIBILITY,
    "all": frozenset(product(Status, Side)),
    "hidden from the support request tenant": frozenset((status, Side.RESOURCE) for status in Status),
}
POLICIES = {
    words: Policy(
        approval=words[0],
        visibility=VISIBILITY[words[1]],
        ask_again_after_grant=words[2],
        pending_expires_after=EXPIRES if words[3] else None,
        grant_lasts=LASTS if words[3] else None,
        justification=words[4],
    )
    for words in (
        *product(("both", "each", "resource"), VISIBILITY, (True, False), (True, False), ("not asked",)),
        *product(("both", "each", "resource"), ("source",), (False,), (False,), ("asked", "required")),
    )
}


def case_of(stands: str, ticket: str, limits: bool) -> Case:
    opened = Case("t1", "contoso", "Title", "B", "without" not in ticket, "sam", world.START, world.CARLA)
    case = replace(opened, closed_at=NOW, closed_by=world.SAM) if ticket == "closed" else opened
    if (standing := STANDS[stands]) is None:
        return case
    status, first = standing
    due = DUE if limits else None
    request = Request("r1", "fabrikam", "Why", status, world.START, world.START, due, first, changed_by=world.SAM)
    return replace(case, requests=(request,))


def rows() -> list[tuple[Row, Case | None]]:
    standing: list[tuple[str, str, dict[bool, Case | None]]] = [("no ticket", "none", {True: None, False: None})]
    for stands, ticket in product(STANDS, TICKETS):
        standing.append((stands, ticket, {limits: case_of(stands, ticket, limits) for limits in (True, False)}))
    return [
        (Row(stands, asks, who, ticket, *policy), cases[policy[3]])
        for (stands, ticket, cases), asks, who, policy in product(standing, ASKS, WHO, POLICIES)
    ]


def outcome(row: Row, case: Case | None) -> tuple[str, tuple[Event, ...]]:
    """Return the code of the refusal by `decide`, or None with its events."""
    try:
        events = decide(
            case,
            ASKS[row.asks],
            actor=WHO[row.who],
            directory=world.DIRECTORY,
            policy=POLICIES[row[4:]],
            at=WHEN.get(row.asks, NOW),
            new_id="r2",
        )
    except Refused as refused:
        return refused.code.value, ()
    return "", events


def moves(row: Row, expected: str) -> list[tuple[str, str | None, str | None]]:
    """Return the (action, from, to) of the events that an accepted row must give."""
    status = row.stands.split(",")[0]
    if expected == "closed":
        ends = {"Pending": ("cancel", "Pending", "Canceled"), "Approved": ("complete", "Approved", "Completed")}
        return [("close", None, None), *([ends[status]] if status in ends else [])]
    moved: dict[str, list[tuple[str, str | None, str | None]]] = {
        "read": [("read", None, None)],
        "asked": [("request", None, "Pending")],
        "approved once": [("approve", "Pending", "Pending")],
        "Approved": [("approve", "Pending", "Approved")],
        "Rejected": [("reject", "Pending", "Rejected")],
        "Revoked": [("revoke", "Approved", "Revoked")],
        "Expired": [("expire", "Pending", "Expired")],
        "Completed": [("lapse", "Approved", "Completed")],
    }
    return moved[expected]


def case_after(row: Row, case: Case, expected: str, at: datetime) -> Case:
    """Return the case that an accepted row must give."""
    who = WHO[row.who]
    if expected == "read":
        return case
    if expected == "asked":
        due = at + EXPIRES if row.limits else None
        made = Request("r2", "fabrikam", "Why", Status.PENDING, at, at, due, changed_by=who)
        return replace(case, requests=(*case.requests, made))
    if expected == "closed":
        ends = {Status.PENDING: Status.CANCELED, Status.APPROVED: Status.COMPLETED}
        ended = (
            replace(r, status=ends[r.status], changed_at=at, changed_by=None, due_at=None) if r.status in ends else r
            for r in case.requests
        )
        return replace(case, closed_at=at, closed_by=who, requests=tuple(ended))
    (request,) = case.requests
    changed = replace(request, changed_at=at, changed_by=who)  # falling due has no actor: None
    note = NOTE if row.asks.endswith(" with a note") and row.justification != "not asked" else None
    if expected == "approved once":
        return replace(case, requests=(replace(changed, first_approval=who, first_approval_note=note),))
    due = at + LASTS if row.limits and expected == "Approved" else None
    changed = replace(changed, status=Status(expected), due_at=due)
    if expected in ("Approved", "Rejected"):
        changed = replace(changed, decided_by=who, decided_at=at, decision_note=note)
    if expected == "Revoked":
        changed = replace(changed, removal_note=note)
    return replace(case, requests=(changed,))


def test_every_row_of_the_truth_table_agrees_with_the_design(announce: Callable[[str], None]):
    """Every actor, command, state of a request and policy is tried."""
    counted: Counter[str] = Counter()
    for row, case in rows():
        expected = answer(row)
        counted[expected] += 1
        code, events = outcome(row, case)
        if code or expected in set(Code):
            assert code == expected, row
            continue
        assert [(e.action, e.from_status, e.to_status) for e in events] == moves(row, expected), row
        after = case
        for event in events:
            after = evolve(after, event)
        assert after == case_after(row, case, expected, WHEN.get(row.asks, NOW)), row
    announce(f"{counted.total():,} rows of the truth table: {dict(counted.most_common())}")
    assert set(Code) - set(counted) == {Code.CHANGED_MEANWHILE}, "each refusal is met, but for the room's own"
    assert counted.total() == (1 + len(STANDS) * len(TICKETS)) * len(ASKS) * len(WHO) * len(POLICIES)
