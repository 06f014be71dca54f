"""Figures counted by hand for repeated requests and grants, and for cases that ended long ago."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from data import Room, scenarios
from model import (
    SOURCE_VISIBILITY,
    Approval,
    Approve,
    CloseTicket,
    Command,
    OpenTicket,
    Policy,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from tests.data.lens.test_figures import observed, values
from tests.worlds import DIRECTORY, START

Act = tuple[int, Command, str, str | None]
"""Hours, command, actor (kim, or Ann in a tenant), and the name of the request or ticket made."""
CLOSED_AFTER_FOUR_HOURS: list[Act] = [
    (0, RequestAccess("t2", "south"), "kim", "r2"),
    (4, CloseTicket("t2"), "kim", None),
]
ASKED_THREE_HOURS_AGO: list[Act] = [(7, RequestAccess("t3", "south"), "kim", "r3")]


def after_ten_hours(*acts: Act, policy: Policy | None = None) -> Room:
    """Return a room with three North tickets after these acts."""
    room = Room.create(scenario=None, directory=DIRECTORY, policy=policy or Policy())
    for ticket in ("t1", "t2", "t3"):
        room.carry_out(OpenTicket(ticket, engineer="kim"), room.member("bea", "north"), name=ticket)
    for hours, command, who, name in sorted(acts, key=lambda act: act[0]):
        room.advance(START + timedelta(hours=hours) - room.now)
        room.carry_out(command, room.engineer("kim") if who == "kim" else room.member("ann", who), name=name)
    room.advance(START + timedelta(hours=10) - room.now)
    return room


def figure(room: Room, name: str) -> float | None:
    """Return a figure's single number, or None."""
    ((value,),) = room.overview().metric(name).astype(object).itertuples(index=False, name=None)
    return None if value != value else float(value)


def ask(hours: int, request: str, tenant: str = "south", ticket: str = "t1") -> Act:
    return hours, RequestAccess(ticket, tenant), "kim", request


@pytest.mark.parametrize(
    "acts",
    [
        [ask(0, "r1"), (1, Reject("r1"), "north", None), ask(5, "again"), (6, Approve("again"), "south", None)],
        [ask(0, "r1"), ask(0, "r4", "west"), (1, Approve("r1"), "south", None)],
    ],
    ids=["asked again after a rejection", "granted by one of two tenants"],
)
def test_a_ticket_is_under_way_from_its_first_request_to_its_first_grant(acts: list[Act]):
    """The third ticket is censored after three hours. If the first is solved by then, the second stands for itself and
    the third: two of three. If it is solved later, the third counts for both: one of two.
    """
    room = after_ten_hours(*acts, *CLOSED_AFTER_FOUR_HOURS, *ASKED_THREE_HOURS_AGO)
    first_grant = next(hours for hours, command, *_ in acts if isinstance(command, Approve))
    assert figure(room, "share solved without access") == pytest.approx(1 / 2 if first_grant > 3 else 2 / 3)


def test_a_later_grant_does_not_change_when_a_ticket_was_solved():
    """The first grant solved it."""
    first = [ask(0, "r1"), (1, Approve("r1"), "south", None), (2, Revoke("r1"), "south", None)]
    again = [ask(5, "r4"), (6, Approve("r4"), "south", None)]
    policy = Policy(ask_again_after_grant=True)
    room = after_ten_hours(*first, *again, *CLOSED_AFTER_FOUR_HOURS, *ASKED_THREE_HOURS_AGO, policy=policy)
    assert figure(room, "share solved without access") == pytest.approx(2 / 3)


def test_access_that_ended_with_its_ticket_counts():
    """It lasted four hours, and the ticket was not solved without access."""
    room = after_ten_hours(ask(0, "r1"), (1, Approve("r1"), "south", None), (5, CloseTicket("t1"), "kim", None))
    assert figure(room, "hours of access in total") == 4
    assert figure(room, "share solved without access") == 0


def test_a_canceled_request_was_pending_until_its_ticket_was_closed():
    """That was after one hour, so it was not pending at three hours, when the third is censored: the second, decided
    later, then makes two of three.
    """
    canceled = [ask(0, "r1"), (1, CloseTicket("t1"), "kim", None)]
    decided = [ask(0, "r2", ticket="t2"), (4, Reject("r2"), "north", None)]
    room = after_ten_hours(*canceled, *decided, *ASKED_THREE_HOURS_AGO)
    assert figure(room, "share decided within a day") == pytest.approx(2 / 3)


def test_a_percentile_is_the_time_of_the_case_that_reaches_it():
    """Ten were decided and closed after one to ten hours."""
    found = values(observed(pd.DataFrame({"seconds": np.arange(1, 11) * 3600, "outcome": "decided"})))
    for what in ("a decision", "resolution"):
        assert (found[f"median hours to {what}"], found[f"90th percentile of hours to {what}"]) == (5, 9)


def test_a_day_has_86400_seconds():
    """A decision one second later is not within a day."""
    spells = pd.DataFrame({"seconds": [86399, 86400, 86401, 86402], "outcome": "decided"})
    assert values(observed(spells))["share decided within a day"] == 0.5


