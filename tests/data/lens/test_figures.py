"""The figures of `figures.sql` match their descriptions, counted by hand in a room of four tickets."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from data import Room
from data.lens.figures import SENTENCES, SERIES, UNITS, figures, measured, series
from data.lens.sql import FIGURES
from data.room.file.fixed_tables import fixed_tables
from data.simulation.runs.run import simulate
from data.store.queries import queries
from model import (
    PRESETS,
    SOURCE_VISIBILITY,
    Action,
    Approval,
    Approve,
    Case,
    CloseTicket,
    Engineer,
    Event,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
    decide,
    evolve,
)
from model.simulation import NEVER
from tests.worlds import DIRECTORY


def at(day: int, hour: int) -> datetime:
    """Return a time in March 2026. The 2nd is a Monday, on which the room starts at nine."""
    return datetime(2026, 3, day, hour)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    file = tmp_path_factory.mktemp("played") / "room.duckdb"
    room.snapshot(file)
    return file


@pytest.fixture
def room(played: Path, tmp_path: Path) -> Iterator[Room]:
    """Return a room with that history, for one test."""
    shutil.copyfile(played, tmp_path / "room.duckdb")
    with Room.open(tmp_path / "room.duckdb") as room:
        yield room


def rows(room: Room, name: str) -> list[tuple[object, ...]]:
    frame = room.overview().metric(name)
    days = frame.assign(**{column: frame[column].dt.date for column in {"day", "week"} & set(frame.columns)})
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in days.itertuples(index=False, name=None)]


def test_requests_by_status(room):
    """Each access request counts once, although two tenants have it."""
    assert rows(room, "requests by status") == [("Approved", 1), ("Pending", 1), ("Rejected", 1), ("Revoked", 1)]


def test_median_hours_to_a_decision(room):
    """Two of the four are decided within six hours."""
    assert rows(room, "median hours to a decision") == [(6.0,)]


def test_90th_percentile_of_hours_to_a_decision(room):
    """One of the four is pending, so the figure is unknown until it is decided as well."""
    assert rows(room, "90th percentile of hours to a decision") == [(None,)]
    room.carry_out(CloseTicket("t3"), room.engineer("kim"))
    assert rows(room, "90th percentile of hours to a decision") == [(None,)], "what is canceled is never decided"


def test_share_decided_within_a_day(room):
    """All but the pending one; after a day it no longer matters that it is open."""
    assert rows(room, "share decided within a day") == [(0.75,)]


def test_share_that_nobody_could_decide(room):
    """Nobody administers both north and west."""
    assert rows(room, "share that nobody could decide") == [(0.25,)]


def test_share_canceled_undecided(room):
    """None, until the ticket of the one that waits is closed."""
    assert rows(room, "share canceled undecided") == [(0.0,)]
    room.carry_out(CloseTicket("t3"), room.engineer("kim"))
    assert rows(room, "share canceled undecided") == [(0.25,)]


def test_share_expired_undecided(room):
    """None where nothing expires; under a policy with an expiry, the one of two that nobody decided."""
    assert rows(room, "share expired undecided") == [(0.0,)]
    room = Room.create(scenario=None, directory=DIRECTORY, policy=Policy(pending_expires_after=timedelta(hours=8)))
    for number in "12":
        room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name=f"t{number}")
        room.carry_out(RequestAccess(f"t{number}", "south"), room.engineer("kim"), name=f"r{number}")
    room.do(Approve("r1"), room.member("ann", "south"))
    room.advance(timedelta(hours=7))
    assert rows(room, "share expired undecided") == [(0.0,)]
    room.advance(timedelta(hours=1))
    assert rows(room, "share expired undecided") == [(0.5,)]


def test_restricted_mean_hours_to_a_decision(room):
    """Three are decided after 2, 6 and 12 hours; the fourth still waits, and counts as 30 days."""
    assert rows(room, "restricted mean hours to a decision") == [(pytest.approx((2 + 6 + 12 + 720) / 4),)]


def test_restricted_mean_hours_to_resolution(room):
    """Half of them after 210 hours; of the others nothing is known, and they count as 30 days."""
    assert rows(room, "restricted mean hours to resolution") == [(pytest.approx((210 + 720) / 2),)]


def test_share_of_tickets_decided_within_a_day(room):
    """Each of the four has one request: as of requests."""
    assert rows(room, "share of tickets decided within a day") == [(0.75,)]


def test_share_of_tickets_that_nobody_could_decide(room):
    """Nobody administers both north and west, whatever is asked for once more."""
    assert rows(room, "share of tickets that nobody could decide") == [(0.25,)]


def test_share_of_tickets_canceled_undecided(room):
    """None, until the ticket of the one that waits is closed."""
    assert rows(room, "share of tickets canceled undecided") == [(0.0,)]
    room.carry_out(CloseTicket("t3"), room.engineer("kim"))
    assert rows(room, "share of tickets canceled undecided") == [(0.25,)]


def test_share_of_tickets_expired_undecided(room):
    """One of two expires and is asked for again: it is one of two all the same, and of three requests one."""
    assert rows(room, "share of tickets expired undecided") == [(0.0,)]
    room = Room.create(scenario=None, directory=DIRECTORY, policy=Policy(pending_expires_after=timedelta(hours=8)))
    for number in "12":
        room.carry_out(OpenTicket("One", engineer="kim"), room.member("bea", "north"), name=f"t{number}")
        room.carry_out(RequestAccess(f"t{number}", "south"), room.engineer("kim"), name=f"r{number}")
    room.do(Approve("r1"), room.member("ann", "south"))
    room.advance(timedelta(hours=9))
    room.carry_out(RequestAccess("t2", "south"), room.engineer("kim"), name="again")
    room.do(Approve("again"), room.member("ann", "south"))
    assert rows(room, "share of tickets expired undecided") == [(0.5,)]
    assert rows(room, "share expired undecided") == [(pytest.approx(1 / 3),)]


def test_median_hours_to_resolution(room):
    """t2 was closed after 210 hours. Of t3 and t4 nothing is known after 36 hours, t1 is open longer: one of two."""
    assert rows(room, "median hours to resolution") == [(210.0,)]


def test_90th_percentile_of_hours_to_resolution(room):
    """Unknown, until t1 is closed as well, which has been open for the longest time."""
    assert rows(room, "90th percentile of hours to resolution") == [(None,)]
    room.carry_out(CloseTicket("t1"), room.engineer("kim"))
    assert rows(room, "90th percentile of hours to resolution") == [(231.0,)]


def test_hours_of_access_per_ticket(room):
    """A day of r1, and a day of r4 up to now, over four tickets."""
    assert rows(room, "hours of access per ticket") == [(12.0,)]


def test_hours_of_access_in_total(room):
    """A day of r1, and a day of r4 up to now."""
    assert rows(room, "hours of access in total") == [(48.0,)]


def test_live_grants_on_average(room):
    """A day of r1 in the 195 hours from the first opening to the last. r4 came later; a new ticket makes its two days
    count, and those between.
    """
    assert rows(room, "live grants on average") == [(24 / 195,)]
    room.advance(timedelta(days=1))
    room.carry_out(OpenTicket("Five", engineer="kim"), room.member("bea", "north"), name="t5")
    assert rows(room, "live grants on average") == [(72 / 255,)]


def test_share_solved_without_access(room):
    """t1 and t4 had access. t3 is known to have had none for 36 hours, and t2, the only one that is known to have had
    none for longer, was closed without: so it stands for both.
    """
    assert rows(room, "share solved without access") == [(0.5,)]


def test_how_well_a_removal_can_be_guessed(room):
    """Nothing to guess while only t2 is closed, which had no access, nor when t4 is, a day after its approval. Then t1
    is, whose access was removed, after more than nine days: whoever takes the longer one for the removed one is right.
    """
    assert rows(room, "how well a removal can be guessed") == [(None,)]
    room.carry_out(CloseTicket("t4"), room.engineer("kim"))
    assert rows(room, "how well a removal can be guessed") == [(None,)]
    room.carry_out(CloseTicket("t1"), room.engineer("kim"))
    assert rows(room, "how well a removal can be guessed") == [(1.0,)]


def test_decided_by_hours(room):
    """One step for each of the three that were decided, as a share of all four."""
    assert rows(room, "decided by hours") == [(2.0, 0.25), (6.0, 0.5), (12.0, 0.75)]


def test_resolved_by_hours(room):
    """One step, of t2; of two that were open as long."""
    assert rows(room, "resolved by hours") == [(210.0, 0.5)]


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


def test_paths_of_cases(room):
    """t1 was removed, t2 rejected, t3 waits, t4 is live. What closing brings with it is no step of its own."""
    paths = {path: (tickets, share, hours) for path, tickets, share, hours in rows(room, "paths of cases")}
    assert paths == {
        "open, request, approve, revoke": (1, 0.25, 27),
        "open, request, reject, close": (1, 0.25, 210),
        "open, request": (1, 0.25, 0),
        "open, request, approve": (1, 0.25, 12),
    }
    room.carry_out(CloseTicket("t4"), room.engineer("kim"))
    assert "open, request, approve, close" in {row[0] for row in rows(room, "paths of cases")}
    room.carry_out(OpenTicket("Five", engineer="kim"), room.member("bea", "north"), name="t5")
    room.carry_out(RequestAccess("t5", "west"), room.engineer("kim"), name="r5")
    assert rows(room, "paths of cases")[0] == ("open, request", 2, 0.4, 0), "the most frequent one first"


def test_hours_between_steps(room):
    """t1 was asked an hour after its opening, the three others immediately; two approvals took 2 and 12 hours."""
    assert rows(room, "hours between steps") == [
        ("open", "request", 4, 0, pytest.approx(0.7)),
        ("request", "approve", 2, 7, pytest.approx(11)),
        ("approve", "revoke", 1, 24, 24),
        ("reject", "close", 1, 204, 204),
        ("request", "reject", 1, 6, 6),
    ]


def test_waiting_by_weekday_and_hour(room):
    """From Monday the 2nd, 10 h, until Thursday the 12th, 0 h. On Mondays r1 waits for two hours, then r2 for six; on
    the second Monday nobody. From Tuesday the 10th, 12 h, r3 and r4 wait, from Wednesday on r3 alone.
    """
    waiting = {(weekday, hour): requests for weekday, hour, requests in rows(room, "waiting by weekday and hour")}
    assert len(waiting) == 7 * 24
    assert [waiting[1, hour] for hour in (9, 10, 11, 12, 17, 18)] == [0, 0.5, 0.5, 0.5, 0.5, 0]
    assert [waiting[2, hour] for hour in (11, 12, 23)] == [0, 1, 1] and waiting[3, 0] == waiting[3, 23] == 0.5
    assert waiting[4, 0] == pytest.approx(0.5) and waiting[4, 1] == waiting[7, 12] == 0


@pytest.mark.parametrize("name", queries(FIGURES))
def test_each_figure_has_a_sentence_and_a_test(name):
    """What it counts is said above the query, and its test is named after it."""
    assert queries(FIGURES)[name].startswith("-- ")
    assert f"test_{name.replace(' ', '_')}" in globals()


@pytest.mark.parametrize("name", queries(FIGURES))
def test_a_room_in_which_nothing_happened_has_every_figure(name):
    """And there is nothing to count in it."""
    frame = Room.create(scenario=None, directory=DIRECTORY).overview().metric(name)
    assert frame.select_dtypes("number").sum().sum() == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", queries(FIGURES))
def test_each_figure_can_be_had_of_an_earlier_moment(room, name):
    """After the log's last line it is that of now; after the eleventh, that of a room wound back to it."""
    pd.testing.assert_frame_equal(room.overview(as_of=room.seq).metric(name), room.overview().metric(name))
    line = int(room.events().query("action == 'close'").seq.iloc[0]) - 1
    earlier = room.overview(as_of=line).metric(name)
    room.rewind(line)
    pd.testing.assert_frame_equal(earlier, room.overview().metric(name))


