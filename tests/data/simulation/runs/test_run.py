"""A run's events have the columns of a room's log, and agree with the rules."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from data import Room
from data.lens.figures import measured
from data.lens.sql import FIGURES, SHARED, Statement
from data.simulation.runs.run import simulate
from data.simulation.runs.run_tables import GIVEN, lent_tables
from model import PRESETS, Approval, Policy
from model.simulation import DIRECTORY, STARTS, Behaviour, Delay, WorkingHours
from tests.data.generated.events import events_of
from tests.data.generated.replaying import QUICK, replayed

POLICIES = {
    **PRESETS,
    "hasty, each, again": Policy(Approval.EACH, timedelta(hours=1), timedelta(minutes=30), ask_again_after_grant=True),
    "hidden": Policy(Approval.RESOURCE, visibility=frozenset()),
}
AT_WORK = replace(QUICK, approvers_work=WorkingHours("Europe/Paris", 9, 17), decide=Delay(2, 5))


@pytest.mark.parametrize("behaviour", [QUICK, AT_WORK])
@pytest.mark.parametrize("name", POLICIES)
def test_every_line_agrees_with_the_rules(name: str, behaviour: Behaviour):
    """Compared command by command: actors, statuses, limits, tenants and texts."""
    run = simulate(POLICIES[name], behaviour, tickets=250, seed=4)
    lines = run.events.assign(
        ticket_id=[f"t{ticket}" for ticket in run.events["ticket_id"]],
        request_id=run.events["request_id"].map(lambda request: f"r{request}", na_action="ignore"),
    )
    events = events_of(lines)
    assert [event for made in replayed(events, DIRECTORY, run.policy) for event in made] == events
    assert list(lines["seq"]) == list(range(1, len(lines) + 1))


def test_the_columns_are_those_of_a_rooms_log():
    """Names and order are equal, so that queries work on both."""
    with Room.create(scenario=None) as room:
        assert list(simulate(tickets=5).events) == list(room.events())


@pytest.mark.parametrize("until", [None, timedelta(days=2)])
def test_both_engines_give_the_same_frames(until: timedelta | None):
    """The reader cannot tell which one ran."""
    ends = until and simulate(tickets=1).starts + until
    one, other = (simulate("two-key", AT_WORK, tickets=300, engine=engine, until=ends) for engine in ("bulk", "step"))
    assert one.events.equals(other.events)
    assert one.figures().equals(other.figures())
    assert one.now == other.now


@pytest.mark.parametrize("until", [None, timedelta(days=4)])
@pytest.mark.parametrize("name", POLICIES)
def test_a_runs_tables_by_ticket_equal_its_grouped_requests(name: str, until: timedelta | None):
    """A run's ungrouped relations equal, row by row, those that a room groups, even with open tickets."""
    ends = until and STARTS + until
    with simulate(POLICIES[name], QUICK, tickets=400, seed=5, until=ends).relations() as db:
        given = {relation: db.execute(f"FROM {relation} ORDER BY ALL").fetchall() for relation in GIVEN}
        for relation, found in given.items():
            Statement(f"{SHARED[relation]} ORDER BY ALL", FIGURES).execute(db)
            assert found == db.fetchall()
        assert len(given["asked"]) > 100


def test_runs_that_share_a_cursor_give_the_same_as_with_their_own():
    """The same query plan serves runs of any policy and size, even without access requests."""
    nobody_elsewhere = replace(QUICK, share_elsewhere=0.0)
    runs = [simulate(policy, QUICK, tickets=100 + n, seed=n) for n, policy in enumerate(POLICIES.values())]
    for run in (*runs, simulate("source", nobody_elsewhere, tickets=3), simulate("source", QUICK, tickets=1)):
        with run.relations() as db:
            alone, its_series = measured(db, given=GIVEN)
        with lent_tables(run.trace, run.policy, run.now) as db:
            in_turn, series_in_turn = measured(db, given=GIVEN, keep_plan=True)
        pd.testing.assert_frame_equal(in_turn, alone, check_exact=True)
        for name, frame in its_series.items():
            pd.testing.assert_frame_equal(series_in_turn[name], frame, check_exact=True)
    assert db.execute("SELECT count(*) FROM tickets").fetchone() == (0,)


def test_the_tickets_and_requests_summarize_the_events():
    """Compared are the times of opening, closing, request and decision, and the final status."""
    run = simulate("two-key", QUICK, tickets=300, until=STARTS + timedelta(days=3))
    events = run.events
    at = events.set_index("action")["occurred_at"]
    assert list(run.tickets["opened_at"]) == list(at["open"])
    closed = events[events["action"] == "close"].set_index("ticket_id")["occurred_at"]
    assert run.tickets.set_index("ticket_id")["closed_at"].dropna().to_dict() == closed.to_dict()
    assert 0 < len(closed) < len(run.tickets)
    stands = events.dropna(subset=["to_status"]).groupby("request_id")[["to_status", "occurred_at"]].last()
    requests = run.requests.set_index("request_id")
    assert requests["status"].astype("str").to_dict() == stands["to_status"].astype("str").to_dict()
    asked = events[events["action"] == "request"].set_index("request_id")["occurred_at"]
    assert requests["requested_at"].to_dict() == asked.to_dict()
    assert list(requests["ticket_id"]) == list(requests.index // 2)


def test_an_unknown_series_suggests_the_nearest():
    """The error lists them all."""
    with pytest.raises(KeyError, match=r"did you mean 'decided by hours'.*requests by status"):
        simulate(tickets=5).series("decided by hour")
