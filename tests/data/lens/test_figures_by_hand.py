"""Figures counted by hand where something was asked for or granted twice, or ended long before now."""

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
"""After how many hours, what, by whom (kim, or Ann in a tenant), and the name of what it makes."""
CLOSED_AFTER_FOUR_HOURS: list[Act] = [
    (0, RequestAccess("t2", "south"), "kim", "r2"),
    (4, CloseTicket("t2"), "kim", None),
]
ASKED_THREE_HOURS_AGO: list[Act] = [(7, RequestAccess("t3", "south"), "kim", "r3")]


def after_ten_hours(*acts: Act, policy: Policy | None = None) -> Room:
    """Return a room with three tickets of North in which that was done."""
    room = Room.create(scenario=None, directory=DIRECTORY, policy=policy or Policy())
    for ticket in ("t1", "t2", "t3"):
        room.carry_out(OpenTicket(ticket, engineer="kim"), room.member("bea", "north"), name=ticket)
    for hours, command, who, name in sorted(acts, key=lambda act: act[0]):
        room.advance(START + timedelta(hours=hours) - room.now)
        room.carry_out(command, room.engineer("kim") if who == "kim" else room.member("ann", who), name=name)
    room.advance(START + timedelta(hours=10) - room.now)
    return room


def figure(room: Room, name: str) -> float | None:
    """Return the one number of a figure; None if there is none."""
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
def test_a_ticket_is_on_its_way_from_its_first_request_to_its_first_grant(acts: list[Act]):
    """Of the third ticket nothing is known after three hours. If the first is solved by then, the second stands for
    itself and the third: two of three; if it is solved later, the third counts for both: one of two.
    """
    room = after_ten_hours(*acts, *CLOSED_AFTER_FOUR_HOURS, *ASKED_THREE_HOURS_AGO)
    first_grant = next(hours for hours, command, *_ in acts if isinstance(command, Approve))
    assert figure(room, "share solved without access") == pytest.approx(1 / 2 if first_grant > 3 else 2 / 3)


def test_a_later_grant_of_a_ticket_changes_nothing_about_when_it_was_solved():
    """It was solved by the first one."""
    first = [ask(0, "r1"), (1, Approve("r1"), "south", None), (2, Revoke("r1"), "south", None)]
    again = [ask(5, "r4"), (6, Approve("r4"), "south", None)]
    policy = Policy(ask_again_after_grant=True)
    room = after_ten_hours(*first, *again, *CLOSED_AFTER_FOUR_HOURS, *ASKED_THREE_HOURS_AGO, policy=policy)
    assert figure(room, "share solved without access") == pytest.approx(2 / 3)


def test_access_that_ended_with_its_ticket_was_access():
    """Four hours of it; the ticket was not solved without."""
    room = after_ten_hours(ask(0, "r1"), (1, Approve("r1"), "south", None), (5, CloseTicket("t1"), "kim", None))
    assert figure(room, "hours of access in total") == 4
    assert figure(room, "share solved without access") == 0


def test_a_canceled_request_was_on_its_way_until_its_ticket_was_closed():
    """After one hour. So of those that were open when the third was asked for three hours ago it is none: of what was
    decided later, the second one, there are two of three.
    """
    canceled = [ask(0, "r1"), (1, CloseTicket("t1"), "kim", None)]
    decided = [ask(0, "r2", ticket="t2"), (4, Reject("r2"), "north", None)]
    room = after_ten_hours(*canceled, *decided, *ASKED_THREE_HOURS_AGO)
    assert figure(room, "share decided within a day") == pytest.approx(2 / 3)


def test_percentiles_are_of_the_one_who_makes_it_that_many():
    """Of ten that were decided and closed after one to ten hours."""
    found = values(observed(pd.DataFrame({"seconds": np.arange(1, 11) * 3600, "outcome": "decided"})))
    for what in ("a decision", "resolution"):
        assert (found[f"median hours to {what}"], found[f"90th percentile of hours to {what}"]) == (5, 9)


def test_a_day_has_86400_seconds():
    """Who was decided a second later was not decided within it."""
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
def test_nobody_could_decide_what_nobody_sees_who_could(approval: Approval, shown: Side | None, share: float):
    """North asks for South twice over, where Ann administers both, and for West, where nobody of North does."""
    visibility = {(status, side) for status, side in SOURCE_VISIBILITY if status is not Status.PENDING}
    policy = Policy(approval, visibility=visibility | ({(Status.PENDING, shown)} if shown else set()))
    spells = pd.DataFrame({"seconds": 60, "outcome": [None] * 3, "resource": ["south", "west", "south"]})
    assert values(observed(spells, policy))["share that nobody could decide"] == pytest.approx(share)


