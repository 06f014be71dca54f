"""Figures of a comparison in words: a size, a mean with its interval, a difference with its sign and its reading."""

from collections.abc import Mapping
from math import isinf, isnan
from typing import Any

from data.files.durations import in_largest_unit
from data.simulation.paired_counts import CASES


def mean_in_words(row: Mapping[Any, Any], to: str = "–") -> str:
    """Return the mean and the interval of a row of a comparison's `metrics`: "9.41 h (9.1–9.7)"."""
    middle, low, high, unit = float(row["mean"]), float(row["low"]), float(row["high"]), str(row["unit"])
    if isnan(middle) and not isnan(low):
        return f"never, or after {figure(low, unit)} at least"
    between = f" ({figure(low, unit, bare=True)}{to}{figure(high, unit, bare=True)})"
    return figure(middle, unit) + ("" if isnan(low) or low == high else between)


def difference_in_words(row: Mapping[Any, Any]) -> str:
    """Return a row of a comparison's `differences`: "+1.2 h (+0.9 to +1.5)", or how to read it if it is not clear."""
    middle, low, high, unit = float(row["difference"]), float(row["low"]), float(row["high"]), str(row["unit"])
    reading = str(row["reading"])
    if reading == "none seen":
        return none_seen(row)
    if reading == "too few":
        return f"too few to say: {float(row['enough']):,.0f} replications would do"
    if reading not in ("more", "less", "no clear difference"):
        return reading
    text = f"{signed(middle, unit)} ({signed(low, unit, bare=True)} to {signed(high, unit, bare=True)})"
    return text if reading != "no clear difference" else f"not clear: {text}"


def none_seen(row: Mapping[Any, Any]) -> str:
    """Return in how many cases no difference was seen, and how large it might still be."""
    unit, most = str(row["unit"]), max(abs(float(row["low"])), abs(float(row["high"])))
    bound = f"{100 * most:.2g} %" if unit == "share" else amount(most, unit)
    return f"none seen in {float(row['cases']):,.0f} {CASES[str(row['metric'])]}; at most {bound} (95 %)"


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
    if isinf(value):
        return "never"
    ends = "" if bare else {"share": " %", "hours": " h"}.get(unit, "")
    value = 100 * value if unit == "share" else value
    digits = 0 if abs(value) >= 100 or value == 0 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{ends}"


def signed(value: float, unit: str, *, bare: bool = False) -> str:
    """Return a difference with its sign: "+1.2 h"."""
    text = figure(abs(value), unit, bare=bare).replace(" %", " points")
    return ("+" if value > 0 else "−" if value < 0 else "") + text  # noqa: RUF001 - a minus


def _rounded(value: float) -> str:
    """Return the number with two digits, or as a whole number."""
    return f"{value:,.1f}".removesuffix(".0") if value < 9.95 else f"{value:,.0f}"
