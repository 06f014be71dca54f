"""The figures of `metrics.sql` are what their sentences say, counted by hand in a room of four tickets."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from data import Room
from data.lens import queries
from model import (
    PRESETS,
    Approve,
    CloseTicket,
    OpenTicket,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
)
from tests.worlds import DIRECTORY


def at(day: int, hour: int) -> datetime:
    """In March 2026, whose second is a Monday. The room starts on it, at nine."""
    return datetime(2026, 3, day, hour)


@pytest.fixture
def room() -> Room:
    """r1 is approved and removed, r2 rejected, r3 waits, r4 is live; now it is the 12th, midnight."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    ann, bea, eve = room.member("ann", "south"), room.member("bea", "north"), room.member("eve", "south")
    kim = room.engineer("kim")
    for time, command, actor, name in (
        (at(2, 9), OpenTicket("One", engineer="kim"), bea, "t1"),
        (at(2, 10), RequestAccess("t1", "south"), kim, "r1"),
        (at(2, 12), Approve("r1"), ann, None),
        (at(2, 12), OpenTicket("Two", engineer="kim"), bea, "t2"),
        (at(2, 12), RequestAccess("t2", "south"), kim, "r2"),
        (at(2, 12), ReadDiagnostics("t1", "south"), kim, None),
        (at(2, 18), Reject("r2"), room.member("ann", "north"), None),
        (at(3, 12), Revoke("r1"), eve, None),
        (at(10, 12), OpenTicket("Three", engineer="kim"), bea, "t3"),
        (at(10, 12), OpenTicket("Four", engineer="kim"), bea, "t4"),
        (at(10, 12), RequestAccess("t3", "west"), kim, "r3"),
        (at(10, 12), RequestAccess("t4", "south"), kim, "r4"),
        (at(11, 0), Approve("r4"), ann, None),
        (at(11, 6), CloseTicket("t2"), bea, None),
    ):
        room.advance(time - room.now)
        room.carry_out(command, actor, name=name)
    room.advance(at(12, 0) - room.now)
    with pytest.raises(Refused):
        room.do(ReadDiagnostics("t1", "south", "audit-logs"), kim)
    return room


def rows(room: Room, name: str) -> list[tuple[object, ...]]:
    frame = room.overview().metric(name)
    days = frame.assign(**{column: frame[column].dt.date for column in {"day", "week"} & set(frame.columns)})
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in days.itertuples(index=False, name=None)]


def test_requests_by_status(room):
    """Each access request counts once, though two tenants have it."""
    assert rows(room, "requests by status") == [("Approved", 1), ("Pending", 1), ("Rejected", 1), ("Revoked", 1)]


def test_hours_to_a_decision(room):
    """Of the three that were decided, and to the decision: what came later does not count."""
    assert rows(room, "hours to a decision") == [
        ("r1", "Revoked", 2.0, pytest.approx(1 / 3)),
        ("r2", "Rejected", 6.0, pytest.approx(2 / 3)),
        ("r4", "Approved", 12.0, 1.0),
    ]


def test_where_two_approve_the_last_one_decides():
    """The first of two approvals is no decision and no grant."""
    room = Room.create(scenario=None, directory=DIRECTORY, policy=PRESETS["two-key"])
    room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name="t1")
    room.carry_out(RequestAccess("t1", "south"), room.engineer("kim"), name="r1")
    room.advance(timedelta(hours=1))
    room.do(Approve("r1"), room.member("bea", "north"))
    room.advance(timedelta(days=1))
    assert rows(room, "hours to a decision") == []
    room.do(Approve("r1"), room.member("eve", "south"))
    assert rows(room, "hours to a decision") == [("r1", "Approved", 25.0, 1.0)]
    assert rows(room, "live grants by day") == [(date(2026, 3, 2), 0), (date(2026, 3, 3), 1)]


def test_live_grants_by_day(room):
    """At the end of each day: r1 from the 2nd to noon of the 3rd, r4 from the first moment of the 11th."""
    live = {2: 1, 11: 1, 12: 1}
    assert rows(room, "live grants by day") == [(date(2026, 3, day), live.get(day, 0)) for day in range(2, 13)]


def test_tickets_opened_by_week(room):
    """A week without tickets counts nought, and one that the room's history does not cover is not whole."""
    assert rows(room, "tickets opened by week") == [(date(2026, 3, 2), 2, False), (date(2026, 3, 9), 2, False)]
    room.advance(timedelta(days=14))
    assert rows(room, "tickets opened by week") == [
        (date(2026, 3, 2), 2, False),
        (date(2026, 3, 9), 2, True),
        (date(2026, 3, 16), 0, True),
        (date(2026, 3, 23), 0, False),
    ]


def test_undecided_for_how_long(room):
    """Only r3 waits: from noon of the 10th to midnight before the 12th."""
    assert rows(room, "undecided for how long") == [("r3", "north", "west", 36.0)]


def test_time_in_each_status(room):
    """Each status ends where the next begins; tickets while they are open; what still holds, at the room's now."""
    now = at(12, 0)
    assert rows(room, "time in each status") == [
        ("t1", None, "north", "Open", at(2, 9), now),
        ("t1", "r1", "south", "Pending", at(2, 10), at(2, 12)),
        ("t1", "r1", "south", "Approved", at(2, 12), at(3, 12)),
        ("t2", None, "north", "Open", at(2, 12), at(11, 6)),
        ("t2", "r2", "south", "Pending", at(2, 12), at(2, 18)),
        ("t2", "r2", "south", "Rejected", at(2, 18), now),
        ("t1", "r1", "south", "Revoked", at(3, 12), now),
        ("t3", None, "north", "Open", at(10, 12), now),
        ("t3", "r3", "west", "Pending", at(10, 12), now),
        ("t4", None, "north", "Open", at(10, 12), now),
        ("t4", "r4", "south", "Pending", at(10, 12), at(11, 0)),
        ("t4", "r4", "south", "Approved", at(11, 0), now),
    ]


def test_tries_to_read(room):
    """The granted one and the refused one, in their order."""
    assert rows(room, "tries to read") == [
        (at(2, 12), "t1", "south", "directory-objects", "granted"),
        (at(12, 0), "t1", "south", "audit-logs", "no-access"),
    ]


@pytest.mark.parametrize("name", queries("metrics.sql"))
def test_each_figure_has_a_sentence_and_a_test(name):
    """What it counts is said above the query, and its test is named after it."""
    assert queries("metrics.sql")[name].startswith("-- ")
    assert f"test_{name.replace(' ', '_')}" in globals()


@pytest.mark.parametrize("name", queries("metrics.sql"))
def test_a_room_in_which_nothing_happened_has_every_figure(name):
    """And there is nothing to count in it."""
    frame = Room.create(scenario=None, directory=DIRECTORY).overview().metric(name)
    assert frame.select_dtypes("number").sum().sum() == 0
