"""A comparison agrees with its runs: by hand, by scipy, and by simulating each run alone."""

import threading
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import scipy.stats

from data import Comparison, Until, compare
from data.lens.figures import UNITS
from data.simulation.arms import Arm, arms_of
from data.simulation.paired_counts import CASES
from data.simulation.runs.replication import Replication
from data.simulation.runs.run import simulate
from data.simulation.statistics.differences import READINGS
from data.simulation.statistics.intervals import interval
from model import PRESETS, Approval, Policy
from model.simulation import Behaviour, Delay, WorkingHours, begins

pytestmark = pytest.mark.slow

ARMS: dict[str, dict[str, Any]] = {
    "as the source": {},
    "the same": {"policy": {"approval": "both"}},
    "each tenant": {"policy": {"approval": "each", "pending_expires_after": "4 days"}},
    "quick": {"behaviour": {"decide": {"median_hours": 1, "p90_hours": 3}}},
}
TWO = {name: ARMS[name] for name in ("as the source", "each tenant")}
TICKETS, REPLICATIONS, SEED = 600, 4, 5


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(ARMS, tickets=TICKETS, replications=REPLICATIONS, seed=SEED)


@pytest.fixture(scope="module")
def values() -> dict[str, pd.DataFrame]:
    """Simulate each replication alone; return each arm's figures and requests, a row per replication."""

    def one(arm: Arm, n: int) -> "pd.Series[float]":
        run = simulate(arm.policy, arm.behaviour, tickets=TICKETS, seed=SEED, replication=n, starts=begins(SEED, n))
        return (
            run.figures()
            .set_index("metric")["value"]
            .rename(n)
            .reindex([*UNITS, "requests"], fill_value=len(run.trace.requests.ticket))
        )

    return {arm.name: pd.DataFrame([one(arm, n) for n in range(REPLICATIONS)]) for arm in arms_of(ARMS)}


def of(frame: pd.DataFrame, arm: str) -> pd.DataFrame:
    return frame[frame["arm"] == arm].set_index("metric")


def same(one: Comparison, other: Comparison) -> bool:
    return all(frame.equals(other.tables[name]) for name, frame in one.tables.items())


# Its results.


@pytest.mark.parametrize("arm", ARMS)
def test_the_figures_are_those_of_all_tickets_together(found, values, arm):
    """They are not the mean over small replications, each of which is a run of `simulate`."""
    rows, each = of(found.metrics, arm), values[arm]
    assert list(rows.index) == list(UNITS)
    assert dict(rows["unit"]) == dict(UNITS)
    requests = each.pop("requests")
    for metric in (name for name in UNITS if CASES[name] == "requests" and UNITS[name] == "share"):
        assert rows["mean"][metric] == pytest.approx((each[metric] * requests).sum() / requests.sum(), abs=1e-12)
    access = each["hours of access per ticket"]
    assert rows["mean"]["hours of access per ticket"] == pytest.approx(access.mean())
    assert rows["mean"]["hours of access in total"] == pytest.approx(TICKETS * access.mean())
    half = scipy.stats.sem(access) * scipy.stats.t.ppf(0.975, REPLICATIONS - 1) / access.mean()
    limits = access.mean() * np.exp([-half, half])
    assert rows.loc["hours of access per ticket", ["low", "high"]].to_list() == pytest.approx(limits)


@pytest.mark.parametrize(
    ("metric", "series", "share"),
    [
        ("median hours to a decision", "decided by hours", 0.5),
        ("90th percentile of hours to resolution", "resolved by hours", 0.9),
    ],
)
def test_times_are_read_off_the_curve_of_all_tickets(found, metric, series, share):
    """They are within a thousandth of those from the sorted times of all replications."""
    took = []
    for n in range(REPLICATIONS):
        trace = simulate(tickets=TICKETS, seed=SEED, replication=n, starts=begins(SEED, n)).trace
        r, t = trace.requests, trace.tickets
        took.append(r.decided - r.requested if "decision" in metric else t.closed - t.opened)
    right = np.quantile(np.concatenate(took), share) / 3600
    row = of(found.metrics, "as the source").loc[metric]
    assert row["mean"] == pytest.approx(right, rel=0.03) and row["low"] < row["mean"] < row["high"]


