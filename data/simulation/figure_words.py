"""Figures of a comparison in words: a size, a mean with its interval, a difference with its sign."""

from collections.abc import Mapping
from math import isnan
from typing import Any

from data.files.durations import in_largest_unit


def mean_in_words(row: Mapping[Any, Any], replications: int, to: str = "–") -> str:
    """Return the mean and the interval of a row of a comparison's `metrics`: "9.41 h (9.1–9.7)"."""
    middle, low, high, unit = float(row["mean"]), float(row["low"]), float(row["high"]), str(row["unit"])
    if 0 < row["missing"] < replications:
        return "not in every replication"
    between = f" ({figure(low, unit, bare=True)}{to}{figure(high, unit, bare=True)})"
    return figure(middle, unit) + ("" if isnan(low) or low == high else between)


def amount(value: float, unit: str) -> str:
    """Return a size without its sign, in words: "3.2 hours", "7.9 percentage points"."""
    size = abs(value)
    if unit == "AUC":
        return f"{size:.2f}"
    if unit == "share":
        return f"{_rounded(100 * size)} percentage points"
    if unit == "grants":
        return f"{_rounded(size)} grants"
    number, name = in_largest_unit(size)
    return f"{_rounded(number)} {name}"


def figure(value: float, unit: str, *, bare: bool = False) -> str:
    """Return a figure of an arm: "12.3 %", "9.41 h"; `bare`: without its unit."""
    if isnan(value):
        return "nothing to guess" if unit == "AUC" else "never"
    ends = "" if bare else {"share": " %", "hours": " h"}.get(unit, "")
    value = 100 * value if unit == "share" else value
    digits = 0 if abs(value) >= 100 or value == 0 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{ends}"


def signed(value: float, unit: str, *, bare: bool = False) -> str:
    """Return a difference with its sign: "+1.2 h"."""
    text = figure(abs(value), unit, bare=bare).replace(" %", " points")
    return ("+" if value > 0 else "−" if value < 0 else "") + text  # noqa: RUF001 - a minus


def _rounded(value: float) -> str:
    """Two figures, or the whole number."""
    return f"{value:,.1f}".removesuffix(".0") if value < 9.95 else f"{value:,.0f}"
