"""The report of a fit: a row for each number, and the frames for its charts."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from data.fitting.findings import HALF, NINE_IN_TEN, Finding
from data.fitting.likelihood import Estimate, delay_quantiles
from data.fitting.survival import ended_by
from model.html_parts import table, words
from model.simulation import Behaviour, Delay, WorkingHours

SAYS = {field.name: str(field.metadata["says"]) for field in fields(Behaviour)}
"""What each assumption is about."""
_SHARES = np.linspace(0.05, 0.95, 19)


def report_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return a row for each number; see `Fit.report`."""
    rows = [row for each in findings for row in _rows(each)]
    frame = pd.DataFrame(rows)
    return frame.astype({"value": "float64", "low": "float64", "high": "float64", "cases": "int64", "learned": "bool"})


def _rows(found: Finding) -> Iterator[dict[str, Any]]:
    intervals = dict(found.intervals)
    for part, value in _numbers(found.value):
        interval = intervals.get(part)
        yield {
            "assumption": found.name,
            "says": SAYS[found.name],
            "part": part,
            "value": value,
            "low": interval.low if interval else nan,
            "high": interval.high if interval else nan,
            "words": said(found.name, value, found.value),
            "interval": _interval(found, part, interval) if interval else "",
            "cases": found.cases,
            "learned": found.learned,
            "reason": found.reason,
        }


def _interval(found: Finding, part: str, interval: Estimate) -> str:
    """Return an interval in words."""
    low, high = (said(found.name, end, found.value) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def _numbers(value: Any) -> Iterator[tuple[str, float]]:
    match value:
        case Delay(median, p90):
            yield HALF, median
            if p90 is not None:
                yield NINE_IN_TEN, p90
        case WorkingHours() | None:
            yield "", nan
        case _:
            yield "", float(value)


def said(name: str, number: float, value: Any = None) -> str:
    """Return a number of an assumption in words."""
    match value:
        case WorkingHours(zone, first, last):
            return f"Monday to Friday, {first} to {last} h, {zone}"
        case None if name == "approvers_work":
            return "around the clock"
        case None:
            return "enough"
        case Delay():
            return f"{number:.3g} h"
    if name.startswith("share_"):
        return f"{100 * number:.3g} %"
    return f"{number:,.4g}" + (" times" if name == "slower_without_access" else "")


def report_html(findings: Iterable[Finding], tickets: int, shape: str) -> str:
    """Return the report as a table in HTML."""
    rows = []
    for row in report_frame(findings).to_dict("records"):
        rows.append(
            {
                "assumption": row["says"] + (f": {row['part']}" if row["part"] else ""),
                "value": row["words"],
                "95 % interval": row["interval"],
                "cases": f"{row['cases']:,}",
                "": "learned" if row["learned"] else "assumed",
                "why": row["reason"],
            }
        )
    told = f"<p>{words(shape)}; that is not an assumption that can be changed.</p>"
    return table(f"How people act, learned from {tickets:,} tickets", rows, most=len(rows)) + told


def curves(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the observed curve of each learned delay, and the fitted one; see `Fit.curves`."""
    parts = [_curve(each) for each in findings if each.fitted]
    return pd.concat(parts, ignore_index=True) if parts else _NO_CURVES


def _curve(found: Finding) -> pd.DataFrame:
    assert found.spells and found.fitted
    seen = ended_by(found.spells)
    fitted = found.fitted.ended_by(seen["hours"].to_numpy())
    return seen.assign(assumption=found.name, fitted=fitted)[list(_NO_CURVES)]


_NO_CURVES = pd.DataFrame(
    {"assumption": pd.Series(dtype="str")}
    | {name: pd.Series(dtype="float64") for name in ("hours", "share", "low", "high", "fitted")}
)


def quantiles(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the hours within which each share of the ended cases ended; see `Fit.quantiles`."""
    parts = [_quantiles(each) for each in findings if each.fitted]
    empty = pd.DataFrame(
        {"assumption": pd.Series(dtype="str"), **{n: pd.Series(dtype="float64") for n in ("share", "seen", "fitted")}}
    )
    return pd.concat(parts, ignore_index=True) if parts else empty


def _quantiles(found: Finding) -> pd.DataFrame:
    assert found.spells and found.fitted
    seen = ended_by(found.spells)
    share = seen["share"].to_numpy() / (found.fitted.share.value if found.fitted.share else 1.0)
    place = np.searchsorted(share, _SHARES)
    some = place < len(share)
    return pd.DataFrame(
        {
            "assumption": found.name,
            "share": _SHARES[some],
            "seen": seen["hours"].to_numpy()[place[some]],
            "fitted": delay_quantiles(found.fitted.delay, _SHARES[some]),
        }
    )