def test_an_interval_stays_within_the_figures_range():
    """With two replications of one ticket, a share is still from 0 to 1, and hours are not negative."""
    found = compare(TWO, tickets=1, replications=2, seed=3)
    for frame in (found.metrics, found.decided, found.resolved, found.live):
        assert (frame["low"].dropna() >= 0).all()
    shares = [found.metrics[found.metrics["unit"].isin(["share", "AUC"])], found.decided, found.resolved]
    assert max(frame["high"].max() for frame in shares) == 1
    assert found.differences["low"].min() < 0


@pytest.mark.parametrize("arm", ["each tenant", "quick"])
def test_differences_are_taken_within_each_replication(found, values, arm):
    """A paired t-test of access per ticket gives the same difference, interval and p value."""
    metric = "hours of access per ticket"
    paired = scipy.stats.ttest_rel(values[arm][metric], values["as the source"][metric])
    row, limits = of(found.differences, arm).loc[metric], paired.confidence_interval()
    apart = (values[arm][metric] - values["as the source"][metric]).mean()
    assert row[["difference", "low", "high", "p"]].to_list() == pytest.approx([apart, *limits, paired.pvalue])
    rows = of(found.differences, arm)
    clear = rows["reading"].isin(["more", "less"])
    outside = (rows["low"] > 0) | (rows["high"] < 0)
    assert outside.any() and clear.equals(outside & (rows["p_adjusted"] <= 0.05))
    assert (rows["p_adjusted"] >= rows["p"]).all()


def test_identical_arms_differ_by_exactly_zero(found):
    """This holds for every figure, even those that neither ever reaches."""
    rows = of(found.differences, "the same")
    assert (rows[["difference", "low", "high"]] == 0).all(axis=None)
    assert set(rows["reading"]) == {"the same"}
    for name in ("decided", "resolved", "live", "metrics"):
        frame = found.tables[name]
        one, other = (frame[frame["arm"] == arm].drop(columns="arm") for arm in list(ARMS)[:2])
        assert np.array_equal(one.select_dtypes("number"), other.select_dtypes("number"), equal_nan=True)


def test_a_paired_difference_is_more_precise_than_one_of_separate_runs(found, values):
    """This is why arms share their tickets: common luck cancels out."""
    quick, first = (values[arm]["hours of access per ticket"] for arm in ("quick", "as the source"))
    row = of(found.differences, "quick").loc["hours of access per ticket"]
    apart = scipy.stats.ttest_ind(quick, first).confidence_interval()
    assert row["high"] - row["low"] < 0.7 * (apart.high - apart.low)


def test_a_figure_that_is_never_reached_cannot_be_compared():
    """Here fewer than nine in ten requests are ever decided."""
    found = compare({"never": {}, "quickly": {"policy": "two-key", **ARMS["quick"]}}, tickets=600, replications=3)
    metric = "90th percentile of hours to a decision"
    assert np.isnan(of(found.metrics, "never").loc[metric, "mean"])
    assert of(found.metrics, "quickly").loc[metric, "mean"] < 24
    row = of(found.differences, "quickly").loc[metric]
    assert np.isnan(row["difference"]) and row["reading"] == "not comparable"


def test_a_replication_without_the_event_leaves_the_figure_defined(values, found):
    """It is taken over all replications, and the number of those without it is reported."""
    metric = "how well a removal can be guessed"
    assert of(found.metrics, "each tenant").loc[metric, "missing"] == 0
    arms = {"few": {"behaviour": {"share_removed": 0.02}}, "none": {"behaviour": {"share_removed": 0}}}
    few = compare(arms, tickets=300, replications=8, seed=SEED)
    row = of(few.metrics, "few").loc[metric]
    assert 0 <= row["low"] < row["mean"] < row["high"] <= 1 and 0 < row["missing"] < 8
    row = of(few.metrics, "none").loc[metric]
    assert np.isnan(row["mean"]) and row["missing"] == 8
    for arm, each in values.items():
        assert of(found.metrics, arm)["missing"].to_list() == each[list(UNITS)].isna().sum().to_list()


