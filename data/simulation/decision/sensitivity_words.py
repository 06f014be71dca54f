"""The main sentence of a sensitivity analysis: in which cases the order of the arms changes."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from data.simulation.decision.assumption_words import about, brief, brief_value, said
from data.simulation.decision.cases import Arms
from data.simulation.words.findings import SHORT
from model.simulation import Delay

_MOST = 3  # cases of each kind in the sentence; the others are in the tables


def order_sentence(
    arms: Arms, figure: str, turned: Sequence[Mapping[str, Any]], unclear: Sequence[tuple[str, str]]
) -> str:
    """Return in which cases the order of the arms changes, or that it changes in none; plain text.

    It has "only" if the order is clear in all other cases. `turned` are the rows of `Sensitivity.turns`, `unclear` the
    pairs that cannot be told apart under the assumed values.
    """
    pairs = len(arms) * (len(arms) - 1) // 2
    if len(unclear) == pairs:
        return f"As things are assumed, the policies cannot be told apart by {SHORT[figure]}: there is no order yet."
    reversals = [_case(arms, rows) for rows in _by_end(turned, reversals=True)]
    blurred = [
        f"{brief(rows[0]['assumption'])} {brief_value(rows[0]['value'])}" for rows in _by_end(turned, reversals=False)
    ]
    if reversals:
        parts = [f"The order of the policies changes {'' if blurred else 'only '}if {_listed(reversals)}."]
    else:
        changes = "clearly changes" if blurred else "changes"
        parts = [f"No assumption, one at a time at the ends of its range, {changes} the order of the policies."]
    if blurred:
        told, more = "; ".join(blurred[:_MOST]), len(blurred) - _MOST
        others = f"; {more} other{'s' * (more > 1)}" if more > 0 else ""
        parts.append(f"It may change with one of these, with which it is not clear any more: {told}{others}.")
    if unclear:
        parts.append(f"Already as things are assumed, these cannot be told apart: {_alike(unclear)}.")
    return f"{' '.join(parts)} (Ordered by {SHORT[figure]}, least first.)"


def _alike(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the pairs in words; name each arm once if all are alike."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    if len(pairs) == len(names) * (len(names) - 1) // 2:
        return f"{', '.join(f'“{name}”' for name in names[:-1])} and “{names[-1]}”"
    return "; ".join(f"“{one}” and “{other}”" for one, other in pairs)


def _by_end(turned: Sequence[Mapping[str, Any]], *, reversals: bool) -> list[list[Mapping[str, Any]]]:
    """Return the rows of one kind by assumption and end."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in turned:
        if row["reversed"] is reversals:
            found.setdefault((row["assumption"], row["at"]), []).append(row)
    return list(found.values())


def _case(arms: Arms, rows: Sequence[Mapping[str, Any]]) -> str:
    passes: dict[str, list[str]] = {}
    for row in rows:
        passes.setdefault(row["now_less"], []).append(f"“{row['now_more']}”")
    told = [f"“{less}” comes before {' and '.join(more)}" for less, more in passes.items()]
    return f"{_condition(arms, rows)}: then {', and '.join(told)}"


def _condition(arms: Arms, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return from which value on an assumption reverses the order: "… is below about 62 % (85 % is assumed)"."""
    name, level = str(rows[0]["assumption"]), _first_level(arms, rows)
    assumed = getattr(arms[0].behaviour, name)
    as_assumed = f"({said(name, assumed)} is assumed)"
    if isnan(level):
        return f"“{about(name)}” is {rows[0]['value']} {as_assumed}"
    way = "below" if level < number(assumed) else "above"
    shown = f"{level:.2g} h at the median" if isinstance(assumed, Delay) else _rounded(name, level)
    return f"“{about(name)}” is {way} about {shown} {as_assumed}"


def _first_level(arms: Arms, rows: Sequence[Mapping[str, Any]]) -> float:
    """Return the value nearest to the assumed one at which two arms are equal; NaN if there is none."""
    levels = [float(row["break_even"]) for row in rows if not isnan(row["break_even"])]
    assumed = number(getattr(arms[0].behaviour, str(rows[0]["assumption"])))
    return min(levels, key=lambda level: abs(level - assumed)) if levels else float("nan")


def number(value: Any) -> float:
    """Return the number of an assumption's value: of a delay its median in hours; NaN for working hours."""
    if isinstance(value, Delay):
        return float(value.median_hours)
    return float(value) if isinstance(value, int | float) else float("nan")


def _rounded(name: str, level: float) -> str:
    return said(name, round(level, 2)) if name.startswith("share_") else said(name, float(f"{level:.2g}"))


def _listed(cases: Sequence[str]) -> str:
    told, more = "; or if ".join(cases[:_MOST]), len(cases) - _MOST
    if more < 1:
        return told
    return f"{told}; or in {more} other case{'s' * (more > 1)}"
