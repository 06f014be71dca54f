"""Durations in words."""

from datetime import timedelta

import pytest

from data.files.durations import approximately, in_largest_unit, in_two_units, rounded, to_the_second


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "about 59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=1, seconds=1), "about 1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=25), "1 day 1 hour"),
        (timedelta(hours=47), "1 day 23 hours"),
        (timedelta(days=29, hours=23, minutes=59), "about 29 days 23 hours"),
        (timedelta(days=2, minutes=5), "about 2 days"),
        (timedelta(days=400), "400 days"),
        (timedelta(days=-3), "3 days"),
    ],
)
def test_a_duration_has_two_units_and_is_exact_or_about(span: timedelta, words: str):
    """So "30 days" never stands for less, and 47 hours are not "1 day"."""
    assert in_two_units(span) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "No time"),
        (1, "1 second"),
        (3660, "1 hour and 1 minute"),
        (4 * 86_400 - 1, "3 days, 23 hours, 59 minutes and 59 seconds"),
        (1000 * 86_400, "1,000 days"),
    ],
)
def test_a_duration_to_the_second_names_all_its_units(seconds: int, words: str):
    """A limit that is a second away is not yet due."""
    assert to_the_second(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "about 120 minutes"),
        (7200, "2 hours"),
        (3 * 86_400 - 1, "about 72 hours"),
        (3 * 86_400, "3 days"),
        (84 * 3600 + 1, "about 4 days"),
    ],
)
def test_a_rounded_duration_has_one_unit(seconds: int, words: str):
    """A larger unit is used from two or three of it, and "about" marks rounding."""
    assert rounded(timedelta(seconds=seconds)) == words


def test_an_expected_duration_is_rough():
    """It is at least a second, and in minutes from a minute and a half."""
    assert [approximately(seconds) for seconds in (0.0, 1.4, 2.0, 89.4, 90.0, 200.0)] == [
        "about 1 second",
        "about 1 second",
        "about 2 seconds",
        "about 89 seconds",
        "about 2 minutes",
        "about 3 minutes",
    ]


def test_hours_are_given_in_the_largest_unit_of_which_there_are_two():
    """The smallest unit is seconds."""
    found = [in_largest_unit(hours) for hours in (60, 47, 1.5, 0.01)]
    assert found == [(2.5, "days"), (47, "hours"), (pytest.approx(90), "minutes"), (36, "seconds")]