def test_every_reading_is_one_of_the_seven(found):
    """More, less, no clear difference, none seen, too few, the same, not comparable."""
    assert set(found.differences["reading"]) <= set(READINGS)


def test_an_interval_of_95_percent_holds_the_truth_19_times_in_20(announce):
    """Checked by a binomial test for normal figures over few replications; constant figures have no width."""
    draws = np.random.default_rng(7).normal(3.0, 2.0, (5, 4_000))
    _, low, high = interval(draws)
    held = int(((low <= 3.0) & (high >= 3.0)).sum())
    assert scipy.stats.binomtest(held, 4_000, 0.95).pvalue > 0.001
    announce(f"{held:,} of 4,000 intervals hold the truth")
    assert [list(each) for each in interval(np.full((7, 1), 0.1))] == [[0.1]] * 3


def test_arms_that_differ_only_in_the_history_are_the_same():
    """How long the history shows a request does not affect it."""
    found = compare({"a": {}, "b": {"policy": {"history_days": 31}}}, tickets=300, replications=3)
    assert set(found.differences["reading"]) == {"the same"}


@pytest.mark.parametrize(("name", "series"), [("decided", "decided by hours"), ("resolved", "resolved by hours")])
def test_the_curves_are_the_mean_curves(found, name, series):
    """Each point is the mean share of requests or tickets that had reached the event by then."""
    frame = found.tables[name]
    for arm in arms_of(ARMS):
        points = frame[frame["arm"] == arm.name]
        assert points["hours"].is_monotonic_increasing and points["share"].is_monotonic_increasing
        assert ((points["low"] <= points["share"]) & (points["share"] <= points["high"])).all()
        shares, of_all = [], 0
        for n in range(REPLICATIONS):
            run = simulate(arm.policy, arm.behaviour, tickets=TICKETS, seed=SEED, replication=n, starts=begins(SEED, n))
            cases = len(run.trace.requests.ticket) if name == "decided" else TICKETS
            shares.append(cases * reached(run, series, points["hours"].to_numpy() * 3600))
            of_all += cases
        assert points["share"].to_numpy() == pytest.approx(np.sum(shares, axis=0) / of_all, abs=1e-12)


def reached(run, series: str, seconds: np.ndarray) -> np.ndarray:
    """Count the share of all requests decided, or tickets closed, by then."""
    if series == "decided by hours":
        requests = run.trace.requests
        took = np.sort((requests.decided - requests.requested)[requests.decided < 1 << 59])
        return np.searchsorted(took, np.round(seconds), side="right") / len(requests.ticket)
    took = np.sort(run.trace.tickets.closed - run.trace.tickets.opened)
    return np.searchsorted(took, np.round(seconds), side="right") / len(took)


def test_live_grants_are_counted_at_the_end_of_each_day(found):
    """The count is an average over replications, and zero once all tickets are closed."""
    arm = "each tenant"
    live = found.live[found.live["arm"] == arm]
    assert (live["day"].diff().dropna() == timedelta(days=1)).all()
    policy = arms_of(ARMS)[2].policy
    starts = [begins(SEED, n) for n in range(REPLICATIONS)]
    runs = [simulate(policy, tickets=TICKETS, seed=SEED, replication=n, starts=start) for n, start in enumerate(starts)]
    for day, grants in enumerate(live["grants"][:30], start=1):
        counts = []
        for run, start in zip(runs, starts, strict=True):
            end = (datetime.combine(start, time()) + timedelta(days=day) - datetime(1970, 1, 1)).total_seconds()
            r = run.trace.requests
            granted = (r.decided < end) & np.isin(r.status, [1, 3, 4])  # Approved, Revoked, Completed
            counts.append((granted & (r.changed >= end)).sum())
        assert grants == np.mean(counts), day
    assert live["grants"].iloc[-1] == 0
    assert set(found.live.groupby("arm").size()) == {len(live)}


# Its execution.


def test_any_number_of_threads_gives_the_same_to_the_last_digit():
    """The reduction is in the order of replications, not of completion."""
    two = compare(TWO, tickets=300, replications=4)
    assert all(same(two, compare(TWO, tickets=300, replications=4, threads=threads)) for threads in (1, 5))


