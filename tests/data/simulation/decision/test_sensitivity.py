"""Each assumption is varied alone, and the order of the arms is the one that `compare` finds there."""

from functools import partial

import numpy as np
import pytest
import scipy.stats

from data import Experiment, compare, experiments, sensitivity
from data.files.toml_reader import Value
from data.simulation.arms import arms_of
from data.simulation.decision.assumption_words import brief
from data.simulation.decision.cases import Size, run_cases
from data.simulation.decision.order import Turn, break_even, every_pair, never_told_apart, pairs_read, turns
from data.simulation.decision.ranges import PLAUSIBLE, Range, ranges_from
from data.simulation.decision.sensitivity_words import order_sentence
from data.simulation.statistics.differences import Difference
from data.simulation.words.figure_words import difference_in_words
from model.simulation import Behaviour, Delay, WorkingHours

ARMS = {"source": {}, "each": {"policy": {"approval": "each"}}}
SIZE = {"tickets": 300, "replications": 3, "seed": 4}
FIGURE, EXPIRED = "median hours to resolution", "share expired undecided"
LATE = {"source": {}, "20 days": {"policy": {"pending_expires_after": "20 days"}}}
ONLY = dict.fromkeys(PLAUSIBLE, False)  # none is varied
COMMON = "share_with_common_administrator"
NUMBERS = ["difference", "low", "high", "p", "cases", "enough"]


def test_every_assumption_has_a_range_around_it_with_its_reason():
    """A new field of `Behaviour` needs a range, too."""
    assert list(PLAUSIBLE) == list(Behaviour.__dataclass_fields__)
    for name, its in PLAUSIBLE.items():
        assert its.reason and brief(name)
        for value in (its.low, its.high):
            Behaviour(**{name: value})
        assumed = getattr(Behaviour(), name)
        if isinstance(assumed, Delay):
            assert its.low.median_hours < assumed.median_hours < its.high.median_hours
            assert its.low.p90_hours < assumed.p90_hours < its.high.p90_hours
        elif assumed is not None:
            assert its.low < assumed < its.high


@pytest.mark.slow
def test_an_effect_equals_that_of_a_comparison_under_the_assumption():
    """With the same tickets and draws the numbers are equal."""
    found = sensitivity(ARMS, ranges={**ONLY, COMMON: (0.3, 0.9), "decide": (3, 20)}, **SIZE)
    assert list(found.ranges["assumption"]) == [COMMON, "decide"]
    for name, end, value in ((COMMON, "low", 0.3), (COMMON, "high", 0.9), ("decide", "high", Delay(20, 20 * 42 / 9))):
        right = compare(ARMS, base={"behaviour": {name: value}}, **SIZE).differences.set_index("metric").loc[FIGURE]
        row = found.effects[(found.effects["assumption"] == name) & (found.effects["at"] == end)].iloc[0]
        assert row["arm"] == "each"
        assert row[NUMBERS].to_list() == pytest.approx(right[NUMBERS].to_list(), nan_ok=True)
    plain = compare(ARMS, **SIZE).differences.set_index("metric").loc[FIGURE]
    assert found.assumed[NUMBERS].iloc[0].to_list() == pytest.approx(plain[NUMBERS].to_list(), nan_ok=True)
    assert found.effects["spread"].min() > 0
    assert set(found.tables) == {"assumed", "effects", "turns", "ranges"}
    assert "each assumption by itself" in found._repr_html_()


@pytest.mark.slow
def test_the_difference_of_any_two_arms_equals_that_of_their_comparison():
    """So it does if neither is the first arm and few cases differ: these are counted."""
    rare = {"short": {"policy": {"grant_lasts": "8 hours"}}, **LATE}
    found = run_cases([arms_of(rare)], Size(200, 4, 4), [EXPIRED], partial(every_pair, figure=EXPIRED), every_pair=True)
    right = compare(LATE, tickets=200, replications=4, seed=4).differences.set_index("metric").loc[EXPIRED]
    assert right["difference"] > 0 and right["reading"] == "no clear difference" and right["enough"] > 4
    assert dict(zip(right.index, right, strict=True)).items() >= found[0][2]._asdict().items()


@pytest.mark.slow
def test_an_unseen_difference_has_the_exact_bound_of_a_comparison():
    """The words have it, too."""
    late = {"source": {}, "60 days": {"policy": {"pending_expires_after": "60 days"}}}
    found = sensitivity(late, ranges={**ONLY, "decide": (3, 20)}, figure=EXPIRED, tickets=100, replications=5, seed=3)
    row = found.effects.iloc[0].to_dict()
    assert row["reading"] == "none seen" and row["high"] == -row["low"] == 1 - 0.05 ** (1 / row["cases"])
    told = f"none seen in {row['cases']:.0f} requests; at most {100 * row['high']:.2g} % (95 %)"
    assert difference_in_words(row) == told and told in found._repr_html_()
    assert "cannot be told apart" in found.sentence