@pytest.mark.parametrize(
    ("approval", "shown", "share"),
    [
        (Approval.BOTH, Side.SUPPORT, 1 / 3),
        (Approval.BOTH, Side.RESOURCE, 1 / 3),
        (Approval.BOTH, None, 1),
        (Approval.EACH, Side.SUPPORT, 1),
        (Approval.EACH, Side.RESOURCE, 1),
        (Approval.EACH, None, 1),
        (Approval.RESOURCE, Side.SUPPORT, 1 / 3),
        (Approval.RESOURCE, Side.RESOURCE, 0),
        (Approval.RESOURCE, None, 1),
    ],
)
def test_a_request_that_no_decider_can_see_could_not_be_decided(approval: Approval, shown: Side | None, share: float):
    """North asks for South twice, where Ann administers both, and for West, where nobody of North does."""
    visibility = {(status, side) for status, side in SOURCE_VISIBILITY if status is not Status.PENDING}
    policy = Policy(approval, visibility=visibility | ({(Status.PENDING, shown)} if shown else set()))
    spells = pd.DataFrame({"seconds": 60, "outcome": [None] * 3, "resource": ["south", "west", "south"]})
    assert values(observed(spells, policy))["share that nobody could decide"] == pytest.approx(share)


def test_without_grants_the_average_of_live_grants_is_zero():
    """This holds if the first and the last ticket are a second apart, or the same."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    ann, bea, kim = room.member("ann", "south"), room.member("bea", "north"), room.engineer("kim")
    room.carry_out(OpenTicket("One", engineer="kim"), bea, name="t1")
    assert figure(room, "live grants on average") is None
    room.advance(timedelta(hours=1))
    room.carry_out(OpenTicket("Two", engineer="kim"), bea, name="t2")
    assert figure(room, "live grants on average") == 0
    room = Room.create(scenario=None, directory=DIRECTORY)
    room.carry_out(OpenTicket("One", engineer="kim"), bea, name="t1")
    room.carry_out(RequestAccess("t1", "south"), kim, name="r1")
    room.do(Approve("r1"), ann)
    room.advance(timedelta(seconds=1))
    room.carry_out(OpenTicket("Two", engineer="kim"), bea, name="t2")
    assert figure(room, "live grants on average") == 1


def test_with_one_ticket_the_hours_of_access_are_those_per_ticket():
    """They count from the approval to now."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    assert figure(room, "hours of access per ticket") is None
    room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name="t1")
    room.carry_out(RequestAccess("t1", "south"), room.engineer("kim"), name="r1")
    room.do(Approve("r1"), room.member("ann", "south"))
    room.advance(timedelta(hours=3))
    assert figure(room, "hours of access per ticket") == 3


def test_a_request_made_at_the_moment_of_its_approval_is_not_after_it():
    """So the ticket with the removal, which took one hour, seems to be the one without it."""
    removed = [ask(0, "r1"), (0, Approve("r1"), "south", None), (1, Revoke("r1"), "south", None)]
    lasts = [ask(0, "r2", ticket="t2"), (1, Approve("r2"), "south", None)]
    closed: list[Act] = [(1, CloseTicket("t1"), "kim", None), (4, CloseTicket("t2"), "kim", None)]
    assert figure(after_ten_hours(*removed, *lasts, *closed), "how well a removal can be guessed") == 0


def test_asking_again_after_a_removal_reveals_it_even_if_approved():
    """The first approval counts."""
    first = [ask(0, "r1"), (1, Approve("r1"), "south", None), (2, Revoke("r1"), "south", None)]
    again = [ask(5, "r4"), (6, Approve("r4"), "south", None)]
    lasts = [ask(0, "r2", ticket="t2"), (3, Approve("r2"), "south", None)]
    closed: list[Act] = [(10, CloseTicket("t1"), "kim", None), (10, CloseTicket("t2"), "kim", None)]
    room = after_ten_hours(*first, *again, *lasts, *closed, policy=Policy(ask_again_after_grant=True))
    assert figure(room, "how well a removal can be guessed") == 1


def test_the_status_with_most_requests_comes_first():
    """Ties are ordered by name."""
    asked = [ask(0, "r1"), ask(0, "r2", ticket="t2"), ask(0, "r3", ticket="t3"), ask(0, "r4", "west", ticket="t3")]
    decided: list[Act] = [(1, Approve("r2"), "south", None), (1, Reject("r3"), "south", None)]
    frame = after_ten_hours(*asked, *decided).overview().metric("requests by status")
    assert list(zip(frame["status"], frame["requests"], strict=True)) == [
        ("Pending", 2),
        ("Approved", 1),
        ("Rejected", 1),
    ]


def test_a_week_is_whole_from_its_first_moment_to_its_last():
    """Monday at midnight begins the next one."""
    story = replace(scenarios()["cross-tenant-approval"], starts=datetime(2026, 3, 2))
    with Room.create(scenario=story) as room:
        room.next_step()
        room.advance(datetime(2026, 3, 9) - room.now)
        frame = room.overview().metric("tickets opened by week")
        weeks = zip(frame["week"].dt.day, frame["tickets"], frame["whole"], strict=True)
        assert list(weeks) == [(2, 1, True), (9, 0, False)]


def test_the_longest_wait_comes_first():
    """Ties are ordered by id."""
    asked = [ask(4, "r1"), ask(2, "r2", ticket="t2"), ask(2, "r3", "west", ticket="t2")]
    frame = after_ten_hours(*asked).overview().metric("undecided for how long")
    assert list(zip(frame["request_id"], frame["hours"], strict=True)) == [("r2", 8), ("r3", 8), ("r1", 6)]


def test_nobody_could_decide_if_the_resource_tenant_has_no_administrator():
    """The number of the support request tenant's administrators does not matter."""
    directory = replace(DIRECTORY, roles={key: roles for key, roles in DIRECTORY.roles.items() if key[1] != "west"})
    room = Room.create(scenario=None, directory=directory, policy=Policy(Approval.RESOURCE))
    room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name="t1")
    room.carry_out(RequestAccess("t1", "west"), room.engineer("kim"), name="r1")
    assert figure(room, "share that nobody could decide") == 1
    room.carry_out(RequestAccess("t1", "south"), room.engineer("kim"), name="r2")
    assert figure(room, "share that nobody could decide") == 0.5