def test_another_seed_gives_other_results(found):
    """Every figure that varies at all differs."""
    other = compare(TWO, tickets=TICKETS, replications=2, seed=SEED + 1)
    one, another = (of(frame, "as the source")["mean"] for frame in (found.metrics, other.metrics))
    assert (one != another)[(one != 0) & one.notna()].all()


def test_arms_with_equal_behaviour_share_their_draws(monkeypatch):
    """Draws are made once for each behaviour."""
    from model.simulation import draws, engine

    drawn: list[Behaviour] = []
    block = draws.block
    monkeypatch.setattr(engine, "block", lambda behaviour, *rest: drawn.append(behaviour) or block(behaviour, *rest))
    compare(ARMS, tickets=33_000, replications=2)
    assert len(drawn) == 2 * 2 * 2, "two blocks, of two behaviours, twice over"
    assert {behaviour: drawn.count(behaviour) for behaviour in set(drawn)} == {
        arm.behaviour: 4 for arm in arms_of(ARMS)
    }


def test_progress_is_reported_in_the_callers_thread_and_ends_complete():
    """It never decreases, and is reported while nothing completes, so that the caller can stop at any time."""
    told: list[tuple[int, int, int]] = []
    compare(ARMS, tickets=100, replications=2, progress=lambda done, of: told.append((done, of, threading.get_ident())))
    assert {thread for *_, thread in told} == {threading.get_ident()}
    assert told[-1][:2] == (8, 8) and {of for _, of, _ in told} == {8}
    assert all(one[0] <= other[0] for one, other in pairwise(told))


def test_an_exception_in_progress_ends_the_work(monkeypatch):
    """It is passed on, no thread continues, and few of the thousand replications were started."""
    begun: list[int] = []
    run = Replication.run
    monkeypatch.setattr(
        Replication, "run", lambda self, number, *rest: begun.append(number) or run(self, number, *rest)
    )

    def stop(done: int, of: int) -> None:
        if done:
            raise InterruptedError("that will do")

    with pytest.raises(InterruptedError, match="that will do"):
        compare(ARMS, tickets=100_000, replications=1_000, progress=stop)
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("replication")] == []
    assert len(begun) < 100


def test_an_exception_in_a_thread_is_passed_on():
    """It comes immediately: the years until 2200 are too short for so many tickets."""
    with pytest.raises(ValueError, match="take until after the year 2199"):
        compare(ARMS, tickets=10**8, replications=2, most_tickets=10**12)


def test_replications_continue_until_the_interval_is_narrow_enough():
    """All arms must reach it; the result says so, and equals that of the same fixed number of replications."""
    until = Until("share decided within a day", within=0.04)
    found = compare(TWO, tickets=300, replications=2, until=until)
    rows = found.metrics[found.metrics["metric"] == until.metric]
    assert ((rows["high"] - rows["low"]) / 2 <= until.within).all() and found.reached and found.until == until
    assert 2 < found.replications < until.most
    assert same(found, compare(TWO, tickets=300, replications=found.replications))


def test_replications_end_at_a_cap():
    """The result says that the target was missed, also if the figure is never reached."""
    for metric in ("median hours to resolution", "90th percentile of hours to a decision"):
        found = compare({"a": {}}, tickets=100, replications=2, until=Until(metric, within=0.01, most=5))
        assert found.replications == 5 and not found.reached
        assert found.differences.empty and len(found.metrics) == len(UNITS), "of a single arm"


def test_events_are_written_as_parquet_that_duckdb_can_query_in_place(tmp_path):
    """There is a folder for each arm, by its full name, and replication; the events are the runs' own."""
    name = "=each/tenant?"
    arms = {"as the source": {}, name: {"policy": "two-key"}}
    compare(arms, tickets=200, replications=2, seed=9, events=tmp_path / "events")
    files = tmp_path / "events" / "*" / "*" / "*.parquet"
    duckdb.execute(f"CREATE OR REPLACE TEMP VIEW lying AS FROM '{files}'")
    assert duckdb.sql("SELECT arm, count(DISTINCT replication) FROM lying GROUP BY arm ORDER BY arm").fetchall() == [
        (name, 2),
        ("as the source", 2),
    ]
    of_one = duckdb.execute("FROM lying WHERE arm = ? AND replication = 1 ORDER BY seq", [name]).df()
    events = simulate("two-key", tickets=200, seed=9, replication=1, starts=begins(9, 1)).events
    assert list(of_one.columns) == [*events.columns, "arm", "replication"]
    for column in events.columns:
        one, other = (frame[column].astype(object) for frame in (of_one, events))
        assert [None if pd.isna(cell) else cell for cell in one] == [None if pd.isna(cell) else cell for cell in other]


