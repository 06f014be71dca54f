"""A scenario that begins at another moment."""

from dataclasses import replace
from datetime import datetime

from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text


def starting(story: Scenario, starts: datetime) -> Scenario:
    """Return the scenario with another beginning, naive UTC; its text says so, too.

    Raises TypeError if that is no moment, and ValueError if it has a time zone or the story would not lie in the years
    that a story may.
    """
    if not isinstance(starts, datetime):
        raise TypeError(f"starts wants a datetime, for example datetime(2026, 3, 2, 9), not {starts!r}")
    if starts.tzinfo is not None:
        raise ValueError(f"starts is in UTC and has no time zone of its own, unlike {starts.isoformat()}")
    return parse_scenario(scenario_text(replace(story, starts=starts)))
