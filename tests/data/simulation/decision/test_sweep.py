"""A sweep gives every place the result of `compare` for arms with those settings, and the best place."""

from datetime import timedelta

import numpy as np
import pytest
import scipy.stats

from data import Experiment, compare, sweep
from data.simulation.arms import arms_of
from data.simulation.decision.knobs import knobs_from, numbers
from data.simulation.decision.paired import difference
from data.simulation.decision.sweep import _best, _values
from model import Approval
from model.simulation import Delay

ARMS = {"source": {}, "each": {"policy": {"approval": "each"}}, "short": {"policy": {"grant_lasts": "4 hours"}}}
SIZE = {"tickets": 200, "replications": 6, "seed": 2}
FIGURE = "hours of access per ticket"


@pytest.mark.slow
def test_every_place_equals_a_comparison_of_arms_with_those_settings():
    """Arms that differ in the swept setting are left out."""
    over = {"grant_lasts": ["8 hours", "2 days"], "share_rejected": {"from": 0, "to": 0.5, "steps": 2}}
    found = sweep(ARMS, over, figure=FIGURE, **SIZE)
    assert found.left_out == ("short",) and len(found.values) == 2 * 2 * 2
    arms = {"source": {}, "each": {"policy": {"approval": "each", "grant_lasts": "2 days"}}}
    base = {"policy": {"grant_lasts": "2 days"}, "behaviour": {"share_rejected": 0.5}}
    right = compare(arms, base=base, **SIZE).metrics.set_index(["arm", "metric"])["mean"]
    there = found.values[(found.values["grant_lasts"] == "2 days") & (found.values["share_rejected"] == "50 %")]
    assert there.set_index("arm")["value"].to_dict() == {
        arm: pytest.approx(right[arm, FIGURE]) for arm in ("source", "each")
    }
    best = found.values[(found.values["arm"] == "source") & found.values["best"]]
    assert set(best["grant_lasts"]) == {"8 hours"} and "50 %" in set(best["share_rejected"])
    place = "“Access lasts” 8 hours and “decisions of an approver that are a rejection” 50 %"
    assert found.sentence.startswith(f"The least access per ticket comes with {place}: under “source” (")
    assert "of 4 values" in found.sentence
    assert found._repr_html_().count("<tr>") == 1 + len(found.values)


def test_values_are_read_as_in_files():
    over = {"pending_expires_after": ["12 hours", "never"], "decide": {"from": 3, "to": 9, "steps": 3}}
    expiry, decide = knobs_from(over, "sweep", 2)
    assert expiry.values == (timedelta(hours=12), None) and expiry.words == ("12 hours", "never")
    assert decide.values == (Delay(3, 14), Delay(6, 28), Delay(9, 42))
    assert numbers(decide.values) == [3, 6, 9] and numbers(expiry.values) is None
    approval, days = knobs_from({"approval": ["both", "each"], "history_days": [7, 30]}, "sweep", 2)
    assert approval.values == (Approval.BOTH, Approval.EACH) and days.values == (7, 30)
    assert approval.words[1].startswith("two people have to approve")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "must have 1 to 2 settings or assumptions, not 0"),
        ({"grant_last": ["1 day"]}, "did you mean 'grant_lasts'"),
        ({"grant_lasts": ["1 day", "24 hours"]}, "must have 2 to 24 different values, not 1"),
        ({"grant_lasts": ["1 day", "long"]}, "a duration reads like"),
        ({"share_rejected": [0, 2]}, "share_rejected must be from 0 to 1"),
        ({"share_rejected": 0.5}, "a list of values, or a table with from, to and steps"),
        ({"share_rejected": {"from": 0, "to": 1}}, "steps: is missing"),
        ({"visibility": [1, 2]}, "unknown 'visibility'"),
    ],
)
def test_an_impossible_sweep_is_refused_with_the_reason(given, told):
    with pytest.raises(ValueError, match=told):
        sweep(ARMS, given, **SIZE)


def test_an_experiment_file_can_define_a_sweep():
    text = 'title = "T"\ntickets = 10\nsweep = { grant_lasts = ["1 day", "2 days"] }\n[[arms]]\nname = "a"'
    (knob,) = Experiment.parse(text).sweep or ()
    assert (knob.name, knob.about) == ("grant_lasts", "Access lasts")
    with pytest.raises(ValueError, match=r"line 3: sweep\.grant_lasts"):
        Experiment.parse(text.replace("2 days", "2 dais"))


def test_the_best_places_are_the_best_and_those_not_clearly_worse():
    """The table is by place and replication; the last place lacks the figure once."""
    cost = np.array([[5.0, 6, 7], [5.1, 5.9, 7.1], [9, 10, 11.5], [1, 2, np.nan]])
    assert _best(cost) == [True, True, False, False]


def test_without_variation_between_replications_no_verdict_is_given():
    """The difference was not seen, or replications are too few: an interval without width means nothing."""
    three = np.array([1.0, 2.0, 4.0])
    unseen, as_much = difference(three, three.copy()), difference(three + 1, three)
    assert (unseen.difference, unseen.reading) == (0.0, "none seen") and np.isnan([unseen.low, unseen.high]).all()
    assert (as_much.difference, as_much.reading) == (1.0, "too few") and np.isnan([as_much.low, as_much.high]).all()
    assert difference(np.full(3, np.nan), np.full(3, np.nan)).reading == "not comparable"


def test_none_of_several_equal_policies_leads_at_any_value():
    """At least nine of ten sweeps are right, although some of many differences are far from 0 by luck."""
    chance, arms = np.random.default_rng(3), arms_of({"one": {}, "other": {}})
    knobs = knobs_from({"share_rejected": {"from": 0, "to": 0.5, "steps": 12}}, "sweep", 1)
    led = [_values(arms, knobs, chance.normal(50, 1, (12, 10, 2)), 1)["leads"].any() for _ in range(60)]
    assert scipy.stats.binomtest(sum(led), len(led), 0.1, "greater").pvalue > 0.01


def test_a_sweep_over_the_number_of_administrators_states_its_run_size():
    """A notebook shows it, too."""
    knobs = {"common_administrators": [80, 120]}
    found = sweep({"source": {}, "each": {"policy": {"approval": "each"}}}, knobs, tickets=100, replications=2)
    assert "requests queue (“source”)" in found.note and "runs of 100 tickets" in found._repr_html_()
    assert sweep({"source": {}}, {"grant_lasts": ["8 hours", "1 day"]}, tickets=100, replications=2).note == ""