def test_events_are_written_whole_or_not_at_all(tmp_path):
    """Stopped work leaves nothing behind; a folder that is not empty is refused at the start."""

    def stop(done: int, of: int) -> None:
        if done > 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compare(ARMS, tickets=50, replications=3, events=tmp_path / "events", progress=stop)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").touch()
    with pytest.raises(FileExistsError, match="choose another one"):
        compare(
            ARMS, tickets=50, replications=3, events=tmp_path / "mine", progress=lambda done, of: pytest.fail("begun")
        )
    assert [file.name for file in tmp_path.rglob("*")] == ["mine", "note.txt"]


def test_a_worker_that_does_not_reach_the_folder_says_so(tmp_path):
    """Otherwise the events would be lost on the worker's disk."""
    with pytest.raises(FileNotFoundError):
        Replication(arms_of(TWO), 10, 1, tmp_path / "elsewhere").run(0)
    assert list(tmp_path.iterdir()) == []


# Its arguments.


def test_an_arm_changes_the_base_and_nothing_else():
    """Settings may be a scenario's or Python's; a preset, Policy or Behaviour replaces the base's."""
    base = {"policy": {"approval": "each", "grant_lasts": "8 hours"}, "behaviour": {"share_rejected": 0.3}}
    policy, people = Policy(approval=Approval.EACH, grant_lasts=timedelta(hours=8)), Behaviour(share_rejected=0.3)
    working = WorkingHours("Europe/Paris", 9, 17)
    for given, right in (
        ({}, Arm("arm", policy, people)),
        ({"policy": {"grant_lasts": "until the ticket closes"}}, Arm("arm", Policy(approval=Approval.EACH), people)),
        ({"policy": {"grant_lasts": None}}, Arm("arm", Policy(approval=Approval.EACH), people)),
        (
            {"policy": {"pending_expires_after": timedelta(days=4)}},
            Arm("arm", Policy(Approval.EACH, timedelta(days=4), timedelta(hours=8)), people),
        ),
        ({"policy": "okta"}, Arm("arm", PRESETS["okta"], people)),
        (
            {"policy": {"preset": "okta", "history_days": 7}},
            Arm("arm", Policy(Approval.RESOURCE, None, timedelta(hours=24), 7), people),
        ),
        ({"policy": PRESETS["okta"], "behaviour": Behaviour()}, Arm("arm", PRESETS["okta"], Behaviour())),
        (
            {
                "behaviour": {
                    "decide": {"median_hours": 2},
                    "approvers_work": {"zone": "Europe/Paris", "first_hour": 9, "last_hour": 17},
                }
            },
            Arm("arm", policy, Behaviour(share_rejected=0.3, decide=Delay(2), approvers_work=working)),
        ),
        (
            {"behaviour": {"work": Delay(1, 2), "approvers_work": working, "tickets_per_day": 5}},
            Arm(
                "arm",
                policy,
                Behaviour(share_rejected=0.3, work=Delay(1, 2), approvers_work=working, tickets_per_day=5),
            ),
        ),
    ):
        assert arms_of({"arm": given}, base) == (right,), given
    late = {"behaviour": {"approvers_work": {"zone": "Europe/Paris"}}}
    assert arms_of({"a": {"behaviour": {"approvers_work": "around the clock"}}}, late) == (Arm("a"),)
    (paris,) = arms_of({"a": {"behaviour": {"approvers_work": {"last_hour": 20}}}}, late)
    assert paris.behaviour.approvers_work == WorkingHours("Europe/Paris", 8, 20)
    few = {"behaviour": {"common_administrators": 3}}
    assert [arm.behaviour.common_administrators for arm in arms_of({"few": {}, "enough": "source"}, few)] == [3, 3]
    enough = {"behaviour": {"common_administrators": "enough"}}
    assert arms_of({"a": enough}, few) == (Arm("a"),)


