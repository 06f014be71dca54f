"""The findings about an assumption, and the joint estimate of a share and its delay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.fitting.likelihood import DelayFit, Estimate, Spells, delay_cdf, fit_delay, rounded, share_of
from model.simulation import Behaviour, Delay

FEWEST = 20
"""The fewest cases for an estimate; with fewer, the assumption is kept."""
WIDEST = 0.5
"""A share with a wider interval than this is not learned."""
RESTS_ON: Mapping[str, frozenset[str]] = {
    "tickets_per_day": frozenset({"opened"}),
    "share_elsewhere": frozenset({"opened", "closed"}),
    "share_advanced_diagnostics": frozenset({"advanced diagnostics"}),  # no import has it
    "ask": frozenset({"opened", "asked"}),
    "decide": frozenset({"asked", "decided"}),
    "share_with_common_administrator": frozenset({"asked", "decided", "closed"}),
    "approvers_work": frozenset({"decided"}),
    "share_rejected": frozenset({"asked", "decided"}),  # without requests, no rejections are known
    "share_removed": frozenset({"removed", "decided"}),
    "remove": frozenset({"removed", "decided"}),
    "share_asked_again": frozenset({"asked", "decided"}),
    "ask_again": frozenset({"asked", "decided"}),
    "work": frozenset({"asked", "decided", "closed"}),
    "slower_without_access": frozenset({"asked", "decided", "closed"}),
}
"""The fields of an import on which each number rests."""
HALF, NINE_IN_TEN = "half within", "nine in ten within"


@dataclass(frozen=True, slots=True)
class Finding:
    """The findings about one field of Behaviour."""

    name: str
    value: Any  # learned or assumed
    cases: int
    learned: bool
    reason: str
    intervals: tuple[tuple[str, Estimate], ...] = ()  # of each number of the value
    spells: Spells | None = None  # the data behind a learned delay
    fitted: DelayFit | None = None


def kept(name: str, assumed: Behaviour, cases: int, reason: str) -> Finding:
    """Return a finding that keeps the assumption, with the reason."""
    return Finding(name, getattr(assumed, name), cases, False, reason)


def too_few(name: str, assumed: Behaviour, cases: int, what: str) -> Finding:
    """Return a finding that keeps the assumption for lack of cases."""
    return kept(name, assumed, cases, f"{cases} {what}; at least {FEWEST} are needed")


def share(name: str, found: Estimate, cases: int, reason: str) -> Finding:
    """Return the finding of a learned share."""
    return Finding(name, round(found.value, 4), cases, True, reason, (("", found),))


def delay(name: str, spells: Spells, fitted: DelayFit, reason: str) -> Finding:
    """Return the finding of a learned delay."""
    parts = ((HALF, fitted.median), *([(NINE_IN_TEN, fitted.p90)] if fitted.p90 else []))
    kind = "without memory (exponential)" if fitted.p90 is None else "lognormal"
    waiting = len(spells.hours) - spells.seen_to_end
    others = f", {waiting:,} more had not ended" if waiting else ""
    return Finding(
        name, fitted.delay, spells.seen_to_end, True, f"{reason}{others}; {kind}", parts, spells=spells, fitted=fitted
    )


def delay_of_all(name: str, assumed: Behaviour, spells: Spells, what: str) -> Finding:
    """Estimate a delay that ends every spell eventually."""
    if spells.seen_to_end < FEWEST:
        return too_few(name, assumed, spells.seen_to_end, what)
    fitted = fit_delay(spells)
    if fitted is None or not _fits(fitted):
        return kept(name, assumed, spells.seen_to_end, "the lengths do not look like any delay that can be simulated")
    return delay(name, spells, fitted, f"{spells.seen_to_end:,} {what}")


def delay_of_some(names: tuple[str, str], assumed: Behaviour, spells: Spells, what: tuple[str, str]) -> list[Finding]:
    """Estimate which share of the spells would ever end, and after what delay; `what` describes both in words.

    If the data cannot tell few early ends from many late ones, the assumed delay is kept, and the share is estimated
    given that delay.
    """
    seen, all_ = spells.seen_to_end, len(spells.hours)
    fitted = fit_delay(spells, some_never_end=True) if seen >= FEWEST else None
    if fitted and fitted.share and _fits(fitted) and fitted.share.high - fitted.share.low <= WIDEST:
        why = f"of {all_:,} {what[0]}, {seen:,} {what[1]}"
        return [
            share(names[0], fitted.share, all_, f"{why}, and for the others how long they might still have been"),
            delay(names[1], spells, fitted, f"{seen:,} {what[1]}"),
        ]
    assumed_delay: Delay = getattr(assumed, names[1])
    in_sight = float(delay_cdf(assumed_delay, spells.hours).sum())
    delay_kept = kept(
        names[1],
        assumed,
        seen,
        f"{seen:,} {what[1]}: too few to tell after how long"
        if seen < FEWEST
        else "the data cannot tell few that come soon from many that come late",
    )
    if in_sight < FEWEST:
        return [too_few(names[0], assumed, round(in_sight), f"{what[0]} that were watched for long enough"), delay_kept]
    found = share_of(min(seen, in_sight), in_sight)
    why = f"of {all_:,} {what[0]}, {seen:,} {what[1]}; it rests on the delay that is assumed"
    return [share(names[0], found, round(in_sight), why), delay_kept]


def _fits(fitted: DelayFit) -> bool:
    """Return whether the delay can be simulated and its interval is informative."""
    try:
        made = fitted.delay
    except ValueError:
        return False
    limits = [fitted.median, *([fitted.p90] if fitted.p90 else [])]
    return made.median_hours > 0 and all(np.isfinite(each.high) and each.high < 20 * each.low for each in limits)


def learned_number(value: float) -> float:
    """Return a number with the precision of a behaviour: four significant digits."""
    return rounded(value)
