"""Durations in words: one table of units, one way to read them, and the ways to write them."""

import re
from datetime import timedelta

from data.files.shown import value_shown
from model.limits import LONGEST_DURATION

_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 1}
_WRITTEN = ("day", "hour", "minute", "second")  # the units in which durations are written, largest first
_DURATION = re.compile(rf"([0-9]{{1,9}}) ({'|'.join(_SECONDS)})s?")
_LEAST_ROUNDED = {"day": 3, "hour": 2, "minute": 2, "second": 0}  # unit -> the smallest count for which it is chosen


def duration(text: object, else_: str = "") -> timedelta:
    """Return the duration that "12 hours" or "4 days" describes.

    Raises ValueError; `else_` names alternatives in its message.
    """
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'a duration reads like "12 hours" or "4 days"{else_}, not {value_shown(text)}')
    if (seconds := int(found[1]) * _SECONDS[found[2]]) > LONGEST_DURATION.total_seconds():
        raise ValueError(f"a duration has at most {LONGEST_DURATION.days:,} days, not {text}")
    return timedelta(seconds=seconds)


def duration_text(length: timedelta) -> str:
    """Return a duration as a whole number of the largest unit that fits, as `duration` reads it: "4 days"."""
    seconds = round(length.total_seconds())
    unit = next(unit for unit in _WRITTEN if seconds % _SECONDS[unit] == 0)
    return _counted(seconds // _SECONDS[unit], unit)


def to_the_second(length: timedelta) -> str:
    """Return a duration in all its units: "3 days, 23 hours, 59 minutes and 59 seconds"."""
    seconds, parts = round(length.total_seconds()), []
    for unit in _WRITTEN:
        count, seconds = divmod(seconds, _SECONDS[unit])
        if count:
            parts.append(_counted(count, unit, ","))
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else "No time"


def rounded(length: timedelta) -> str:
    """Return a duration in one unit (days from 3 on, hours and minutes from 2): "3 days", or "about 3 days"."""
    seconds = round(length.total_seconds())
    unit = next((unit for unit in _WRITTEN if seconds >= _LEAST_ROUNDED[unit] * _SECONDS[unit]), "second")
    count, rest = divmod(seconds, _SECONDS[unit])
    return f"about {_counted(round(seconds / _SECONDS[unit]), unit, ',')}" if rest else _counted(count, unit, ",")


def in_two_units(length: timedelta) -> str:
    """Return the absolute value of a duration in its two largest units down to minutes: "1 day 23 hours".

    It is rounded down, and then reads "about 1 day 23 hours".
    """
    seconds = int(abs(length.total_seconds()))
    parts: list[str] = []
    for unit in _WRITTEN[:-1]:
        count, rest = divmod(seconds, _SECONDS[unit])
        if parts or count:
            parts.append(_counted(count, unit) if count else "")
            seconds = rest
        if len(parts) == 2:
            break
    words = " ".join(filter(None, parts)) or "less than a minute"
    return f"about {words}" if parts and seconds else words


def approximately(seconds: float) -> str:
    """Return an approximate duration: "about 20 seconds", and from 90 seconds on in minutes."""
    if seconds < 1.5 * _SECONDS["minute"]:
        return f"about {_counted(max(round(seconds), 1), 'second')}"
    return f"about {round(seconds / _SECONDS['minute'])} minutes"


def in_largest_unit(hours: float) -> tuple[float, str]:
    """Return a duration as a number of the largest unit of which it has at least two: (3.2, "hours")."""
    for unit in _WRITTEN[:-1]:
        if hours >= 2 * (size := _SECONDS[unit] / _SECONDS["hour"]):
            return hours / size, f"{unit}s"
    return hours * _SECONDS["hour"], "seconds"


def _counted(count: int, unit: str, thousands: str = "") -> str:
    return f"{count:{thousands}} {unit}{'' if count == 1 else 's'}"
