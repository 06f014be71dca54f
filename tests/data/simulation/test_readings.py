"""A comparison claims no more than it knows: rare effects, few replications, many figures, short runs."""

import re
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from data import compare
from data.lens.figures import UNITS
from data.simulation.arms import Arm, arms_of
from data.simulation.paired_counts import CASES, Counts
from data.simulation.runs.replication import GRID, ArmResult, Replication
from data.simulation.runs.run import simulate
from data.simulation.statistics.differences import alike, differences
from data.simulation.statistics.family import adjusted
from data.simulation.statistics.intervals import exact, few_differences, most_if_none, quantile
from data.simulation.statistics.pooled import METRICS, Pooled
from data.simulation.words.answer import answer
from data.simulation.words.figure_words import difference_in_words
from model.simulation import STARTS, Behaviour, WorkingHours, begins, seconds

PRIMARY = "median hours to resolution"
LATE = {"source": {}, "60 days": {"policy": {"pending_expires_after": "60 days"}}}


@pytest.mark.slow
def test_a_difference_that_was_not_seen_is_not_the_same():
    """The true share of expired requests is 0.027 %; among five times 100 tickets, none did."""
    found = compare(LATE, tickets=100, replications=5, seed=3)
    rows = found.differences.set_index("metric")
    unseen = rows[rows["reading"] == "none seen"]
    assert set(rows["reading"]) == {"none seen", "not comparable"} and (unseen["low"] < 0).all()
    row = rows.loc["share expired undecided"]
    assert row["high"] == -row["low"] == pytest.approx(1 - 0.05 ** (1 / row["cases"]))
    assert row["high"] > 0.00027
    assert difference_in_words({"metric": "share expired undecided", **row}) == (
        f"none seen in {row['cases']:.0f} requests; at most {100 * row['high']:.2g} % (95 %)"
    )
    assert all(difference_in_words(each) for each in found.differences.to_dict("records"))


@pytest.mark.slow
def test_agreement_of_two_replications_is_not_clear():
    """If both differ by the same amount, their spread says nothing: too few, with how many would suffice."""
    found = compare({"a": {}, "b": {"policy": {"grant_lasts": "8 hours"}}}, tickets=60, replications=2, seed=1)
    flat = found.differences["low"] == found.differences["high"]
    assert not found.differences["reading"][flat].isin(["more", "less"]).any()
    results = [equal_results(np.random.default_rng(1), 400) for _ in range(2)]
    for one, other in results:
        other.figures[:] = one.figures
        other.figures[METRICS.index("hours of access per ticket")] += 1
    rows = differences(Pooled(TWO, 400, results), PRIMARY).set_index("metric")
    row = rows.loc["hours of access per ticket"]
    assert row["difference"] == row["low"] == row["high"] == pytest.approx(1)
    assert (row["reading"], row["enough"]) == ("too few", 20)
    assert difference_in_words(row) == "too few to say: 20 replications would do"


def test_exact_limits_are_clopper_pearson():
    """With no event, the upper limit is near the rule of three."""
    for events, cases in ((1, 7), (3, 1_000), (29, 30), (15, 15_000)):
        right = scipy.stats.binomtest(events, cases).proportion_ci()
        assert [float(limit) for limit in exact(events, cases)] == pytest.approx([right.low, right.high])
    assert [float(limit) for limit in exact(0, 1_000)] == [0, pytest.approx(3 / 1_000, rel=0.01)]
    assert most_if_none(0) == 1
    assert [float(limit) for limit in exact(50, 50)] == [1 - most_if_none(50), 1]


def test_a_few_differences_are_clear_if_a_sign_test_is():
    """Four in one direction are not clear, six are."""
    assert [float(few_differences(many, 0, 1_000)[0]) > 0 for many in (4, 6)] == [False, True]
    assert scipy.stats.binomtest(4, 4).pvalue > 0.05 > scipy.stats.binomtest(6, 6).pvalue


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_time_is_read_between_the_points_of_the_grid(share: float):
    """It is within a ten-thousandth of the true one, or missing if too few events occur."""
    times = scipy.stats.lognorm(1.2, scale=40 * 3600)
    curve = times.cdf(GRID)
    found = quantile(np.array([curve, curve / 20]), GRID, share)
    assert found[0] == pytest.approx(times.ppf(share), rel=1e-4) and np.isnan(found[1])


