"""The answer to a comparison: one sentence to repeat, and four figures in large type, each with how to read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from data.simulation.steady import queue_note
from data.simulation.words.figure_words import amount, figure, none_seen, signed
from data.simulation.words.findings import CLEAR, GUESS, Compared, is_small

RESOLUTION, ACCESS = "median hours to resolution", "hours of access per ticket"
_FIRST_REQUESTS: Mapping[str, tuple[str, str]] = {  # figure -> what becomes of a ticket's first request, and its label
    "share of tickets expired undecided": ("expires undecided", "First request expires"),
    "share of tickets canceled undecided": ("is canceled undecided", "First request is canceled"),
    "share of tickets that nobody could decide": ("nobody could decide", "Nobody could decide"),
    "share of tickets decided within a day": ("is decided within a day", "Decided within a day"),
}
"""Shares of tickets, not of requests: repeated requests change the number of requests, but not of tickets."""
_WITHIN_A_DAY = "share of tickets decided within a day"
_MEDIAN = "The median: half of the tickets take less time, half take more."
_GUESS_SAYS = (
    "How well the support request tenant could tell removed access from access that stayed, by the times that it sees. "
    "0.5 is no better than tossing a coin, 1 is always right. (Statisticians call it the AUC.)"
)
_WORDS: Mapping[str, tuple[str, str]] = {  # unit or figure -> the words for more and less
    RESOLUTION: ("longer", "shorter"),
    ACCESS: ("longer", "shorter"),
    "share": ("more", "fewer"),
    GUESS: ("easier", "harder"),
}


@dataclass(frozen=True)
class Headline:
    """A figure in large type: of an arm compared with the base, or of the base itself."""

    label: str
    value: str  # "+9.9 h", or "61.0 h" of the base
    interval: str  # "9.1 to 10.7"; empty if there is none
    compared: str  # "70.9 h instead of 61.0 h"; empty for the base
    reading: str  # "clearly longer"; empty for the base
    clear: bool
    says: str  # what the figure means


class _Rows:
    """The means of an arm and of the base, and the differences between them, by figure."""

    def __init__(self, found: Compared, arm: str) -> None:
        self.base = found.arms[0].name
        means = {(row["metric"], row["arm"]): row for row in found.metrics.to_dict("records")}
        apart = found.differences[found.differences["arm"] == arm].to_dict("records")
        self.apart: dict[str, dict[Any, Any]] = {row["metric"]: row for row in apart}
        self.now = {metric: row for (metric, of), row in means.items() if of == arm}
        self.then = {metric: row for (metric, of), row in means.items() if of == self.base}

    def matters(self, metric: str) -> bool:
        """Return whether a difference is clear and not small."""
        row = self.apart[metric]
        small = is_small(float(row["difference"]), float(self.then[metric]["mean"]), str(row["unit"]))
        return row["reading"] in CLEAR and not small

    def most_changed(self) -> str:
        """Return the share of tickets that changes most; the first that is not 0 if none clearly changes."""
        changed = [metric for metric in _FIRST_REQUESTS if self.apart and self.matters(metric)]
        if changed:
            return max(changed, key=lambda metric: abs(float(self.apart[metric]["difference"])))
        return next((metric for metric in _FIRST_REQUESTS if self.then[metric]["mean"] > 0), _WITHIN_A_DAY)


def answer(found: Compared, arm: str) -> str:
    """Return the answer in one sentence of plain text: what the arm changes, or the result of the base itself."""
    rows = _Rows(found, arm)
    if arm == rows.base:
        return _of_the_base(rows)
    readings = {row["reading"] for row in rows.apart.values()}
    if readings <= {"none seen", "not comparable"}:
        seen = none_seen(rows.apart["share decided within a day"])
        only = f", in runs of {found.tickets:,} tickets" if queue_note(found.arms, found.tickets) else ""
        return f"With “{arm}” instead of “{rows.base}”, no difference was met: {seen}{only}."
    if readings == {"the same"}:
        return f"“{arm}” instead of “{rows.base}” changes nothing: every figure is the same."
    parts = [part for part in (_time(rows), _requests(rows), _access(rows)) if part]
    return f"With “{arm}” instead of “{rows.base}”, {_joined(parts)}."


def headlines(found: Compared, arm: str) -> tuple[Headline, ...]:
    """Return the four figures of an arm: time, first requests, access and the guess."""
    rows = _Rows(found, arm)
    requests = rows.most_changed()
    labels = {
        RESOLUTION: ("Time to resolution", _MEDIAN),
        requests: (
            _FIRST_REQUESTS[requests][1],
            f"Of the tickets with an access request, those whose first one {_FIRST_REQUESTS[requests][0]}, in "
            "percentage points. Asking again moves no such share.",
        ),
        ACCESS: ("Access per ticket", "How long engineers have access to other tenants’ data, on average per ticket."),
        GUESS: ("Can a removal be guessed?", _GUESS_SAYS),
    }
    return tuple(_headline(rows, metric, label, says) for metric, (label, says) in labels.items())


def _headline(rows: _Rows, metric: str, label: str, says: str) -> Headline:
    now, then, apart = rows.now[metric], rows.then[metric], rows.apart.get(metric)
    unit = str(now["unit"])
    whole = figure(float(now["mean"]), unit)
    if apart is None:
        return Headline(label, whole, _between(now), "", "", False, says)
    before = figure(float(then["mean"]), unit)
    if apart["reading"] == "not comparable":
        return Headline(label, "–", "", f"{whole}; before: {before}", "cannot be compared", False, says)
    compared = f"{whole} instead of {before}" if whole != before else f"{whole} in both"
    if metric == GUESS:  # a level is clearer than a difference, since 0.5 and 1 have a meaning
        return Headline(label, whole, _between(now), compared, _reading(rows, metric), rows.matters(metric), says)
    value = signed(float(apart["difference"]), unit)
    return Headline(label, value, _between(apart, unit), compared, _reading(rows, metric), rows.matters(metric), says)


def _reading(rows: _Rows, metric: str) -> str:
    row = rows.apart[metric]
    if row["reading"] not in CLEAR:
        return {"the same": "unchanged", "too few": "too few to say"}.get(row["reading"], str(row["reading"]))
    more, less = _WORDS.get(metric) or _WORDS[str(row["unit"])]
    word = more if row["reading"] == "more" else less
    return f"clearly {word}" if rows.matters(metric) else f"{word}, but hardly"


def _between(row: Mapping[Any, Any], sign: str = "") -> str:
    """Return the interval of a mean, or with a unit as `sign` that of a difference."""
    low, high = float(row["low"]), float(row["high"])
    if isnan(low) or low == high:
        return ""
    if sign:
        return f"{signed(low, sign, bare=True)} to {signed(high, sign, bare=True)}"
    return f"{figure(low, str(row['unit']), bare=True)} to {figure(high, str(row['unit']), bare=True)}"


def _time(rows: _Rows) -> str:
    row = rows.apart[RESOLUTION]
    if row["reading"] == "not comparable":
        return ""
    if not rows.matters(RESOLUTION):
        return f"tickets are resolved {_as(row)} fast"
    return (
        f"half of the tickets are resolved {amount(float(row['difference']), 'hours')} "
        f"{'later' if row['reading'] == 'more' else 'sooner'}"
    )


def _requests(rows: _Rows) -> str:
    metric = rows.most_changed()
    now, then = (figure(float(of[metric]["mean"]), "share") for of in (rows.now, rows.then))
    if not rows.matters(metric):
        return f"{_as(rows.apart[_WITHIN_A_DAY])} many tickets have the first request decided within a day"
    way = "rise" if rows.apart[metric]["reading"] == "more" else "fall"
    return f"tickets whose first request {_FIRST_REQUESTS[metric][0]} {way} from {then} to {now}"


def _access(rows: _Rows) -> str:
    row = rows.apart[ACCESS]
    if row["reading"] == "not comparable":
        return ""
    if not rows.matters(ACCESS):
        return f"engineers have access for {_as(row)} long"
    now, then = (amount(float(of[ACCESS]["mean"]), "hours") for of in (rows.now, rows.then))
    return f"access per ticket {'rises' if row['reading'] == 'more' else 'falls'} from {then} to {now}"


def _as(row: Mapping[Any, Any]) -> str:
    return "just as" if row["reading"] == "the same" else "about as"


def _of_the_base(rows: _Rows) -> str:
    metric, parts = rows.most_changed(), []
    if not isnan(hours := float(rows.now[RESOLUTION]["mean"])):
        parts.append(f"half of the tickets are resolved within {amount(hours, 'hours')}")
    if not isnan(share := float(rows.now[metric]["mean"])):
        words = _FIRST_REQUESTS[metric][0]
        the_first = f"{words} the first one" if words.startswith("nobody") else f"the first one {words}"
        parts.append(f"in {figure(share, 'share')} of the tickets with a request {the_first}")
    parts.append(f"engineers have access for {amount(float(rows.now[ACCESS]['mean']), 'hours')} per ticket")
    return f"Under “{rows.base}”, {_joined(parts)}."


def _joined(parts: list[str]) -> str:
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
