"""Named random draws: equal for equal names, and distributed as the behaviour says."""

from datetime import timedelta

import pytest

from data.autopilot.chance import Chance
from model.simulation import Delay


def test_a_draw_depends_only_on_the_seed_and_the_name():
    first, again = Chance(1), Chance(1)
    first.number("another thing")
    assert first.number("r1", "decide") == again.number("r1", "decide")
    assert first.number("r1", "decide") != first.number("r2", "decide")
    assert first.number("r1", "decide") != Chance(2).number("r1", "decide")


@pytest.mark.parametrize("delay", [Delay(9, 42), Delay.exponential(10), Delay(5, 5)], ids=str)
def test_half_of_all_delays_are_shorter_than_the_median_and_nine_of_ten_than_the_p90(delay):
    drawn = sorted(Chance(1).length(delay, n) for n in range(4000))
    median, p90 = drawn[2000] / timedelta(hours=1), drawn[3600] / timedelta(hours=1)
    assert median == pytest.approx(delay.median_hours, rel=0.06)
    assert p90 == pytest.approx(delay.p90_hours or delay.median_hours * 3.3219, rel=0.08)


def test_an_item_is_drawn_as_often_as_its_weight_says():
    drawn = [Chance(1).one_of("ab", [1, 3], n) for n in range(4000)]
    assert drawn.count("b") / len(drawn) == pytest.approx(0.75, abs=0.03)
    assert {Chance(1).pick("abc", n) for n in range(50)} == set("abc")
