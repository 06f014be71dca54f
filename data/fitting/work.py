"""Estimate how long work takes, and how much longer without access, from tickets that needed another tenant's data."""

from collections.abc import Callable
from math import exp, log

import numpy as np
import scipy
from numpy.typing import NDArray

from data.fitting.cases import Cases
from data.fitting.findings import FEWEST, Finding, delay, kept, learned_number, too_few
from data.fitting.likelihood import Z90, DelayFit, Numbers, Spells, covariance, on_log_scale
from model.simulation import Behaviour

_LOCATION, _LOG_SCALE, _LOG_SLOWER = (-9.0, 11.0), (-3.5, 2.5), (0.0, log(100))
_WIDEST = 3.0  # `slower_without_access` with a wider interval is not learned


def work(cases: Cases, assumed: Behaviour) -> list[Finding]:
    """Estimate `work` and `slower_without_access`.

    Work on a ticket begins with the request for access, at full speed while there is access, and slower without it. So
    the work of a ticket is its hours with access, plus its other hours divided by the slowdown.
    """
    with_access, without, closed, ends_with = _hours(cases)
    seen = int(closed.sum())
    names = ("work", "slower_without_access")
    if seen < FEWEST:
        return [too_few(name, assumed, seen, "closed tickets for which access was asked") for name in names]
    found = []
    for lognormal in (True, False):
        minus = _minus_log_likelihood(with_access, without, closed, ends_with, lognormal)
        lengths = (with_access + without / assumed.slower_without_access)[closed]
        logs = np.log(lengths)
        start = [logs.mean(), log(max(logs.std(), 0.1))] if lognormal else [log(lengths.mean())]
        bounds = [_LOCATION, *([_LOG_SCALE] if lognormal else []), _LOG_SLOWER]
        start.append(log(assumed.slower_without_access))
        best = scipy.optimize.minimize(minus, np.array(start), method="L-BFGS-B", bounds=bounds)
        found.append((2 * best.fun + len(bounds) * log(len(closed)), lognormal, best.x, minus))
    _, lognormal, at, minus = min(found, key=lambda each: each[0])
    spread = covariance(minus, at)
    if spread is not None and 1.96 * 2 * np.sqrt(spread[-1, -1]) <= log(_WIDEST):
        slower = on_log_scale(float(at[-1]), float(np.sqrt(spread[-1, -1])))
        why = f"{seen:,} closed tickets, {int((closed & ends_with).sum()):,} of them closed while there was access"
        second = Finding(names[1], learned_number(slower.value), seen, True, why, (("", slower),))
    else:
        second = kept(names[1], assumed, seen, "the tickets of the data had access too much alike to tell")
        last = log(assumed.slower_without_access)
        inner: Callable[[Numbers], float] = lambda some: minus(np.append(some, last))  # noqa: E731
        bounds = [_LOCATION, _LOG_SCALE][: len(at) - 1]
        at = scipy.optimize.minimize(inner, at[:-1], method="L-BFGS-B", bounds=bounds).x
        spread = covariance(inner, at)
    if spread is None:
        return [kept(names[0], assumed, seen, "the lengths do not look like any delay that can be simulated"), second]
    lengths = with_access + without / second.value
    return [
        delay(names[0], Spells(lengths, closed), _fitted(at, spread, lognormal), f"{seen:,} closed tickets"),
        second,
    ]


def _fitted(at: Numbers, spread: Numbers, lognormal: bool) -> DelayFit:
    error = float(np.sqrt(spread[0, 0]))
    if not lognormal:
        return DelayFit(on_log_scale(float(at[0]) + log(log(2)), error), None, None)
    scale = exp(float(at[1]))
    toward = np.array([1.0, Z90 * scale])
    p90 = on_log_scale(float(at[0]) + Z90 * scale, float(np.sqrt(toward @ spread[:2, :2] @ toward)))
    return DelayFit(on_log_scale(float(at[0]), error), p90, None)


def _hours(cases: Cases) -> tuple[Numbers, Numbers, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each ticket with a request its hours with and without access, and whether and how it was closed."""
    r = cases.requests
    until = np.minimum(cases.closed, cases.now)
    begins = np.full(cases.tickets, cases.now + 1)
    np.minimum.at(begins, r["place"], r["asked"])
    end = np.minimum(r["ended"], until[r["place"]])
    held = np.maximum(end - np.minimum(r["approved"], end), 0)
    access = np.bincount(r["place"], weights=held, minlength=cases.tickets)
    # A request that is approved until the ticket closes still gives access at that moment.
    lasts = (r["approved"] <= until[r["place"]]) & (r["ended"] >= until[r["place"]])
    ends_with = np.bincount(r["place"], weights=lasts, minlength=cases.tickets) > 0
    some = begins < until
    whole = np.maximum(until - begins, 1)[some] / 3600
    with_access = np.minimum(access[some] / 3600, whole)
    return with_access, whole - with_access, (cases.closed <= cases.now)[some], ends_with[some]


def _minus_log_likelihood(
    with_access: Numbers, without: Numbers, closed: NDArray[np.bool_], ends_with: NDArray[np.bool_], lognormal: bool
) -> Callable[[Numbers], float]:
    slow_at_end = int((closed & ~ends_with).sum())

    def minus(at: Numbers) -> float:
        lengths = with_access + without * exp(-at[-1])
        logs = np.log(lengths[closed])
        if lognormal:
            scale = exp(at[1])
            z = (logs - at[0]) / scale
            density = -0.5 * float(z @ z) - len(z) * (at[1] + 0.9189385332046727) - float(logs.sum())
            beyond = scipy.special.log_ndtr((at[0] - np.log(lengths[~closed])) / scale)
        else:
            density = -len(logs) * at[0] - float(lengths[closed].sum()) * exp(-at[0])
            beyond = -lengths[~closed] * exp(-at[0])
        # Change of variables: an hour without access counts for less work.
        return slow_at_end * float(at[-1]) - float(density) - float(beyond.sum())

    return minus