@pytest.mark.parametrize(
    ("arms", "told"),
    [
        ({}, "1 to 24 arms"),
        ({"": {}}, "the name of an arm has 1 to 80 characters"),
        ({"two\nlines": {}}, "the name of an arm has 1 to 80 characters"),
        ({"a": {"polcy": {}}}, "arms.a.polcy: unknown 'polcy'; did you mean 'policy'?"),
        ({"a": {"policy": {"aproval": "each"}}}, "arms.a.policy.aproval: unknown 'aproval'; did you mean 'approval'?"),
        ({"a": {"policy": {"aproval": None}}}, "arms.a.policy.aproval: unknown 'aproval'; did you mean 'approval'?"),
        ({"a": {"policy": {"approval": "eech"}}}, "arms.a.policy.approval: unknown 'eech'; did you mean 'each'?"),
        ({"a": {"policy": {"grant_lasts": timedelta(0)}}}, "arms.a.policy: grant_lasts must be None or whole seconds"),
        ({"a": {"policy": "okto"}}, "arms.a.policy: policy.preset: unknown 'okto'; did you mean 'okta'?"),
        ({"a": {"behaviour": {"asks": 1}}}, "arms.a.behaviour.asks: unknown 'asks'; did you mean 'ask'?"),
        ({"a": {"behaviour": {"ask": 4}}}, "arms.a.behaviour.ask: must be a table, not 4"),
        ({"a": {"behaviour": {"ask": {"p90_hours": 4}}}}, "arms.a.behaviour.ask.median_hours: is missing"),
        ({"a": {"behaviour": {"share_rejected": 2}}}, "arms.a.behaviour: share_rejected must be from 0 to 1"),
        ({"a": {"behaviour": {"share_rejected": "few"}}}, "arms.a.behaviour.share_rejected: must be a number"),
        ({"a": {"behaviour": {"common_administrators": 0}}}, "must be a whole number from 1 to 1,000,000, not 0"),
        ({"a": {"behaviour": {"approvers_work": "always"}}}, 'working hours are a table, or "around the clock"'),
        ({"a": {"behaviour": {"approvers_work": {"zone": "Paris"}}}}, "unknown time zone 'Paris'"),
    ],
)
def test_errors_in_an_arm_are_named(arms, told):
    """They name the arm, the place, and the nearest known word."""
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is compared below
        compare(arms, tickets=10)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"tickets": 0}, "tickets must be a whole number from 1"),
        ({"replications": 1}, "from 2 \\(one says nothing of chance\\) to 10,000, not 1"),
        ({"replications": 2.5}, "not 2.5"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"primary": "hours"}, "unknown primary 'hours'; known: median hours to a decision"),
        ({"threads": 0}, "threads must be a whole number from 1 to 256, not 0"),
        ({"until": Until("median hours to resolution", 1.0, most=5)}, "at most 5 replications were allowed"),
        ({"tickets": 10_000_001}, "at most 10,000,000 tickets can be simulated at once, not 10,000,001"),
        ({"tickets": 21, "most_tickets": 20}, "at most 20 tickets can be simulated at once, not 21"),
        ({"replications": 10_001}, "to 10,000, not 10001"),
        ({"base": {"policy": "okto"}}, "base.policy: policy.preset: unknown 'okto'"),
    ],
)
def test_errors_in_a_number_are_named(given, told):
    """They state the valid range."""
    with pytest.raises(ValueError, match=told):
        compare(ARMS, **({"tickets": 10, "replications": 10} | given))


def test_a_target_interval_needs_a_known_metric():
    """Its width must be possible."""
    with pytest.raises(ValueError, match="unknown metric 'hours'; known: median hours to a decision"):
        Until("hours", 1.0)
    with pytest.raises(ValueError, match="must be allowed more than 0 on either side"):
        Until("median hours to a decision", 0.0)
