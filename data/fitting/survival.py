"""Nonparametric estimates of how many cases have ended by a time (Kaplan and Meier; Aalen and Johansen)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.fitting.likelihood import Z95, Spells

_MOST_POINTS = 200


def ended_by(spells: Spells) -> pd.DataFrame:
    """Return the share of spells that ended by each time: one minus the Kaplan-Meier estimate.

    Columns hours, share, low and high (95 %, Greenwood's formula on the scale of log(-log)), one row for each point
    where it rises; if there are more than 200 points, an evenly spread selection.
    """
    hours, place = np.unique(spells.hours, return_inverse=True)
    ended = np.bincount(place, weights=spells.ended, minlength=len(hours))
    all_ = np.bincount(place, minlength=len(hours))
    at_risk = len(spells.hours) - np.concatenate(([0], np.cumsum(all_)[:-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = np.cumprod(1 - ended / at_risk)
        variance = np.cumsum(ended / (at_risk * (at_risk - ended)))
        half = Z95 * np.sqrt(variance) / np.abs(np.log(stay))
        low, high = 1 - stay ** np.exp(-half), 1 - stay ** np.exp(half)
    share = 1 - stay
    frame = pd.DataFrame({"hours": hours, "share": share, "low": low, "high": high})[ended > 0]
    frame[["low", "high"]] = frame[["low", "high"]].fillna({"low": 0.0, "high": 1.0})
    if len(frame) > _MOST_POINTS:
        frame = frame.iloc[np.linspace(0, len(frame) - 1, _MOST_POINTS).round().astype(int)]
    return frame.reset_index(drop=True)


def share_that_comes_to(hours: NDArray[np.float64], outcome: NDArray[np.int64]) -> float:
    """Return the share of cases with outcome 1, with outcome 2 as the competing risk; 0: censored.

    The Aalen-Johansen estimate of the cumulative incidence at the last observed time. The cases without an outcome by
    then count as outcome 2, like a ticket that was open for so long without a request.
    """
    order = np.lexsort((outcome == 0, hours))
    outcome = outcome[order]
    at_risk = len(outcome) - np.arange(len(outcome))
    stay = np.concatenate(([1.0], np.cumprod(np.where(outcome > 0, 1 - 1 / at_risk, 1.0))[:-1]))
    return float((stay / at_risk)[outcome == 1].sum())