def test_many_figures_are_corrected_for_their_number():
    """By hand: two others have a weight of 0.2 each, the primary has 0.6 and is tested first here."""
    assert adjusted(np.array([0.01, 0.04, 0.02]), [False, False, True]) == pytest.approx([1 / 30, 0.04, 1 / 30])
    alone = np.array([0.01, 0.02, 0.03])
    assert adjusted(alone, [False] * 3) == pytest.approx([0.03, 0.04, 0.04])


TWO = (Arm("one"), Arm("other", behaviour=Behaviour(share_rejected=0.13)))


def equal_results(chance: np.random.Generator, tickets: int) -> tuple[ArmResult, ArmResult]:
    """Return two arms that differ by luck alone: both have the same people, and their own draws."""
    results = []
    for _ in range(2):
        took = np.sort(chance.lognormal(12, 0.9, tickets))
        asked = int(chance.binomial(tickets, 0.35))
        waits = np.sort(np.where(chance.random(asked) < 0.8, chance.lognormal(10.5, 1.2, asked), np.inf))
        granted = int(chance.binomial(asked, 0.7))
        removed = max(int(chance.binomial(granted, 0.15)), 1)
        access = chance.gamma(0.5, 25, tickets).mean()
        curves = np.array([np.searchsorted(of, GRID, side="right") / max(len(of), 1) for of in (waits, took)])
        cases = dict.fromkeys(CASES.values(), tickets) | {
            "requests": asked,
            "tickets with a request": asked,
            "tickets with access": granted,
        }
        figures = [
            {
                "share": chance.binomial(asked, 0.2) / asked,
                "AUC": np.clip(chance.normal(0.8, 0.3 / removed**0.5), 0, 1),
            }.get(unit, access)
            for unit in UNITS.values()
        ]
        many = np.full((1, len(UNITS)), 1e6)
        counts = Counts(cases, many, many, many, removed, 10**6)
        results.append(ArmResult(np.array(figures), curves, counts, np.zeros(1)))
    one, other = results
    return one, other


def test_equal_arms_rarely_seem_different_in_any_figure(announce):
    """At most one comparison in twenty does, although a third have some interval without zero."""
    chance, clear, outside, many = np.random.default_rng(14), 0, 0, 300
    for _ in range(many):
        rows = differences(Pooled(TWO, 400, [equal_results(chance, 400) for _ in range(20)]), PRIMARY)
        clear += bool(rows["reading"].isin(["more", "less"]).any())
        outside += bool(((rows["low"] > 0) | (rows["high"] < 0)).any())
    announce(f"of {many} comparisons of equal arms {clear} show anything as clear; uncorrected {outside} would")
    assert scipy.stats.binomtest(clear, many, 0.05, "greater").pvalue > 0.01
    assert scipy.stats.binomtest(outside, many, 0.2, "greater").pvalue < 0.01


@pytest.mark.slow
def test_a_short_run_estimates_the_live_grants_of_the_long_run():
    """By Little's law they are over 220; with a thousand tickets far fewer are ever live at a time."""
    found = compare({"source": {}}, tickets=1_000, replications=10, seed=4)
    row = found.metrics.set_index("metric").loc["live grants on average"]
    whole = simulate(tickets=400_000).figures().set_index("metric")["value"]["live grants on average"]
    assert row["low"] < whole < row["high"] and row["high"] - row["low"] < 60
    assert found.live["grants"].max() < 150


def test_replications_begin_at_all_times_of_the_week():
    """Each has its own fixed moment, distributed like the openings of tickets."""
    starts = [begins(1, n) for n in range(400)]
    assert starts[:9] == [begins(1, n) for n in range(9)] and len(set(starts)) > 390
    into = np.array([seconds(start) - seconds(STARTS) for start in starts])
    assert into.min() >= 0 and into.max() < 7 * 86_400
    tickets = simulate(tickets=2_800).trace.tickets.opened - seconds(STARTS)
    assert scipy.stats.ks_2samp(into, tickets).pvalue > 0.001