# Figures of rooms and of simulated runs.

NOW = datetime(2026, 6, 1)
STATUS_OF = {"decided": "Rejected", "canceled": "Canceled", "expired": "Expired", None: "Pending"}


def observed(
    spells: pd.DataFrame, policy: Policy = PRESETS["source"], now: datetime = NOW, **types: str
) -> duckdb.DuckDBPyConnection:
    """A world with as little in it as a run has. `spells`: of requests, the seconds and the outcome or None; each has a
    ticket of its own, which was opened at the same time and is open as long as the request is Pending.
    """
    asked = (pd.Timestamp(now) - pd.to_timedelta(spells.seconds, unit="s")).astype("datetime64[s]")
    ended = pd.Series(pd.Timestamp(now).as_unit("s"), spells.index).where(spells.outcome.notna())
    requests = pd.DataFrame(
        {
            "side": "resource tenant",
            "request_id": np.arange(len(spells)),
            "ticket_id": np.arange(len(spells)),
            "support_request_tenant": spells.get("support", "north"),
            "resource_tenant": spells.get("resource", "south"),
            "status": spells.outcome.map(lambda outcome: STATUS_OF[None if pd.isna(outcome) else outcome]),
            "requested_at": asked,
            "decided_at": ended.where(spells.outcome == "decided"),
            "changed_at": ended.fillna(asked),
        }
    ).astype({"side": "category", "status": "category"} | types)
    tickets = pd.DataFrame(
        {"ticket_id": np.arange(len(spells)), "tenant": "north", "opened_at": asked, "closed_at": ended}
    )
    db = duckdb.connect()
    db.execute("CREATE TABLE clock AS SELECT CAST(? AS TIMESTAMP) AS now", [now])
    db.register("tickets", tickets)
    db.register("requests", requests)
    rules = fixed_tables(policy, DIRECTORY)
    for table in ("memberships", "visibility", "keys"):
        db.register(table, pd.DataFrame(rules[table], columns=None if rules[table] else ["status", "side"]))
    return db


