"""Sensitivity: vary each assumption by itself, and see how the differences between the arms change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.lens.figures import UNITS
from data.simulation.decision.assumption_words import about, said
from data.simulation.decision.cases import (
    Arms,
    Asked,
    Numbers,
    Progress,
    Size,
    arms_and_size,
    assuming,
    primary_of,
    run_cases,
)
from data.simulation.decision.order import break_even, never_told_apart, turns
from data.simulation.decision.paired import difference
from data.simulation.decision.ranges import Range, ranges_from
from data.simulation.decision.sensitivity_words import number, order_sentence
from data.simulation.steady import queue_note
from data.simulation.words.figure_words import signed
from model import Policy
from model.html_parts import table, words

ENDS = ("low", "high")


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """The result of `sensitivity`. Every value of an assumption applies to all arms; intervals are 95 %.

    - assumed: arm, difference from the first arm as things are assumed, low, high, reading
    - effects: assumption, at ("low" or "high"), value (in words), arm, and the same columns: the difference if the
      assumption has this value; `spread`: how far the differences at both ends lie apart
    - turns: assumption, at, value, now_less, now_more (arms whose order turns around), reversed (False: they can no
      longer be told apart), break_even (the value at which they draw level, NaN for what is no number)
    - ranges: assumption, about, assumed, low, high (in words), reason
    """

    arms: Arms
    figure: str
    tickets: int
    replications: int
    seed: int
    left_out: tuple[str, ...]  # assumptions in which the arms differ, which are not varied
    assumed: pd.DataFrame
    effects: pd.DataFrame
    turns: pd.DataFrame
    ranges: pd.DataFrame
    sentence: str  # in which cases the order of the arms changes

    def __repr__(self) -> str:
        """Return what was varied, and what to look at next."""
        return (
            f"<Sensitivity of {self.figure!r}: {len(self.ranges)} assumptions, {len(self.arms)} arms>\n"
            f"{self.sentence}\n"
            "Go on with .effects, .turns, .ranges, .assumed; help(Sensitivity) tells more."
        )

    def _repr_html_(self) -> str:
        """Return the sentence and a table of the effects, for a notebook."""
        rows = []
        for (name, arm), both in self.effects.groupby(["assumption", "arm"], sort=False):
            ends = {str(row["at"]): row for row in both.to_dict("records")}
            unit = UNITS[self.figure]
            cells = {f"{end}: {ends[end]['value']}": signed(float(ends[end]["difference"]), unit) for end in ENDS}
            first, second = cells.items()
            rows.append(
                {"assumption": about(str(name)), "arm": arm, "low": ": ".join(first), "high": ": ".join(second)}
            )
        caption = f"{self.figure}: difference from “{self.arms[0].name}”, each assumption by itself"
        assumed = "<p>How people act is assumed, not measured, and so are these ranges.</p>"
        return f"<p>{words(f'{self.sentence} {self.note}'.strip())}</p>{table(caption, rows, most=len(rows))}{assumed}"

    @property
    def note(self) -> str:
        """Return the length of runs for which this holds, if requests queue for a few administrators, or ""."""
        return queue_note(self.arms, self.tickets, varied="common_administrators" in set(self.ranges["assumption"]))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        return {name: getattr(self, name) for name in ("assumed", "effects", "turns", "ranges")}


def sensitivity(
    arms: Asked | Mapping[str, Any],
    *,
    ranges: Mapping[str, Any] | None = None,
    figure: str | None = None,
    base: Mapping[str, Any] | Policy | str | None = None,
    tickets: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int = 2,
    scheduler: str | None = None,
) -> Sensitivity:
    """Give each assumption a low and a high value, one at a time, and say whether the order of the arms changes.

    `arms`: an Experiment, or arms as `compare` takes them; at least two. `ranges`: see
    `data.simulation.decision.ranges.ranges_from`; by default this project's own. `figure`: one of
    `data.lens.figures.UNITS`; by default the experiment's primary one. All cases get the same tickets and random
    numbers. An assumption in which the arms differ is part of the comparison, and is not varied.

    Raises ValueError that names what is wrong, and what `compare` raises.
    """
    worlds, size = arms_and_size(
        *(arms, base),
        tickets=tickets,
        replications=replications,
        seed=seed,
        progress=progress,
        threads=threads,
        scheduler=scheduler,
    )
    decides = primary_of(arms, figure)
    if len(worlds) < 2:
        raise ValueError("at least two arms are wanted: one alone has nothing that could come before it")
    asked: Mapping[str, Range] | None = getattr(arms, "sensitivity", None)
    given = asked if ranges is None and asked is not None else ranges_from(ranges)
    shaken = {name: its for name, its in given.items() if _agree(worlds, name)}
    cases = [assuming(worlds, name, getattr(its, end)) for name, its in shaken.items() for end in ENDS]
    found = run_cases([worlds, *cases], size, [decides])[..., 0]
    return _sensitivity(worlds, size, decides, tuple(name for name in given if name not in shaken), shaken, found)


def _agree(arms: Arms, name: str) -> bool:
    return len({getattr(arm.behaviour, name) for arm in arms}) == 1


def _sensitivity(
    arms: Arms, size: Size, decides: str, left_out: tuple[str, ...], shaken: Mapping[str, Range], found: Numbers
) -> Sensitivity:
    """Return the result for figures by case, replication and arm; the first case has the assumed values."""
    names = [arm.name for arm in arms]
    ends = dict(zip([(name, end) for name in shaken for end in ENDS], found[1:], strict=True))
    effects = []
    for (name, end), values in ends.items():
        value = said(name, getattr(shaken[name], end))
        effects += [{"assumption": name, "at": end, "value": value, **row} for row in _differences(names, values)]
    kept = [
        {"assumption": name, "at": end, "value": said(name, getattr(its, end)), **_fields(turn), "break_even": level}
        for name, its in shaken.items()
        for end in ENDS
        for turn in turns(names, found[0], ends[name, end])
        for level in [break_even(names, turn, _line(arms, name, its, end, found[0], ends[name, end]))]
    ]
    ranges = [
        {
            "assumption": name,
            "about": about(name),
            "assumed": said(name, getattr(arms[0].behaviour, name)),
            "low": said(name, its.low),
            "high": said(name, its.high),
            "reason": its.reason,
        }
        for name, its in shaken.items()
    ]
    columns = ["assumption", "at", "value", "now_less", "now_more", "reversed", "break_even"]
    turned = pd.DataFrame(kept, columns=columns)
    return Sensitivity(
        arms,
        decides,
        *(size.tickets, size.replications, size.seed, left_out),
        pd.DataFrame(_differences(names, found[0])),
        _with_spread(pd.DataFrame(effects)),
        turned,
        pd.DataFrame(ranges, columns=["assumption", "about", "assumed", "low", "high", "reason"]),
        order_sentence(arms, decides, kept, never_told_apart(names, found[0])),
    )


def _differences(arms: list[str], values: Numbers) -> list[dict[str, Any]]:
    """Return a row for each arm but the first, with its difference from the first; values by replication and arm."""
    first, *others = range(len(arms))
    return [{"arm": arms[other], **_fields(difference(values[:, other], values[:, first]))} for other in others]


def _with_spread(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the effects with the distance between the differences at both ends of an assumption."""
    if effects.empty:
        columns = ("assumption", "at", "value", "arm", "difference", "low", "high", "reading", "spread")
        return pd.DataFrame(columns=list(columns))
    ends = effects.groupby(["assumption", "arm"], sort=False)["difference"]
    return effects.assign(spread=ends.transform("max") - ends.transform("min"))


def _line(
    arms: Arms, name: str, its: Range, end: str, as_assumed: Numbers, at_end: Numbers
) -> list[tuple[float, Numbers]]:
    """Return the figures at the assumed value and at an end, by value, ascending."""
    ends = [(number(getattr(arms[0].behaviour, name)), as_assumed), (number(getattr(its, end)), at_end)]
    return sorted(ends, key=lambda both: both[0])


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__}