def test_live_grants_on_average_are_none_where_there_are_none():
    """From the first ticket to the last one, also if they are a second apart, or if there is but one."""
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


def test_of_one_ticket_the_hours_of_access_are_those_per_ticket():
    """From the approval to now."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    assert figure(room, "hours of access per ticket") is None
    room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name="t1")
    room.carry_out(RequestAccess("t1", "south"), room.engineer("kim"), name="r1")
    room.do(Approve("r1"), room.member("ann", "south"))
    room.advance(timedelta(hours=3))
    assert figure(room, "hours of access per ticket") == 3


def test_a_request_that_was_approved_at_its_own_moment_is_no_request_after_the_approval():
    """So the ticket with the removal, which took one hour, seems to be the one without."""
    removed = [ask(0, "r1"), (0, Approve("r1"), "south", None), (1, Revoke("r1"), "south", None)]
    lasts = [ask(0, "r2", ticket="t2"), (1, Approve("r2"), "south", None)]
    closed: list[Act] = [(1, CloseTicket("t1"), "kim", None), (4, CloseTicket("t2"), "kim", None)]
    assert figure(after_ten_hours(*removed, *lasts, *closed), "how well a removal can be guessed") == 0


def test_who_asks_again_after_a_removal_tells_of_it_also_if_that_is_approved():
    """What counts is the first approval."""
    first = [ask(0, "r1"), (1, Approve("r1"), "south", None), (2, Revoke("r1"), "south", None)]
    again = [ask(5, "r4"), (6, Approve("r4"), "south", None)]
    lasts = [ask(0, "r2", ticket="t2"), (3, Approve("r2"), "south", None)]
    closed: list[Act] = [(10, CloseTicket("t1"), "kim", None), (10, CloseTicket("t2"), "kim", None)]
    room = after_ten_hours(*first, *again, *lasts, *closed, policy=Policy(ask_again_after_grant=True))
    assert figure(room, "how well a removal can be guessed") == 1


def test_the_status_in_which_most_requests_stand_comes_first():
    """And those with as many in the order of their names."""
    asked = [ask(0, "r1"), ask(0, "r2", ticket="t2"), ask(0, "r3", ticket="t3"), ask(0, "r4", "west", ticket="t3")]
    decided: list[Act] = [(1, Approve("r2"), "south", None), (1, Reject("r3"), "south", None)]
    frame = after_ten_hours(*asked, *decided).overview().metric("requests by status")
    assert list(zip(frame["status"], frame["requests"], strict=True)) == [
        ("Pending", 2),
        ("Approved", 1),
        ("Rejected", 1),
    ]


def test_a_week_is_whole_from_its_first_moment_to_its_last():
    """Monday, midnight, is the first moment of the next one."""
    story = replace(scenarios()["cross-tenant-approval"], starts=datetime(2026, 3, 2))
    with Room.create(scenario=story) as room:
        room.next_step()
        room.advance(datetime(2026, 3, 9) - room.now)
        frame = room.overview().metric("tickets opened by week")
        weeks = zip(frame["week"].dt.day, frame["tickets"], frame["whole"], strict=True)
        assert list(weeks) == [(2, 1, True), (9, 0, False)]


def test_who_has_waited_longest_comes_first():
    """And those who have waited as long in the order of their ids."""
    asked = [ask(4, "r1"), ask(2, "r2", ticket="t2"), ask(2, "r3", "west", ticket="t2")]
    frame = after_ten_hours(*asked).overview().metric("undecided for how long")
    assert list(zip(frame["request_id"], frame["hours"], strict=True)) == [("r2", 8), ("r3", 8), ("r1", 6)]


def test_nobody_could_decide_where_the_resource_tenant_has_no_administrator():
    """However many the support request tenant has."""
    directory = replace(DIRECTORY, roles={key: roles for key, roles in DIRECTORY.roles.items() if key[1] != "west"})
    room = Room.create(scenario=None, directory=directory, policy=Policy(Approval.RESOURCE))
    room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name="t1")
    room.carry_out(RequestAccess("t1", "west"), room.engineer("kim"), name="r1")
    assert figure(room, "share that nobody could decide") == 1
    room.carry_out(RequestAccess("t1", "south"), room.engineer("kim"), name="r2")
    assert figure(room, "share that nobody could decide") == 0.5