def values(db: duckdb.DuckDBPyConnection) -> dict[str, float]:
    frame = figures(db)
    return dict(zip(frame.metric, frame.value, strict=True))


def drawn(count: int, seed: int, longest: int) -> pd.DataFrame:
    """Spells of any length, decided, canceled and expired."""
    chance = np.random.default_rng(seed)
    outcome = chance.choice(["decided", "canceled", "expired"], count, p=[0.7, 0.2, 0.1])
    seconds = np.exp(chance.uniform(0, np.log(longest), count)).astype(int)
    return pd.DataFrame({"seconds": seconds, "outcome": pd.Series(outcome, dtype=object)})


def cut(spells: pd.DataFrame, seed: int, longest: int) -> pd.DataFrame:
    """The same, but of each nothing is known after some time of its own."""
    seen = np.random.default_rng(seed).integers(1, longest, len(spells))
    outcome = spells.outcome.where(spells.seconds <= seen, None)
    return spells.assign(seconds=np.minimum(spells.seconds, seen), outcome=outcome)


def textbook(spells: pd.DataFrame) -> dict[str, Fraction]:
    """The incidence of each outcome by Aalen and Johansen: those under way, times the rate of the outcome, summed."""
    left, under_way = Fraction(1), len(spells)
    share = dict.fromkeys(["decided", "canceled", "expired"], Fraction(0))
    for _, now in spells.groupby("seconds"):
        ends = now.outcome.dropna().value_counts()
        for outcome, cases in ends.items():
            share[outcome] += left * Fraction(int(cases), under_way)
        left *= 1 - Fraction(int(ends.sum()), under_way)
        under_way -= len(now)
    return share


