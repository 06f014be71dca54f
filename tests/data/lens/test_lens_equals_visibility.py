"""A lens in SQL agrees with `model.visibility` in Python, now and as of every line of the log."""

from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data import Room
from data.scenario.reader import parse_scenario
from model import Approve, Engineer, HistoryFrom, OpenTicket, Policy, RequestAccess, Revoke, SeenRequest, SeenTicket
from model.visibility import AuditEntry
from tests.worlds import (
    ACTS,
    DIRECTORY,
    POLICIES,
    START,
    WAITS,
    Act,
    Moved,
    PlainRoom,
    do_both,
    lines_of,
    shown_at,
    shown_to,
)

BUSY = """
title = "Busy"
starts = 2026-03-02T09:00:00
[tenants]
contoso = "Contoso"
[engineers]
sam = "Sam Rivera"
[people.adele]
name = "Adele Vance"
roles = { contoso = ["Global Administrator"] }
[background]
tenants = 5
tickets_per_day = 6
days = 45
"""


@pytest.mark.slow
@examples(max_examples=12)
@given(policy=POLICIES, acts=st.lists(ACTS | WAITS, min_size=3, max_size=12))
def test_looking_back_shows_what_was_shown(policy: Policy, acts: list[Act | timedelta]):
    """`as_of` a line shows each member and engineer what they saw after that event."""
    room = Room.create(scenario=None, policy=policy, directory=DIRECTORY)
    plain = PlainRoom(policy, [Moved(START)])
    viewers = [*DIRECTORY.members(), *map(Engineer, DIRECTORY.engineers)]
    shown = {}
    for act in acts:
        if isinstance(act, timedelta):
            room.advance(act)
            plain.advance(act)
        else:
            do_both(room, plain, *plain.chosen(act))
        viewer = viewers[room.seq % len(viewers)]
        shown[room.seq, viewer] = seen(room, viewer)
    for (line, viewer), before in shown.items():
        assert seen(room, viewer, as_of=line) == before
    for line in range(1, room.seq + 1):
        viewer = viewers[(line + 1) % len(viewers)]
        there = plain.as_of(line)
        expected = there.desk_of(viewer) if isinstance(viewer, Engineer) else there.seen_by(viewer)
        assert seen(room, viewer, as_of=line) == expected


def seen(room: Room, viewer, as_of: int | None = None):
    if isinstance(viewer, Engineer):
        return shown_at(room.as_seen_by(viewer, as_of))
    return shown_to(room.as_seen_by(viewer, as_of))


@pytest.mark.slow
@examples(max_examples=8)
@given(policy=POLICIES, seed=st.integers(0, 99), data=st.data())
def test_in_a_busy_room_everybody_sees_what_the_rules_say(policy: Policy, seed: int, data: st.DataObject):
    """The background was generated and loaded in bulk; members of all kinds look, now and earlier."""
    room = Room.create(scenario=parse_scenario(BUSY), seed=seed, policy=policy)
    assert room.verify()
    lines, members = lines_of(room), room.directory.members()
    for as_of in (None, data.draw(st.integers(1, room.seq), label="as of")):
        plain = PlainRoom(policy, lines[:as_of], room.directory)
        for member in data.draw(st.lists(st.sampled_from(members), min_size=4, max_size=4, unique=True)):
            assert shown_to(room.as_seen_by(member, as_of)) == plain.seen_by(member)
        for engineer in list(room.directory.engineers)[1:2]:
            assert shown_at(room.as_seen_by(Engineer(engineer), as_of)) == plain.desk_of(Engineer(engineer))


@pytest.mark.parametrize("counted_from", HistoryFrom)
def test_history_ends_at_the_very_moment(counted_from: HistoryFrom):
    """A row is listed until a microsecond before 30 days are over."""
    policy = Policy(history_from=counted_from)
    room = Room.create(scenario=None, policy=policy, directory=DIRECTORY)
    plain = PlainRoom(policy, [Moved(START)])
    ann, eve, kim = room.member("ann", "south"), room.member("eve", "south"), room.engineer("kim")
    do_both(room, plain, OpenTicket("Fails", engineer="kim"), room.member("bea", "north"))
    do_both(room, plain, RequestAccess(next(iter(plain.cases)), "south"), kim)
    days = timedelta(days=30)
    for command, actor in ((Approve, ann), (Revoke, eve)):
        room.advance(timedelta(days=1))
        plain.advance(timedelta(days=1))
        do_both(room, plain, command(plain.requests()[0].id), actor)
    if counted_from is HistoryFrom.CREATED:
        days -= timedelta(days=2)
    for wait, there in ((days - timedelta(microseconds=1), 1), (timedelta(microseconds=1), 0)):
        room.advance(wait)
        plain.advance(wait)
        assert len(room.as_seen_by(eve).approved_access()) == there
        assert seen(room, eve) == plain.seen_by(eve)


def test_the_frames_have_the_columns_that_the_rules_name():
    """There is nothing else: no line number, no timestamp that reveals others' acts."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    for member in DIRECTORY.members():
        lens = room.as_seen_by(member)
        for frame, kind in (
            (lens.pending(), SeenRequest),
            (lens.approved_access(), SeenRequest),
            (lens.tickets(), SeenTicket),
            (lens.audit_log(), AuditEntry),
        ):
            assert list(frame.columns) == [field.name for field in fields(kind)]
