"""Maximum likelihood for right-censored lengths of time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import exp, inf, log, log1p

import numpy as np
import scipy
from numpy.typing import NDArray

from data.fitting.profile_likelihood import Place, profile_end
from model.simulation import Delay

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

Z95 = 1.959963984540054
Z90 = 1.2815515655446004  # the 90th percentile of the standard normal distribution
LEVEL = 0.95
_SHORTEST = 1 / 3600  # hours
_LOCATION, _LOG_SCALE, _LOGIT = (-9.0, 11.0), (-3.5, 2.5), (-7.0, 7.0)  # the search ranges of the parameters
_STEP = 1e-3  # the step of the finite differences for the curvature
_MANY = 2_000  # ended spells: with more, the normal distribution gives good limits, and faster


@dataclass(frozen=True, slots=True)
class Spells:
    """Lengths of time in hours. One that did not end is right-censored."""

    hours: Numbers
    ended: Flags
    sight: Numbers | None = None  # only lengths below this could be observed (truncation); None: all could

    @property
    def seen_to_end(self) -> int:
        """How many ended."""
        return int(self.ended.sum())


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DelayFit:
    """A delay of the better-fitting family, and with `share` how many spells would ever end."""

    median: Estimate
    p90: Estimate | None  # None: exponential
    share: Estimate | None  # None: all spells end

    @property
    def delay(self) -> Delay:
        """The delay, with four significant digits."""
        return Delay(rounded(self.median.value), None if self.p90 is None else rounded(self.p90.value))

    def ended_by(self, hours: Numbers) -> Numbers:
        """Return the share of all spells that end within so many hours."""
        whole = self.share.value if self.share else 1.0
        return whole * delay_cdf(self.delay, hours)


def rounded(value: float) -> float:
    """Return the number with four significant digits."""
    return float(f"{value:.4g}")


def delay_cdf(delay: Delay, hours: Numbers) -> Numbers:
    """Return the distribution function of a delay."""
    if delay.is_exponential:
        return np.asarray(-np.expm1(-hours / delay.mean_of_exponential))
    logs = np.log(np.maximum(hours, _SHORTEST) / delay.median_hours)
    return np.asarray(np.exp(scipy.special.log_ndtr(logs / delay.sigma)))


def delay_quantiles(delay: Delay, shares: Numbers) -> Numbers:
    """Return the quantiles of a delay, in hours."""
    if delay.is_exponential:
        return np.asarray(-np.log1p(-shares) * delay.mean_of_exponential)
    return np.asarray(delay.median_hours * np.exp(delay.sigma * scipy.special.ndtri(shares)))


def fit_delay(spells: Spells, *, some_never_end: bool = False) -> DelayFit | None:
    """Return the delay of the spells, lognormal or exponential, whichever the data prefer (BIC).

    With `some_never_end` an unknown share of them never ends (a cure model). None if the data do not determine both (no
    curvature), or if fewer than three ended.
    """
    if spells.seen_to_end < 3:
        return None
    hours = np.maximum(spells.hours, _SHORTEST)
    found = []
    for lognormal in (True, False):
        start, bounds = _start(hours, spells, lognormal), [_LOCATION, *([_LOG_SCALE] if lognormal else [])]
        if some_never_end:
            start, bounds = [*start, 1.0], [*bounds, _LOGIT]
        minus = _minus_log_likelihood(hours, spells, lognormal, some_never_end)
        best = scipy.optimize.minimize(minus, np.array(start), method="L-BFGS-B", bounds=bounds)
        found.append((2 * best.fun + len(start) * log(len(hours)), lognormal, best.x, minus, bounds))
    _, lognormal, at, minus, bounds = min(found, key=lambda each: each[0])
    return _intervals(at, minus, bounds, lognormal, some_never_end, spells.seen_to_end)


def _start(hours: Numbers, spells: Spells, lognormal: bool) -> list[float]:
    ended = hours[spells.ended]
    if lognormal:
        logs = np.log(ended)
        return [float(logs.mean()), log(max(float(logs.std()), 0.1))]
    return [log(float(hours.sum()) / len(ended))]


def _minus_log_likelihood(
    hours: Numbers, spells: Spells, lognormal: bool, some_never_end: bool
) -> Callable[[Numbers], float]:
    ended, others = np.log(hours[spells.ended]), hours[~spells.ended]
    log_others = np.log(others)
    log_sight = None if spells.sight is None else np.log(np.maximum(spells.sight[spells.ended], _SHORTEST))

    def minus(at: Numbers) -> float:
        location = at[0]
        if lognormal:
            scale = exp(at[1])
            z = (ended - location) / scale
            density = -0.5 * (z @ z) - len(z) * (at[1] + 0.9189385332046727) - float(ended.sum())
            beyond = scipy.special.log_ndtr((location - log_others) / scale)
            if log_sight is not None:
                density -= float(scipy.special.log_ndtr((log_sight - location) / scale).sum())
        else:
            density = -len(ended) * location - float(np.exp(ended - location).sum())
            beyond = -others * exp(-location)
            if log_sight is not None:
                density -= float(np.log(-np.expm1(-np.exp(log_sight - location))).sum())
        if some_never_end:
            logit = at[-1]
            log_share, log_never = -log1p(exp(-logit)), -log1p(exp(logit))
            density += len(ended) * log_share
            beyond = np.logaddexp(log_never, log_share + beyond)
        return -(float(density) + float(beyond.sum()))

    return minus


def covariance(minus: Callable[[Numbers], float], at: Numbers) -> Numbers | None:
    """Return the inverse of the curvature at the maximum; None if it is not a maximum in every direction."""
    many = len(at)
    steps = np.eye(many) * _STEP
    here, curvature = minus(at), np.empty((many, many))
    for i in range(many):
        for j in range(i, many):
            if i == j:
                curve = minus(at + steps[i]) - 2 * here + minus(at - steps[i])
            else:
                curve = minus(at + steps[i] + steps[j]) - minus(at + steps[i] - steps[j])
                curve = (curve - minus(at - steps[i] + steps[j]) + minus(at - steps[i] - steps[j])) / 4
            curvature[i, j] = curvature[j, i] = curve / _STEP**2
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature)[0] <= 1e-6:
        return None
    return np.asarray(np.linalg.inv(curvature))


def on_log_scale(value: float, spread: float) -> Estimate:
    """Return exp(value) with its interval; `spread` is the standard error of the value."""
    return Estimate(exp(value), exp(value - Z95 * spread), exp(value + Z95 * spread))


def _intervals(
    at: Numbers,
    minus: Callable[[Numbers], float],
    bounds: list[tuple[float, float]],
    lognormal: bool,
    some_never_end: bool,
    many: int,
) -> DelayFit | None:
    all_end = some_never_end and at[-1] > _LOGIT[1] - 0.5
    # A share at its bound has no curvature, so it is fixed for the covariance of the others.
    inner = partial(_with_last, minus, float(at[-1])) if all_end else minus
    spread = covariance(inner, at[:-1] if all_end else at)
    if spread is None:
        return None

    def ends(place: Place, value: float, toward: Numbers) -> tuple[float, float]:
        error = float(np.sqrt(toward @ spread[: len(toward), : len(toward)] @ toward))
        if many > _MANY:
            return value - Z95 * error, value + Z95 * error
        low, high = (profile_end(minus, place, (value, at[1:]), step, bounds[1:]) for step in _steps(error))
        return -inf if low is None else low, inf if high is None else high

    share = (
        _share(at, minus, bounds, None if all_end else float(np.sqrt(spread[-1, -1])), many) if some_never_end else None
    )
    location = float(at[0])
    median = (location, *ends(_at_location, location, np.array([1.0])))
    if not lognormal:
        return DelayFit(Estimate(*(log(2) * exp(each) for each in median)), None, share)
    scale = exp(float(at[1]))
    p90 = location + Z90 * scale
    tail = (p90, *ends(_at_p90, p90, np.array([1.0, Z90 * scale])))
    return DelayFit(Estimate(*map(exp, median)), Estimate(*map(exp, tail)), share)


def _steps(error: float) -> tuple[float, float]:
    """Return the first steps down and up, within reason where the data tell next to nothing."""
    return -min(error, 1.0), min(error, 1.0)


def _at_location(location: float, others: Numbers) -> Numbers:
    return np.concatenate(([location], others))


def _at_p90(log_p90: float, others: Numbers) -> Numbers:
    return np.concatenate(([log_p90 - Z90 * exp(others[0])], others))


def _share(
    at: Numbers, minus: Callable[[Numbers], float], bounds: list[tuple[float, float]], error: float | None, many: int
) -> Estimate:
    """Return the share of spells that end; `error`: the standard error of its logit, or None if all end."""
    place: Place = lambda logit, others: np.append(others, logit)  # noqa: E731
    here, logit = (float(at[-1]), at[:-1]), float(at[-1])
    if error is None:
        low = profile_end(minus, place, here, -0.5, bounds[:-1])
        return Estimate(1.0, 0.0 if low is None else _expit(low), 1.0)
    if many > _MANY:
        return Estimate(_expit(logit), _expit(logit - Z95 * error), _expit(logit + Z95 * error))
    low, high = (profile_end(minus, place, here, step, bounds[:-1]) for step in _steps(error))
    return Estimate(_expit(logit), 0.0 if low is None else _expit(low), 1.0 if high is None else _expit(high))


def _expit(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _with_last(minus: Callable[[Numbers], float], last: float, at: Numbers) -> float:
    return minus(np.append(at, last))


def share_of(many: float, of: float) -> Estimate:
    """Return many / of, and Wilson's interval."""
    if of <= 0:
        return Estimate(0.0, 0.0, 1.0)
    share, square = many / of, Z95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * (share * (1 - share) / of + square / (4 * of**2)) ** 0.5
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0))


def rate_of(events: int, exposure: float) -> Estimate:
    """Return events / exposure, and the interval of a Poisson process observed until its last event."""
    low, high = (float(scipy.special.gammaincinv(events, p)) / exposure for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Estimate(events / exposure, low, high if exposure else inf)
