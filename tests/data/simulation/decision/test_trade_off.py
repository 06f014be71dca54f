"""The trade-off: the Pareto front by hand, and the answer by trying every policy alone."""

from datetime import timedelta

import numpy as np
import pytest

from data import Experiment, compare, trade_off
from data.simulation.arms import arms_of
from data.simulation.decision.front import how_often, least_within, on_front, resampled
from data.simulation.decision.policies_tried import policies_tried, promises_not_kept
from data.simulation.decision.trade_off import NINE_IN_TEN, WITHIN
from model import PRESETS, Policy

ARMS = {
    "source": {},
    "8 hours": {"policy": {"grant_lasts": "8 hours"}},
    "leaks": {"policy": {"grant_lasts": "24 hours", "ask_again_after_grant": True}},
}
SIZE = {"tickets": 300, "replications": 3, "seed": 2}
ACCESS = "hours of access per ticket"


@pytest.fixture(scope="module")
def found():
    return trade_off(ARMS, within="300 days", **SIZE)


@pytest.mark.slow
def test_the_figures_are_those_of_a_comparison(found):
    right = compare(ARMS, **SIZE).metrics.set_index(["arm", "metric"])
    frame = found.policies.set_index("arm")
    for arm in ARMS:
        for column, metric in (("resolved", NINE_IN_TEN), ("access", ACCESS)):
            assert frame.loc[arm, column] == pytest.approx(right.loc[(arm, metric), "mean"])
            near = 1e-6 if metric == ACCESS else 0.05  # there a time is read off the curve; here it is a number
            assert frame.loc[arm, f"{column}_high"] == pytest.approx(right.loc[(arm, metric), "high"], rel=near)


@pytest.mark.slow
def test_a_policy_that_breaks_a_promise_is_listed_but_not_on_the_front(found):
    frame = found.policies.set_index("arm")
    assert frame["promises_kept"].to_list() == [True, True, False]
    assert frame["broken"].to_list() == ["", "", "Removal is private"]
    assert frame["on_front"].to_list() == [True, True, False]
    assert frame["chance"].to_list()[2] == 0
    assert "“8 hours”: the least of the 2 policies that keep all promises." in found.sentence
    assert found.answers.to_dict("records") == [{"arm": "8 hours", "share": 1.0}]
    assert "Removal is private" in found._repr_html_()


@pytest.mark.slow
def test_if_no_policy_is_fast_enough_the_fastest_is_named():
    none = trade_off(ARMS, within="1 hour", **SIZE)
    assert none.sentence.startswith("None of the 2 policies that keep all promises resolves nine in ten tickets within")
    assert "The soonest is “source”, with" in none.sentence
    assert list(none.answers["arm"]) == [""]


def test_the_front_by_hand():
    """The second dominates the third, the fourth equals it, the fifth has no figure, the sixth ties in one."""
    time, access = np.array([1.0, 2, 3, 2, np.nan, 1]), np.array([9.0, 5, 6, 5, 0, 10])
    assert on_front(time, access).tolist() == [True, True, False, True, False, False]
    assert least_within(time, access, 2.5) == 1
    assert least_within(time, access, 0.5) is None
    times, accesses = np.stack([time, time + np.array([0, 9, 0, 9, 0, 0])]), np.stack([access, access])
    assert how_often(times, accesses, 2.5) == [(1, 0.5), (0, 0.5)]


def test_all_policies_use_the_same_bootstrap_samples_and_each_sample_is_new():
    values = np.array([[0.0, 10], [1, 11], [2, 12]])
    again = resampled(values, seed=1, times=400)
    assert np.allclose(again[:, 1] - again[:, 0], 10)
    assert np.ptp(again[:, 0]) > 1 and again[:, 0].mean() == pytest.approx(1, abs=0.1)
    assert np.array_equal(again, resampled(values, seed=1, times=400))


def test_all_combinations_are_tried_and_two_break_a_promise():
    policies = [arm.policy for arm in arms_of(policies_tried())]
    assert len(set(policies)) == len(policies)
    assert [policy.ask_again_after_grant for policy in policies].count(True) == 2
    assert promises_not_kept(Policy(ask_again_after_grant=True)) == ("Removal is private",)
    assert promises_not_kept(PRESETS["okta"]) == ()


def test_an_experiment_file_can_set_the_time_limit():
    text = 'title = "T"\ntickets = 10\ntrade_off = {}\n[[arms]]\nname = "a"'
    assert Experiment.parse(text.format('{ within = "5 days" }')).trade_off == timedelta(days=5)
    assert Experiment.parse(text.format("true")).trade_off == WITHIN
    assert Experiment.parse(text.format("false")).trade_off is None
    with pytest.raises(ValueError, match=r"line 3: trade_off\.within: a duration reads like"):
        Experiment.parse(text.format('{ within = "soon" }'))
    with pytest.raises(ValueError, match="within more than no time"):
        trade_off(ARMS, within="0 hours", **SIZE)