def test_where_nothing_is_open_the_figures_are_plain_shares():
    """To the last digit: so many of so many, and the very hours of the one who makes it half."""
    spells = drawn(5_000, seed=1, longest=10**6)
    found = values(observed(spells))
    decided = spells[spells.outcome == "decided"].seconds.sort_values().to_numpy()
    assert found["share decided within a day"] == (decided <= 86400).sum() / 5_000
    assert found["share canceled undecided"] == (spells.outcome == "canceled").sum() / 5_000
    assert found["share expired undecided"] == (spells.outcome == "expired").sum() / 5_000
    assert found["share solved without access"] == 1
    assert found["median hours to a decision"] == decided[2_499] / 3600
    assert found["median hours to resolution"] == spells.seconds.sort_values().iloc[2_499] / 3600
    assert found["90th percentile of hours to resolution"] == spells.seconds.sort_values().iloc[4_499] / 3600
    assert np.isnan(found["90th percentile of hours to a decision"])


def test_what_is_open_counts_as_not_until_now():
    """By hand. Of six, one is decided after 1 hour: 1/6, and 5/6 are left. One is open after 2 hours, 4 are under way.
    One of these is canceled after 3: 5/6 · 1/4, and 5/8 are left. One of three is decided after 4: 5/8 · 1/3, and 5/12
    are left, while another is open, so that the last one, which expires after 5, stands for all 5/12.
    """
    ends = [(1, "decided"), (2, None), (3, "canceled"), (4, "decided"), (4, None), (5, "expired")]
    spells = pd.DataFrame([(hours * 3600, outcome) for hours, outcome in ends], columns=["seconds", "outcome"])
    found = values(observed(spells))
    by_hand = {
        "decided": Fraction(1, 6) + Fraction(5, 24),
        "canceled": Fraction(5, 6) * Fraction(1, 4),
        "expired": Fraction(5, 12),
    }
    assert textbook(spells) == by_hand
    assert found["share decided within a day"] == pytest.approx(float(by_hand["decided"]), abs=1e-12)
    assert found["share canceled undecided"] == pytest.approx(float(by_hand["canceled"]), abs=1e-12)
    assert found["share expired undecided"] == pytest.approx(float(by_hand["expired"]), abs=1e-12)
    assert np.isnan(found["median hours to a decision"])
    assert series(observed(spells), "decided by hours").to_numpy() == pytest.approx(
        np.array([(1, 1 / 6), (4, 1 / 6 + 5 / 24)])
    )
    assert found["median hours to resolution"] == 4, "1/6, 5/24 and 5/24 together are more than half"