@pytest.mark.slow
def test_an_experiment_sets_the_size_and_an_assumption_in_which_arms_differ_is_not_varied():
    arms = '[[arms]]\nname = "many"\n[[arms]]\nname = "few"\nbehaviour = { share_with_common_administrator = 0.2 }'
    asks = "sensitivity = { share_rejected = { low = 0.1, high = 0.2 }, work = false }"
    experiment = Experiment.parse(f'title = "T"\ntickets = 100\nreplications = 2\nseed = 3\n{asks}\n{arms}')
    assert experiment.sensitivity["share_rejected"] == Range(0.1, 0.2)
    found = sensitivity(experiment, ranges={**ONLY, "share_rejected": (0.1, 0.2), COMMON: (0.1, 0.9)}, threads=1)
    assert (found.tickets, found.replications, found.seed, found.left_out) == (100, 2, 3, (COMMON,))
    assert list(found.ranges["assumption"]) == ["share_rejected"]


def test_the_key_of_a_file_is_true_or_a_table_of_ranges():
    head = 'title = "T"\ntickets = 100\n{}\n[[arms]]\nname = "a"'
    assert Experiment.parse(head.format("sensitivity = true")).sensitivity == PLAUSIBLE
    assert Experiment.parse(head.format("sensitivity = false")).sensitivity is None
    assert Experiment.parse(head.format("")).sensitivity is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"share_reject": (0, 1)}, "did you mean 'share_rejected'"),
        ({"share_rejected": (0, 2)}, "share_rejected must be from 0 to 1, not 2"),
        ({"share_rejected": {"low": 0.1}}, "high: is missing"),
        ({"share_rejected": (0.1,)}, "must be a low and a high value"),
        ({"decide": (0, 5)}, "median_hours must be more than 0"),
    ],
)
def test_an_invalid_range_is_refused_with_the_reason(given, told):
    with pytest.raises(ValueError, match=told):
        ranges_from(given)


def test_a_range_may_be_a_pair_a_table_or_a_range():
    found = ranges_from(
        {
            "ask": (2, 8),
            "approvers_work": {"low": "around the clock", "high": {"zone": "UTC"}, "reason": "two shifts"},
            "share_removed": Range(0.1, 0.2),
            "work": False,
        }
    )
    assert found["ask"] == Range(Delay(2, 7), Delay(8, 28))
    assert found["approvers_work"] == Range(None, WorkingHours(), "two shifts")
    assert found["share_removed"].high == 0.2
    assert "work" not in found and len(found) == len(PLAUSIBLE) - 1
    assert ranges_from(Value({"ask": False})).keys() == PLAUSIBLE.keys() - {"ask"}


# The order, by hand.

CLEARLY = [1e-9, 1e-9, 1e-9]  # p-values


def by_hand(*cases, p=CLEARLY):
    """Return for each case the rows of the pairs of a, b and c, whose differences are clear unless they are 0."""
    each = [
        [
            Difference(d, d - 1, d + 1, "more" if d > 0 else "less" if d < 0 else "no clear difference", its, np.nan)
            for d, its in zip(case, p, strict=True)
        ]
        for case in cases
    ]
    frame = pairs_read(["a", "b", "c"], FIGURE, each)
    return [of.reset_index(drop=True) for _, of in frame.groupby("case")]


def test_reversed_and_blurred_orders_are_found():
    """The pairs are b against a, c against a, and c against b."""
    before, after = by_hand([2.0, 10, 8], [-2.0, 0, 8])
    assert list(turns(before, after)) == [Turn("b", "a", reversed=True), Turn("c", "a", reversed=False)]
    assert not list(turns(before, before)) and never_told_apart(after) == [("a", "c")]


def test_readings_are_corrected_for_the_number_of_cases():
    """The order under the default assumptions is tested first; for the others a p-value of 0.005 is not enough."""
    (before, after) = by_hand([2.0, 10, 8], [-2.0, 10, 8], p=[0.005, 1e-9, 1e-9])
    assert list(turns(before, after)) == [Turn("b", "a", reversed=True)]
    cases = by_hand([2.0, 10, 8], *[[-2.0, -10, -8]] * 30, p=[0.005] * 3)
    assert set(cases[0]["reading"]) == {"more"}
    assert all(set(case["reading"]) == {"no clear difference"} for case in cases[1:])
    assert [turn.reversed for turn in turns(cases[0], cases[1])] == [False] * 3


