"""Work is done in working hours, and tickets are opened over a realistic week."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from model.simulation import WorkingHours, seconds
from model.simulation.hours import DAY, HOUR, WEEK, after_work, opening

QUARTER = 900  # seconds: no current offset of a zone and no working hour begins within one
ZONES = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu"]
CHANGES = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2031-03-30"]
MONDAY = seconds(datetime(2026, 1, 5))


def naive(at: int, work: int, hours: WorkingHours) -> int:
    """Count the seconds of each quarter of an hour that lies in working hours."""
    zone = ZoneInfo(hours.zone)
    while True:
        quarter_ends = at - at % QUARTER + QUARTER
        local = datetime.fromtimestamp(at, UTC).astimezone(zone)
        if local.weekday() < 5 and hours.first_hour <= local.hour < hours.last_hour:
            if work <= quarter_ends - at:
                return at + work
            work -= quarter_ends - at
        at = quarter_ends


def after(at: int, work: int, hours: WorkingHours | None) -> int:
    return int(after_work(np.array([at]), np.array([work]), hours)[0])


@pytest.mark.parametrize("zone", ZONES)
def test_work_is_counted_by_the_wall_clock(zone: str):
    """Compared quarter by quarter, over nights, weekends and clock changes, which these zones have on Sundays."""
    chance = Random(zone)
    begins = [seconds(datetime.fromisoformat(day)) - 4 * DAY for day in CHANGES] + [MONDAY, MONDAY + 40 * WEEK]
    for _ in range(250):
        first = chance.randrange(24)
        hours = WorkingHours(zone, first, chance.randrange(first + 1, 25))
        length = (hours.last_hour - hours.first_hour) * HOUR
        at = chance.choice(begins) + chance.choice([chance.randrange(WEEK), chance.randrange(7 * 96) * QUARTER])
        work = chance.choice(
            [1, 2, chance.randrange(1, length + 1), length, length + 1, chance.randrange(1, 3 * length)]
        )
        assert after(at, work, hours) == naive(at, work, hours), (hours, datetime.fromtimestamp(at, UTC), work)


def test_work_around_the_clock_takes_exactly_its_length():
    """This is the default, without working hours."""
    assert after(MONDAY, 5, None) == MONDAY + 5


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-01-05T09:00", 2, "2026-01-05T11:00"),  # a Monday
        ("2026-01-05T07:00", 2, "2026-01-05T10:00"),  # before work
        ("2026-01-05T17:00", 2, "2026-01-06T09:00"),  # over night
        ("2026-01-05T16:00", 2, "2026-01-05T18:00"),  # to the very end of the day
        ("2026-01-09T17:00", 2, "2026-01-12T09:00"),  # over a weekend
        ("2026-01-10T12:00", 1, "2026-01-12T09:00"),  # from a Saturday
        ("2026-01-05T08:00", 50, "2026-01-09T18:00"),  # a week's work
    ],
)
def test_work_by_hand(begins: str, hours: int, ends: str):
    """Working hours are from eight to six, in a zone without summer time."""
    at, end = (seconds(datetime.fromisoformat(text)) for text in (begins, ends))
    assert after(at, hours * HOUR, WorkingHours("UTC", 8, 18)) == end


def test_a_clock_change_in_working_hours_never_ends_work_before_it_began():
    """Cairo's clock changes in the night before a Friday: up to an hour is counted twice or not at all."""
    hours = WorkingHours("Africa/Cairo", 0, 24)
    for change in (datetime(2026, 4, 23, 20), datetime(2026, 10, 29, 19)):
        for minutes in range(0, 300, 7):
            at = seconds(change) + 60 * minutes
            for work in (1, 60, HOUR, 3 * HOUR):
                end = after(at, work, hours)
                assert end > at
                assert abs(end - naive(at, work, hours)) <= HOUR


def test_columns_give_the_same_results_as_single_values():
    """The order and the mix of days make no difference."""
    chance, hours = np.random.default_rng(1), WorkingHours("Europe/Paris", 9, 17)
    at, work = MONDAY + chance.integers(0, 60 * WEEK, 500), chance.integers(1, 100 * HOUR, 500)
    assert after_work(at, work, hours).tolist() == [
        after(*pair, hours) for pair in zip(at.tolist(), work.tolist(), strict=True)
    ]


def test_tickets_are_opened_over_a_realistic_week():
    """Evenly spaced shares of a week fall mostly on weekdays by day, the same every week."""
    starts = MONDAY
    at = opening(starts, np.arange(200_000) / 100_000)
    assert at[0] == starts and (np.diff(at) >= 0).all() and at[-1] < starts + 2 * WEEK
    assert (at[100_000:] - WEEK == at[:100_000]).mean() > 0.999
    day, hour = (at[:100_000] - starts) // DAY, (at[:100_000] - starts) % DAY // HOUR
    by_day = np.bincount(day, minlength=7) / 100_000
    assert by_day[:5] == pytest.approx([by_day[0]] * 5, abs=1e-4)
    assert by_day[5:] == pytest.approx([by_day[0] / 5] * 2, abs=1e-4)
    assert ((hour >= 7) & (hour < 18)).mean() == pytest.approx(11 / (11 + 13 * 0.15), abs=1e-3)


def test_a_run_may_begin_at_any_time_of_the_week():
    """The first tickets are those typical of that hour."""
    for starts in (MONDAY, MONDAY + 3 * DAY + 5 * HOUR + 17, MONDAY + 6 * DAY):
        at = opening(starts, np.array([0.0, 1.0, 2.0]))
        assert at == pytest.approx([starts, starts + WEEK, starts + 2 * WEEK], abs=1)
        assert timedelta(seconds=int(at[1] - at[0])) >= timedelta(days=6)