def test_where_the_last_ones_are_open_the_share_is_what_was_reached():
    """Nobody knows what becomes of them; and where all are open, nothing was reached."""
    spells = pd.DataFrame({"seconds": [60, 120, 120], "outcome": ["decided", None, None]})
    assert values(observed(spells))["share decided within a day"] == pytest.approx(1 / 3)
    found = values(observed(spells[1:]))
    assert found["share decided within a day"] == 0
    assert np.isnan(found["median hours to a decision"])
    assert series(observed(spells[1:]), "decided by hours").empty


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_incidence_is_the_textbooks(seed):
    """In worlds in which many things happen within one second, and on several threads."""
    spells = cut(drawn(20_000, seed, longest=2_000), seed + 1, longest=2_500)
    db = observed(spells)
    found, right = values(db), textbook(spells)
    assert found["share decided within a day"] == pytest.approx(float(right["decided"]), abs=1e-12)
    assert found["share canceled undecided"] == pytest.approx(float(right["canceled"]), abs=1e-12)
    assert found["share expired undecided"] == pytest.approx(float(right["expired"]), abs=1e-12)


def test_a_world_that_is_cut_off_tells_nearly_what_the_whole_one_tells():
    """Which it would not if what is open were left out: that is what takes long."""
    whole = drawn(20_000, seed=3, longest=10**6)
    part = cut(whole, seed=4, longest=10**6)
    right, found = values(observed(whole)), values(observed(part))
    closed_only = values(observed(part[part.outcome.notna()]))
    for name, near in (
        ("share decided within a day", 0.01),
        ("share canceled undecided", 0.01),
        ("median hours to resolution", 0.05),
        ("90th percentile of hours to resolution", 10),
    ):
        assert found[name] == pytest.approx(right[name], abs=near)
        if name != "share canceled undecided":
            assert closed_only[name] != pytest.approx(right[name], abs=2 * near)


def test_a_run_that_is_cut_off_knows_how_long_tickets_take():
    """After ten days more than a third of the tickets is open. The median is that of all tickets when all are closed;
    that of the closed ones alone would be more than ten hours too short.
    """
    whole = simulate(tickets=8_000, seed=2)
    part = simulate(tickets=8_000, seed=2, until=whole.starts + timedelta(days=10))
    right, found = (run.figures().set_index("metric")["value"]["median hours to resolution"] for run in (whole, part))
    tickets = part.trace.tickets
    closed = tickets.closed != NEVER
    assert 0.3 < 1 - closed.mean() < 0.5
    assert found == pytest.approx(right, abs=2)
    assert np.median((tickets.closed - tickets.opened)[closed]) / 3600 < right - 10


def test_a_long_curve_is_thinned_and_exact_on_its_grid():
    """A few hundred points, and at each point of the grid the share of all that had come by then."""
    spells = cut(drawn(50_000, seed=5, longest=10**7), seed=6, longest=2 * 10**7)
    thin = series(observed(spells), "resolved by hours")
    assert len(thin) <= 400 < spells.seconds.nunique()
    assert thin.hours.is_monotonic_increasing and thin.share.is_monotonic_increasing
    whole = drawn(50_000, seed=5, longest=10**7)
    thin = series(observed(whole), "resolved by hours")
    grid = np.exp(np.arange(0, 330) / 20)
    steps = np.concatenate([[0], thin.share])[np.searchsorted(np.round(thin.hours * 3600), grid, side="right")]
    assert steps == pytest.approx(np.searchsorted(np.sort(whole.seconds), grid, side="right") / 50_000, abs=1e-12)


