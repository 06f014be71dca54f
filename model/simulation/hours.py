"""Time in whole seconds since 1970, UTC: the week in which tickets are opened, and the hours in which people work."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from model.limits import EPOCH, LATEST
from model.simulation.behaviour import WorkingHours

Seconds = NDArray[np.int64]
NEVER = np.int64(1) << np.int64(60)
HOUR, DAY, WEEK = 3600, 86_400, 604_800
_MONDAY = 4 * DAY  # the first one of 1970
_DAYS = 5  # of work in a week
_WORK = np.array(  # how many tickets are opened in each hour of a week, from Monday on: most in the working hours
    [(1.0 if day < _DAYS else 0.2) * (1.0 if 7 <= hour < 18 else 0.15) for day in range(7) for hour in range(24)]
)
_SO_FAR = np.concatenate(([0.0], np.cumsum(_WORK))) / _WORK.sum()  # the share of a week's tickets, hour by hour
_HOURS = np.arange(7 * 24 + 1) * float(HOUR)


def seconds(at: datetime) -> int:
    """Return a moment (naive UTC) in whole seconds since 1970, rounded down."""
    return int((at - EPOCH) // timedelta(seconds=1))


def whole(long: NDArray[np.float64]) -> Seconds:
    """Round seconds of work up to whole ones, at least 1."""
    up: Seconds = np.maximum(np.ceil(long), 1).astype(np.int64)
    return up


def opening(starts: int, weeks: NDArray[np.float64]) -> Seconds:
    """Return when the tickets are opened, in order. `weeks` says after how many weeks of tickets each comes.

    `starts` is the second in which the first week begins.
    """
    week, into = divmod(starts - _MONDAY, WEEK)
    share = weeks + np.interp(into, _HOURS, _SO_FAR)
    whole_weeks = np.floor(share)
    within = np.interp(share - whole_weeks, _SO_FAR, _HOURS)
    at: Seconds = (_MONDAY + (week + whole_weeks) * WEEK + within).astype(np.int64)
    return at


def weeks_of_tickets(at: Seconds) -> NDArray[np.float64]:
    """Return how many weeks of tickets were opened by each moment, since the first Monday of 1970; see `opening`."""
    week, into = np.divmod(at - _MONDAY, WEEK)
    share: NDArray[np.float64] = week + np.interp(into, _HOURS, _SO_FAR)
    return share


def after_work(at: Seconds, work: Seconds, hours: WorkingHours | None) -> Seconds:
    """Return when work of so many seconds (at least 1) that begins `at` is done; None works around the clock."""
    if hours is None:
        return at + work
    first, length = hours.first_hour * HOUR, (hours.last_hour - hours.first_hour) * HOUR
    changes, offsets = _offsets(hours.zone)
    offset = offsets[np.searchsorted(changes, at, side="right")]
    done = _worked_by(at + offset, first, length) + work
    days, second = np.divmod(done - 1, length)
    week, day = np.divmod(days, _DAYS)
    local = _MONDAY + (week * 7 + day) * DAY + first + second + 1
    result = local - offsets[np.searchsorted(changes, local - offset, side="right")]
    return np.maximum(result, at + 1)  # when a clock is set back during work


def worked(begins: Seconds, ends: Seconds, hours: WorkingHours | None) -> Seconds:
    """Return how many seconds of work lie between two moments: the inverse of `after_work`."""
    if hours is None:
        return ends - begins
    first, length = hours.first_hour * HOUR, (hours.last_hour - hours.first_hour) * HOUR
    changes, offsets = _offsets(hours.zone)
    by = [_worked_by(at + offsets[np.searchsorted(changes, at, side="right")], first, length) for at in (begins, ends)]
    return by[1] - by[0]


def _worked_by(local: Seconds, first: int, length: int) -> Seconds:
    """Return the seconds of work from the first Monday of 1970 until a moment of local time."""
    day, second = np.divmod(local - _MONDAY, DAY)
    week, day = np.divmod(day, 7)
    today = np.where(day < _DAYS, np.clip(second - first, 0, length), 0)
    done: Seconds = (week * _DAYS + np.minimum(day, _DAYS)) * length + today
    return done


@cache
def _offsets(zone: str) -> tuple[Seconds, Seconds]:
    """Return when the zone's offset from UTC changes, to the hour, and the offsets before, between and after."""
    clock = ZoneInfo(zone)

    def offset(hour: int) -> int:
        local = datetime.fromtimestamp(hour * HOUR, UTC).astimezone(clock).utcoffset()
        return int(local.total_seconds()) if local else 0

    # The hours since 1970 at which weeks begin, until a year after the latest date.
    weeks = range(0, 24 * ((LATEST - EPOCH).days + 366), WEEK // HOUR)
    each = [offset(hour) for hour in weeks]
    found = []
    for low, before, now in zip(weeks, each, each[1:], strict=False):
        if before != now:  # no zone changes twice in a week
            high = low + WEEK // HOUR
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            found.append((high * HOUR, now))
    changes, after = zip(*found, strict=True) if found else ((), ())
    return np.array(changes, np.int64), np.array([each[0], *after], np.int64)
