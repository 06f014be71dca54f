"""A trace cut at a moment, and traces joined one after the other."""

from collections.abc import Iterator
from dataclasses import fields, replace
from weakref import ReferenceType, ref

import numpy as np
import pytest

from model import Action, Status
from model.simulation import KINDS, NEVER, STATUSES, Trace, bulk
from model.simulation.draws import BLOCK
from model.simulation.gathering import gathered
from model.simulation.trace import joined
from tests.model.simulation.traces import differences, in_order
from tests.model.simulation.worlds import World, worlds

Row = dict[str, object]


def replayed(trace: Trace, end: int) -> tuple[dict[int, Row], dict[tuple[int, int], Row]]:
    """Return the tickets and access requests at a moment, by replaying the log event by event."""
    events, all_tickets = trace.events, trace.tickets
    tickets: dict[int, Row] = {}
    requests: dict[tuple[int, int], Row] = {}
    for place in events.order().tolist():
        at, ticket, number = int(events.at[place]), int(events.ticket[place]), int(events.request[place])
        kind = KINDS[events.kind[place]]
        if at > end or (at == end and kind.action not in (Action.EXPIRE, Action.LAPSE)):
            continue
        if kind.action is Action.OPEN:
            same = {name: bool(getattr(all_tickets, name)[ticket]) for name in ("elsewhere", "advanced", "common")}
            tickets[ticket] = {"opened": at, "closed": int(NEVER), **same}
        elif kind.action is Action.CLOSE:
            tickets[ticket]["closed"] = at
        elif kind.action is Action.REQUEST:
            common = bool(all_tickets.common[ticket])
            requests[ticket, number] = {"common": common, "requested": at, "decided": int(NEVER)}
        request = requests.get((ticket, number))
        if request is not None and kind.end is not None:
            if kind.start is not kind.end:  # the first of two approvals changes nothing that is counted
                request |= {"status": STATUSES.index(kind.end), "changed": at}
            if kind.start is Status.PENDING and kind.end in (Status.APPROVED, Status.REJECTED):
                request["decided"] = at
    return tickets, requests


def of(world: World) -> Trace:
    """Return the trace of a world's first block."""
    return bulk.run(replace(world.block, first=0), world.policy, world.behaviour)


def rows(columns: object) -> list[Row]:
    names = [field.name for field in fields(columns)]
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(getattr(columns, name).tolist() for name in names), strict=True)
    ]


def test_the_state_at_a_moment_is_the_replay_of_the_log_up_to_it():
    """Even in crowded seconds; of events at the moment itself, only those that fall due have happened."""
    compared = 0
    for number, world in enumerate(worlds(24, 120, seed=5)):
        trace = of(world)
        moments = np.unique(trace.events.at)
        for end in (*moments[:: len(moments) // 6], moments[0], moments[-1], moments[-1] + 1):
            stood = trace.until(int(end))
            tickets, requests = replayed(trace, int(end))
            assert rows(stood.tickets) == list(tickets.values()), number
            found = {(row.pop("ticket"), row.pop("number")): row for row in rows(stood.requests)}
            assert found == requests, (number, end)
            due = np.array([kind.action in (Action.EXPIRE, Action.LAPSE) for kind in KINDS])[trace.events.kind]
            kept = (trace.events.at < end) | ((trace.events.at == end) & due)
            assert np.array_equal(stood.events.at, trace.events.at[kept])
            compared += len(tickets)
    assert compared > 5_000


def test_a_trace_cut_at_its_end_is_the_whole_trace():
    """Nothing is dropped or changed."""
    trace = of(next(worlds(1, 300, seed=2)))
    assert differences(trace.until(int(NEVER)), trace) == []


@pytest.mark.parametrize("many", [1, 3])
def test_joined_traces_follow_each_other(many: int):
    """Columns are concatenated in order; joining one trace returns it."""
    trace = of(next(worlds(1, 50, seed=3)))
    whole = joined([trace] * many)
    assert len(whole.events.at) == many * len(trace.events.at)
    assert np.array_equal(whole.requests.status, np.tile(trace.requests.status, many))
    if many == 1:
        assert whole is trace


def test_columns_have_their_documented_widths():
    """Codes take one byte, so that ten million tickets fit."""
    trace = of(next(worlds(1, 50, seed=3)))
    wide = {name for name, column in in_order(trace) if column.dtype == np.int64}
    times = {"opened", "closed", "requested", "decided", "changed", "at", "ticket"}
    assert {name.partition(".")[2] for name in wide} == times
    assert {column.dtype.itemsize for name, column in in_order(trace) if name not in wide} == {1}
    assert BLOCK == 1 << 15


@pytest.mark.parametrize("lengths", [[50], [50, 50, 50], [5, 300, 40, 300], [300, 1, 1]])
def test_gathering_traces_is_joining_them(lengths: list[int]):
    """Lengths may differ, and each trace is released before the next one is made."""
    made = [of(next(worlds(1, length, seed=seed))) for seed, length in enumerate(lengths)]
    alive: list[ReferenceType[np.ndarray]] = []

    def one_by_one() -> Iterator[Trace]:
        for trace in made:
            assert all(earlier() is None for earlier in alive)
            copy = replace(trace, events=replace(trace.events, at=trace.events.at.copy()))
            alive.append(ref(copy.events.at))
            yield copy
            del copy

    whole = gathered(one_by_one(), len(made))
    for (name, mine), (_, theirs) in zip(in_order(whole), in_order(joined(made)), strict=True):
        assert mine.dtype == theirs.dtype and np.array_equal(mine, theirs), name