@pytest.mark.parametrize("name", ["decided by hours", "resolved by hours"])
def test_a_curve_of_four_hundred_points_is_whole_and_a_longer_one_is_part_of_itself(name):
    """What is left of it are points of the whole one."""
    spells = pd.DataFrame({"seconds": np.arange(1, 402) * 60, "outcome": "decided"})
    whole, thin = series(observed(spells[:400]), name), series(observed(spells), name)
    assert np.allclose(whole, np.column_stack([np.arange(1, 401) / 60, np.arange(1, 401) / 400]))
    assert len(thin) < 100
    assert np.allclose(thin["share"], thin["hours"] * 60 / 401)


def test_the_figures_at_once_are_the_single_ones(room):
    """In their order, with their units, with the sentences that stand above them, and with the series beside them."""
    every = queries(FIGURES)
    single = {name: room.overview().metric(name) for name in (*UNITS, *SERIES)}
    with room._cursor() as cursor:
        at_once, frames = measured(cursor)
        assert at_once.equals(figures(cursor))
        assert cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchall() == [(0,)]
    assert list(at_once.metric) == list(UNITS) == [name for name in every if name in UNITS]
    assert {name: list(frame.columns) for name, frame in single.items() if name in UNITS} == {
        name: [unit] for name, unit in UNITS.items()
    }
    assert dict(zip(at_once.metric, at_once.unit, strict=True)) == dict(UNITS)
    for name, value, _ in at_once.itertuples(index=False):
        assert value == pytest.approx(single[name].iloc[0, 0], nan_ok=True), name
    assert list(frames) == list(SERIES)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, single[name])
    assert list(SENTENCES) == list(every)
    assert SENTENCES["requests by status"].startswith("How many access requests have each status; a status")


def test_the_figures_do_not_ask_of_what_type_ids_and_words_are():
    """A run has numbers and categories where a room has text."""
    spells = cut(drawn(500, seed=8, longest=10**6), seed=9, longest=10**6)
    text = figures(observed(spells, side="str", status="str", request_id="str"))
    assert figures(observed(spells, support_request_tenant="category", resource_tenant="category")).equals(text)


def test_a_series_that_does_not_exist_is_a_key_error():
    """Which names those that do."""
    with pytest.raises(KeyError, match="there are decided by hours, "):
        series(duckdb.connect(), "hours")


def able(case: Case, policy: Policy) -> bool:
    """May the request of the case become Approved, by whatever members approve?"""
    for member in DIRECTORY.members():
        try:
            event = decide(case, Approve("r1"), actor=member, directory=DIRECTORY, policy=policy, at=NOW)[0]
        except Refused:
            continue
        if event.to_status is Status.APPROVED or able(evolve(case, event), policy):
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("shown", [(), (Side.SUPPORT,), (Side.RESOURCE,), tuple(Side)], ids=" and ".join)
@pytest.mark.parametrize("approval", Approval)
def test_nobody_could_decide_where_the_rules_let_nobody_decide(approval, shown):
    """Between any two tenants, under every approval, and whichever side sees what is Pending."""
    visibility = {(status, side) for status, side in SOURCE_VISIBILITY if status is not Status.PENDING}
    policy = Policy(approval=approval, visibility=visibility | {(Status.PENDING, side) for side in shown})
    for home, other in permutations(DIRECTORY.tenants, 2):
        opened = Event(
            NOW, Action.OPEN, "t1", Member("ann", home), tenant=home, title="One", severity="B", engineer="kim"
        )
        case = evolve(None, opened)
        asked = Event(
            NOW,
            Action.REQUEST,
            "t1",
            Engineer("kim"),
            request_id="r1",
            to_status=Status.PENDING,
            tenant=other,
            reason="Logs",
        )
        spells = pd.DataFrame({"seconds": [60], "outcome": [None], "support": [home], "resource": [other]})
        nobody = values(observed(spells, policy))["share that nobody could decide"]
        assert nobody == (0 if able(evolve(case, asked), policy) else 1), (home, other)
