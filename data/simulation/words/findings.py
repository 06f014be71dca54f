"""The result of a comparison in sentences: what an arm changes, and whether that is clear or might be luck."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from data.simulation.arms import Arm
from data.simulation.words.figure_words import amount, difference_in_words, figure, signed

CLEAR = ("more", "less")
GUESS = "how well a removal can be guessed"
SHORT: Mapping[str, str] = {
    "median hours to a decision": "time to a decision",
    "90th percentile of hours to a decision": "time until nine in ten requests are decided",
    "restricted mean hours to a decision": "mean time to a decision, up to 30 days",
    "share decided within a day": "requests decided within a day",
    "share that nobody could decide": "requests that nobody could decide",
    "share canceled undecided": "requests canceled undecided",
    "share expired undecided": "requests that expire undecided",
    "share of tickets decided within a day": "tickets whose first request is decided within a day",
    "share of tickets that nobody could decide": "tickets with a request that nobody could decide",
    "share of tickets canceled undecided": "tickets whose first request is canceled undecided",
    "share of tickets expired undecided": "tickets whose first request expires undecided",
    "median hours to resolution": "time to resolution",
    "90th percentile of hours to resolution": "time until nine in ten tickets are resolved",
    "restricted mean hours to resolution": "mean time to resolution, up to 30 days",
    "hours of access per ticket": "access per ticket",
    "hours of access in total": "access in total",
    "live grants on average": "live grants at a time",
    "share solved without access": "tickets solved without the access that was asked for",
    GUESS: "how well a removal can be guessed",
}
"""The name of each figure in sentences."""
_SAYS: Mapping[str, tuple[str, str]] = {  # figure -> the sentences for more and for less
    "median hours to a decision": (
        "half of the requests are decided {} later",
        "half of the requests are decided {} sooner",
    ),
    "90th percentile of hours to a decision": (
        "nine in ten requests are decided {} later",
        "nine in ten requests are decided {} sooner",
    ),
    "restricted mean hours to a decision": (
        "requests wait {} longer for a decision on average, up to 30 days",
        "requests wait {} less for a decision on average, up to 30 days",
    ),
    "share decided within a day": (
        "{} more of the requests are decided within a day",
        "{} fewer of the requests are decided within a day",
    ),
    "share that nobody could decide": (
        "{} more of the requests have nobody who could decide",
        "{} fewer of the requests have nobody who could decide",
    ),
    "share canceled undecided": (
        "{} more of the requests are canceled undecided",
        "{} fewer of the requests are canceled undecided",
    ),
    "share expired undecided": (
        "{} more of the requests expire undecided",
        "{} fewer of the requests expire undecided",
    ),
    "share of tickets decided within a day": (
        "{} more of the tickets with a request have the first one decided within a day",
        "{} fewer of the tickets with a request have the first one decided within a day",
    ),
    "share of tickets that nobody could decide": (
        "{} more of the tickets with a request have nobody who could decide",
        "{} fewer of the tickets with a request have nobody who could decide",
    ),
    "share of tickets canceled undecided": (
        "{} more of the tickets with a request have the first one canceled undecided",
        "{} fewer of the tickets with a request have the first one canceled undecided",
    ),
    "share of tickets expired undecided": (
        "{} more of the tickets with a request have the first one expire undecided",
        "{} fewer of the tickets with a request have the first one expire undecided",
    ),
    "median hours to resolution": (
        "half of the tickets are resolved {} later",
        "half of the tickets are resolved {} sooner",
    ),
    "90th percentile of hours to resolution": (
        "nine in ten tickets are resolved {} later",
        "nine in ten tickets are resolved {} sooner",
    ),
    "restricted mean hours to resolution": (
        "tickets take {} longer on average, up to 30 days",
        "tickets take {} less on average, up to 30 days",
    ),
    "hours of access per ticket": (
        "engineers have {} more access per ticket",
        "engineers have {} less access per ticket",
    ),
    "live grants on average": ("{} more are live at a time", "{} fewer are live at a time"),
    "share solved without access": (
        "{} more of the tickets with a request are solved without access",
        "{} fewer of the tickets with a request are solved without access",
    ),
    GUESS: (
        "the support request tenant could guess a removal better, by {}",
        "the support request tenant could guess a removal less well, by {}",
    ),
}
SMALL, SMALL_SHARE = 0.02, 0.005
"""Relative to the base, or in share points: smaller differences are called small, however clear they are."""
_READINGS = {
    "no clear difference": "unclear",
    "none seen": "none_seen",
    "too few": "too_few",
    "the same": "same",
    "not comparable": "not_comparable",
}
_FIRST = ("median hours to resolution", "hours of access per ticket")  # the two sides of the trade-off


class Compared(Protocol):
    """The attributes of a `Comparison` that sentences need; a `Comparison` shows them itself in a notebook."""

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms; the first is the base of the comparison."""

    @property
    def tickets(self) -> int:
        """The tickets of each replication and arm."""

    @property
    def primary(self) -> str:
        """The figure that decides, chosen before the run."""

    @property
    def metrics(self) -> pd.DataFrame:
        """The means by arm and metric."""

    @property
    def differences(self) -> pd.DataFrame:
        """The differences from the first arm, and how to read them."""


