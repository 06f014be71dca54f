"""Move a scenario to another start."""

from dataclasses import replace
from datetime import datetime

from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text


def starting(story: Scenario, starts: datetime) -> Scenario:
    """Return the scenario, and its text, with another start (naive UTC).

    Raises TypeError if that is no datetime, and ValueError if it has a time zone or the story would leave the allowed
    years.
    """
    if not isinstance(starts, datetime):
        raise TypeError(f"starts must be a datetime, for example datetime(2026, 3, 2, 9), not {starts!r}")
    if starts.tzinfo is not None:
        raise ValueError(f"starts must be in UTC without a time zone, unlike {starts.isoformat()}")
    return parse_scenario(scenario_text(replace(story, starts=starts)))