def test_equal_policies_rarely_seem_different_in_any_case(announce):
    """At most one analysis in twenty finds a clear difference; without the correction most would."""
    chance, clear, uncorrected, many = np.random.default_rng(5), 0, 0, 300
    for _ in range(many):
        errors = chance.normal(0, 1, (31, 10))
        p = scipy.stats.ttest_1samp(errors, 0, axis=1).pvalue
        cases = [[Difference(0.1, 0.01, 1, "more", float(its), np.nan)] for its in p]
        clear += bool(pairs_read(["a", "b"], FIGURE, cases)["reading"].eq("more").any())
        uncorrected += bool((p < 0.05).any())
    announce(f"of {many} analyses of equal policies {clear} show anything as clear; uncorrected {uncorrected} would")
    assert scipy.stats.binomtest(clear, many, 0.05, "greater").pvalue > 0.01
    assert uncorrected > many / 2


def test_the_crossing_of_two_arms_is_interpolated():
    """It is half way from 2 above to 2 below."""
    assert break_even((0.4, 2.0), (0.8, -2.0)) == break_even((0.8, -2.0), (0.4, 2.0)) == pytest.approx(0.6)
    assert np.isnan(break_even((0.4, 2.0), (0.8, 1.0))) and np.isnan(break_even((np.nan, 2.0), (0.8, -1.0)))


def _turn(assumption: str, at: str, value: str, level: float, *, turns: bool = True, more: str = "source"):
    return {
        "assumption": assumption,
        "at": at,
        "value": value,
        "now_less": "each",
        "now_more": more,
        "reversed": turns,
        "break_even": level,
    }


def test_the_sentence_states_the_cases_in_which_the_order_changes():
    worlds = arms_of(ARMS)
    nothing = order_sentence(worlds, FIGURE, [], [])
    assert nothing.startswith(
        "No assumption, one at a time at the ends of its range, changes the order of the policies"
    )
    said = order_sentence(worlds, FIGURE, [_turn(COMMON, "low", "40 %", 0.7649)], [])
    assert said == (
        "The order of the policies changes only if “pairs of tenants in which somebody administers both” is below "
        "about 76 % (85 % is assumed): then “each” comes before “source”. (Ordered by time to resolution, least first.)"
    )
    nan = float("nan")
    clock = _turn("approvers_work", "high", "Monday to Friday, 8 to 18 h, UTC", nan)
    assert "is Monday to Friday, 8 to 18 h, UTC (around the clock is assumed): then" in order_sentence(
        worlds, FIGURE, [clock], []
    )
    slow = _turn("decide", "high", "half within 24 h, nine in ten within 96 h", 15.2)
    assert "is above about 15 h at the median (half within 9 h" in order_sentence(worlds, FIGURE, [slow], [])
    blurred = order_sentence(worlds, FIGURE, [_turn(COMMON, "low", "40 %", nan, turns=False)], [])
    may = (
        "It may change with one of these, with which it is not clear any more: pairs with a common administrator 40 %."
    )
    assert (
        blurred.startswith("No assumption, one at a time at the ends of its range, clearly changes") and may in blurred
    )
    both = order_sentence(worlds, FIGURE, [_turn(COMMON, "low", "40 %", nan, turns=False), clock], [])
    assert both.startswith("The order of the policies changes if “") and may in both
    three = arms_of({**ARMS, "third": {}, "fourth": {}})
    pairs = [("source", "each"), ("source", "third"), ("each", "third")]
    alike = order_sentence(three, FIGURE, [], pairs)
    assert "As things are assumed".lower() in alike and "apart: “source”, “each” and “third”." in alike
    assert "apart: “source” and “each”; “source” and “third”." in order_sentence(three, FIGURE, [], pairs[:2])
    unknown = order_sentence(worlds, FIGURE, [], [("source", "each")])
    assert unknown.startswith("As things are assumed, the policies cannot be told apart by time to resolution")


def test_one_arm_has_no_order():
    with pytest.raises(ValueError, match="at least two arms"):
        sensitivity({"alone": {}}, tickets=100, replications=2)
    with pytest.raises(ValueError, match="unknown figure 'hours of acces per ticket'; did you mean"):
        sensitivity(ARMS, figure="hours of acces per ticket")
    with pytest.raises(ValueError, match="has a base of its own"):
        sensitivity(experiments()["short-grants"], base={})