@dataclass(frozen=True)
class Findings:
    """What an arm changes: sentences for what is clear, and the names of all other figures."""

    clear: tuple[str, ...]
    small: tuple[str, ...]  # clear, but hardly worth mentioning
    unclear: tuple[str, ...]
    none_seen: tuple[str, ...]  # with how large they might still be
    too_few: tuple[str, ...]  # with how many replications would be enough
    same: tuple[str, ...]
    not_comparable: tuple[str, ...]


def findings(found: Compared, arm: str) -> Findings:
    """Return what the arm changes; the primary figure comes first, then the time that tickets take and the access."""
    rows = found.differences[found.differences["arm"] == arm].set_index("metric").to_dict("index")
    means: Mapping[Any, float] = found.metrics.set_index(["metric", "arm"])["mean"].to_dict()
    kept: dict[str, list[str]] = {name: [] for name in ("clear", "small", *_READINGS.values())}
    for metric in sorted(_SAYS, key=lambda metric: (metric != found.primary, metric not in _FIRST)):
        row, now, then = rows[metric], means[metric, arm], means[metric, found.arms[0].name]
        unit, difference = str(row["unit"]), float(row["difference"])
        row["metric"], reading = metric, str(row["reading"])
        if reading in ("none seen", "too few"):
            says = difference_in_words(row).removeprefix("too few to say: ")
            kept[_READINGS[reading]].append(f"{SHORT[metric]} ({says})")
        elif reading not in CLEAR:
            kept[_READINGS[reading]].append(SHORT[metric])
        elif is_small(difference, then, unit):
            kept["small"].append(f"{SHORT[metric]} ({signed(difference, unit)})")
        else:
            sentence = _SAYS[metric][row["reading"] == "less"].format(amount(difference, unit))
            sentence = f"{sentence[0].upper()}{sentence[1:]}"
            kept["clear"].append(f"{sentence}: {figure(now, unit)} instead of {figure(then, unit)}.")
    return Findings(**{name: tuple(sentences) for name, sentences in kept.items()})


def primary_in_words(found: Compared, arm: str) -> str:
    """Return the result for the figure that decides, and how to read the others."""
    rows = found.differences[(found.differences["arm"] == arm) & (found.differences["metric"] == found.primary)]
    its = "".join(f": {difference_in_words(row)}" for row in rows.to_dict("records"))
    return (
        f"Chosen before the run to decide: {SHORT[found.primary]}{its}. The other figures are corrected for their "
        "number (Holm): among equal policies, at most one comparison in twenty shows any of them all as clear."
    )


def is_small(difference: float, then: float, unit: str) -> bool:
    """Return whether a difference from the base is hardly worth mentioning, however clear it is."""
    return abs(difference) < (SMALL_SHARE if unit == "share" else SMALL * abs(then))