@pytest.mark.slow
def test_the_cases_that_differ_explain_the_difference_of_the_shares():
    """For each share and rule, they are as many more and fewer as the events counted by the figures' SQL."""
    rules = ({}, {"approval": "each"}, {"pending_expires_after": "1 day"}, {"approval": "resource"})
    arms = arms_of({str(n): {"policy": policy} for n, policy in enumerate(rules)})
    first, *others = Replication(arms, 1_500, 6).run(2)
    shares = [place for place, unit in enumerate(UNITS.values()) if unit == "share"]
    over = [[arm.counts.cases[CASES[metric]] for metric in METRICS] for arm in (first, *others)]
    for cases, arm in zip(over[1:], others, strict=True):
        events = np.nan_to_num(arm.figures) * cases - np.nan_to_num(first.figures) * over[0]
        assert (arm.counts.more - arm.counts.fewer)[0, shares] == pytest.approx(events[shares], abs=1e-6)
        assert arm.counts.more.sum() > 0


@pytest.mark.slow
def test_the_cases_behind_each_figure_are_counted():
    """The count agrees with the figures' own; identical arms differ in no case."""
    arms = arms_of({**LATE, "again": {}, "each": {"policy": {"approval": "each"}}})
    found = compare({arm.name: arm.policy for arm in arms}, tickets=2_000, replications=2)
    rows = found.metrics.set_index(["arm", "metric"])["cases"].unstack()
    for arm in arms:
        runs = [simulate(arm.policy, tickets=2_000, replication=n, starts=begins(1, n)).trace for n in range(2)]
        assert rows.loc[arm.name, PRIMARY] == 4_000
        assert rows.loc[arm.name, "share decided within a day"] == sum(len(run.requests.ticket) for run in runs)
        assert rows.loc[arm.name, "share solved without access"] == sum(
            len(np.unique(run.requests.ticket)) for run in runs
        )
    assert alike(arms[0], arms[2]) and not alike(arms[0], arms[1])
    assert alike(arms[0], replace(arms[0], policy=replace(arms[0].policy, history_days=3)))


def test_a_run_that_is_too_short_says_how_many_tickets_would_suffice():
    """For live grants it also has Little's law, which a run of that size approaches without a note."""
    short = simulate(tickets=1_000)
    row = short.figures().set_index("metric").loc["live grants on average"]
    found = re.fullmatch(r"too short: (\d+) in the long run; ([\d,]+) tickets would do", row["note"])
    assert found and row["value"] < 60 and "too short" in repr(short) and row["note"] in short._repr_html_()
    assert set(short.figures()["note"]) == {"", row["note"]}, "no other figure needs a steady state"
    enough = simulate(tickets=2 * int(found[2].replace(",", "")))
    assert set(enough.figures()["note"]) == {""} and "too short" not in repr(enough)
    assert enough.figures()["value"][METRICS.index("live grants on average")] == pytest.approx(int(found[1]), rel=0.2)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (Behaviour(common_administrators=80), "starts without a queue; 58,000 tickets would do"),
        (Behaviour(approvers_work=WorkingHours()), "part of a working week; 12,000 tickets would do"),
    ],
)
def test_the_effect_of_a_queue_or_a_partial_week_is_noted_at_every_affected_figure(behaviour: Behaviour, why: str):
    """Figures of who could decide at all have no note."""
    rows = simulate(tickets=200, behaviour=behaviour).figures().set_index("metric")["note"]
    assert {metric for metric, note in rows.items() if why not in note} == {
        "share that nobody could decide",
        "share of tickets that nobody could decide",
        "live grants on average",
    }


def test_a_comparison_with_a_queue_states_its_run_size():
    """It is in the answer, in “none seen”, and beside it, with how many tickets the long run needs."""
    arms = {"enough": {}, "a thousand": {"behaviour": {"common_administrators": 1_000}}}
    found = compare(arms, tickets=300, replications=2)
    assert re.search(r"none seen in \d+ requests; at most .* in runs of 300 tickets\.$", answer(found, "a thousand"))
    for told in (repr(found), found._repr_html_()):
        assert "about runs of 300 tickets" in told and "58,000 tickets would do" in told and "“a thousand”" in told
    assert compare({"enough": {}}, tickets=100, replications=2).note == ""
