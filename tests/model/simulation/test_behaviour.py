"""A behaviour accepts what it should, and refuses a wrong number by name."""

from dataclasses import fields
from math import exp, inf, log, nan

import numpy as np
import pytest

from model import Policy
from model.simulation import STARTS, Behaviour, Delay, WorkingHours, run, seconds
from model.simulation.behaviour import LONGEST_HOURS
from model.simulation.draws import BLOCK, block

SHARES = [assumption.name for assumption in fields(Behaviour) if assumption.name.startswith("share_")]
DELAYS = [assumption.name for assumption in fields(Behaviour) if isinstance(assumption.default, Delay)]


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [-0.01, 1.01, nan, inf])
def test_a_share_is_from_0_to_1(name: str, value: float):
    """Otherwise the error names the field and the number."""
    with pytest.raises(ValueError, match=f"{name} must be from 0 to 1, not {value}"):
        Behaviour(**{name: value})


@pytest.mark.parametrize("name", DELAYS)
def test_a_delay_must_be_a_delay_object(name: str):
    """A bare number has no unit."""
    with pytest.raises(ValueError, match=f"{name} must be a Delay, not 4"):
        Behaviour(**{name: 4})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("tickets_per_day", value) for value in (0, -1, nan, inf, 10_000_001)),
        *(("slower_without_access", value) for value in (0.9, 101, nan)),
    ],
)
def test_other_numbers_have_their_ranges_too(name: str, value: float):
    """The error states the range."""
    with pytest.raises(ValueError, match=f"{name} must be .*not {value}"):
        Behaviour(**{name: value})


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: Delay(0), "median_hours must be more than 0"),
        (lambda: Delay(-1), "median_hours .* not -1"),
        (lambda: Delay(nan), "median_hours .* not nan"),
        (lambda: Delay(LONGEST_HOURS + 1), "at most 87,600"),
        (lambda: Delay("4"), "median_hours must be a number, not '4'"),
        (lambda: Delay(4, "9"), "p90_hours must be a number, not '9'"),
        (lambda: Delay(True), "median_hours must be a number, not True"),
        (lambda: Behaviour(share_removed="0.5"), "share_removed must be a number, not '0.5'"),
        (lambda: Behaviour(tickets_per_day=None), "tickets_per_day must be a number, not None"),
        (lambda: Behaviour(slower_without_access=True), "slower_without_access must be a number, not True"),
        (lambda: Behaviour(approvers_work="UTC"), "approvers_work must be WorkingHours or None, not 'UTC'"),
        (lambda: WorkingHours("UTC", 8.5, 18), "full hours, not at 8.5"),
        (lambda: Delay(4, 3), "p90_hours must be at least the median"),
        (lambda: Delay(4, nan), "p90_hours"),
        (lambda: Delay(4, LONGEST_HOURS + 1), "p90_hours"),
        (lambda: WorkingHours("Europe/Pairs"), "unknown time zone 'Europe/Pairs'"),
        (lambda: WorkingHours(""), "unknown time zone ''"),
        (lambda: WorkingHours("../etc/passwd"), "unknown time zone"),
        (lambda: WorkingHours("UTC", 9, 9), "not 9 to 9"),
        (lambda: WorkingHours("UTC", -1, 9), "not -1 to 9"),
        (lambda: WorkingHours("UTC", 8, 25), "not 8 to 25"),
    ],
)
def test_impossible_values_are_refused(made, reason: str):
    """These are impossible delays, hours that no day has, and unknown time zones."""
    with pytest.raises(ValueError, match=reason):
        made()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"engine": "turbo"}, "unknown engine 'turbo'; known: bulk, step"),
        ({"tickets": 0}, "tickets must be a whole number from 1"),
        ({"tickets": 2.0}, "not 2.0"),
        ({"tickets": True}, "not True"),
        ({"seed": -1}, "the seed must be"),
        ({"seed": 1.5}, "not 1.5"),
        ({"tickets": 100_000_000}, "take until after the year 2199"),
    ],
)
def test_an_impossible_run_is_refused(wrong: dict[str, object], reason: str):
    """The error comes before anything is drawn."""
    with pytest.raises(ValueError, match=reason):
        run(Policy(), Behaviour(), **{"tickets": 10, **wrong})


@pytest.mark.parametrize("delay", [Delay(9, 42), Delay(5, 5), Delay(20), Delay.exponential(30), Delay(0.5, 30)])
def test_half_are_shorter_than_the_median_and_nine_of_ten_than_the_90th_percentile(delay: Delay):
    """A z-test of the draws at five standard errors. Times are whole seconds, and positive."""
    asks = block(Behaviour(ask=delay), BLOCK, seconds(STARTS), 4, 0, 0).ask
    p90 = delay.p90_hours if delay.p90_hours is not None else delay.median_hours * log(10) / log(2)
    if delay.median_hours == p90:
        assert set(asks.tolist()) == {round(3600 * p90) + 1}
        return
    for share, hours in ((0.5, delay.median_hours), (0.9, p90)):
        assert np.mean(asks <= hours * 3600) == pytest.approx(share, abs=5 * (share * (1 - share) / BLOCK) ** 0.5)
    assert asks.min() >= 1


def test_an_exponential_delay_is_known_by_its_mean():
    """Its median is the mean times the logarithm of two."""
    delay = Delay.exponential(10)
    assert delay.is_exponential and delay.mean_of_exponential == pytest.approx(10)
    assert exp(-delay.median_hours / 10) == pytest.approx(0.5)
    assert not Delay(3, 3).is_exponential and Delay(3, 3).sigma == 0


def test_no_delay_is_longer_than_the_longest():
    """Longer draws are cut to it, however wide the distribution."""
    drawn = block(Behaviour(ask=Delay(1, LONGEST_HOURS), work=Delay(LONGEST_HOURS)), BLOCK, seconds(STARTS), 1, 0, 0)
    assert drawn.ask.max() == LONGEST_HOURS * 3600 + 1
    assert drawn.work.max() == LONGEST_HOURS * 3600 + 1


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [0, 1])
def test_a_share_of_0_means_none_and_of_1_means_all(name: str, value: int):
    """The extremes are exact."""
    drawn = block(Behaviour(**{"share_elsewhere": 0.5, name: value}), BLOCK, seconds(STARTS), 1, 0, 0)
    other, rounds = drawn.other, drawn.other.rounds
    columns = {
        "share_elsewhere": [drawn.elsewhere],
        "share_advanced_diagnostics": [drawn.advanced],
        "share_with_common_administrator": [other.common],
        "share_asked_again": [other.again],
        "share_rejected": [flags for wishes in rounds for flags in wishes.rejects],
        "share_removed": [wishes.removes for wishes in rounds],
    }[name]
    assert all((column == bool(value)).all() for column in columns)


def test_a_number_may_come_from_a_column():
    """Analysts take numbers from frames."""
    assert Behaviour(tickets_per_day=np.int64(5), share_removed=np.float32(0.5), ask=Delay(np.float64(2)))


def test_every_field_has_a_description():
    """The pages and the notebook show it."""
    assert all(assumption.metadata["says"] for assumption in fields(Behaviour))
