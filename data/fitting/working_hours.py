"""Infer approvers' working hours from the times of their decisions."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.fitting.findings import FEWEST, Finding, too_few
from model.simulation import Behaviour, WorkingHours

ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
)
"""The time zones to try: the one with the fewest working hours is chosen."""
_LONGEST_DAY = 14  # hours of work, between the first and the last
_OUTSIDE = 0.03  # the largest share of decisions outside working hours
_RARE = 0.01  # an hour with a smaller share is not a working hour
_DAYS = 5
_USUAL_START = 8.5  # h: among equally good zones, prefer a usual start


def approvers_work(decided: NDArray[np.int64], assumed: Behaviour, zones: Sequence[str] = ZONES) -> Finding:
    """Return a finding of the working hours of nearly all decisions, or that approvers decide around the clock."""
    name, many = "approvers_work", len(decided)
    if many < 2 * FEWEST:
        return too_few(name, assumed, many, "decisions, which is too few to see hours in")
    utc = pd.to_datetime(pd.Series(decided), unit="s", utc=True)
    tried = [_hours(utc, zone) for zone in zones]
    found = [each for each in tried if each]
    if not found:
        return Finding(name, None, many, True, f"{many:,} decisions, at all hours and on all days: around the clock")
    hours, inside = min(found, key=lambda each: (_length(each[0]), abs(each[0].first_hour - _USUAL_START)))
    alike = [each.zone for each, _ in found if _length(each) == _length(hours) and each != hours]
    others = f"; in {', '.join(alike)} they would be as many hours" if alike else ""
    return Finding(name, hours, many, True, f"{100 * inside:.3g} % of {many:,} decisions lie in these hours{others}")


def _hours(utc: pd.Series, zone: str) -> tuple[WorkingHours, float] | None:
    """Return the hours in which nearly all decisions lie in a zone, and their share; None if there are none."""
    local = utc.dt.tz_convert(ZoneInfo(zone))
    # A decision at 18:00:00 was made by 18 h: the end of an hour belongs to it.
    hour = (local - pd.Timedelta(seconds=1)).dt.hour.to_numpy()
    weekday = local.dt.day_of_week.to_numpy() < _DAYS
    counts = np.bincount(hour[weekday], minlength=24)
    often = np.flatnonzero(counts > max(_RARE * len(hour), 0))
    if not len(often):
        return None
    first, last = int(often[0]), int(often[-1]) + 1
    inside = float((weekday & (hour >= first) & (hour < last)).mean())
    if last - first > _LONGEST_DAY or inside < 1 - _OUTSIDE:
        return None
    return WorkingHours(zone, first, last), inside


def _length(hours: WorkingHours) -> int:
    return hours.last_hour - hours.first_hour


def shape(opened: NDArray[np.int64]) -> str:
    """Return in words how the hours in which tickets are opened compare with those of a simulation."""
    utc = pd.to_datetime(pd.Series(opened), unit="s", utc=True)
    busy = (utc.dt.day_of_week < _DAYS) & (utc.dt.hour >= 7) & (utc.dt.hour < 18)
    shares = f"{100 * busy.mean():.0f} % of the tickets were opened", f"{100 * SIMULATED:.0f} % in a simulation"
    return f"{shares[0]} from Monday to Friday, 7 to 18 h UTC, and {shares[1]}"


SIMULATED = 5 * 11 / (5 * (11 + 13 * 0.15) + 2 * 0.2 * (11 + 13 * 0.15))
"""The share of tickets that a simulation opens in these hours; see `model.simulation.hours`."""
