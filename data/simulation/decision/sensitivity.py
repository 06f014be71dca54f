"""Sensitivity: vary each assumption by itself, and see how the differences between the arms change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from math import comb
from typing import Any, Unpack

import numpy as np
import pandas as pd

from data.simulation.decision.assumption_words import about, said
from data.simulation.decision.cases import Arms, Asked, Size, Wanted, arms_and_size, assuming, primary_of, run_cases
from data.simulation.decision.decided import Decided
from data.simulation.decision.order import break_even, every_pair, never_told_apart, pairs_read, turns
from data.simulation.decision.ranges import Range, ranges_from
from data.simulation.decision.sensitivity_words import number, order_sentence
from data.simulation.statistics.differences import COLUMNS
from data.simulation.words.figure_words import difference_in_words

ENDS = ("low", "high")
Case = tuple[str, str]  # an assumption, and which of its ends


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Decided):
    """The result of `sensitivity`. Every value of an assumption applies to all arms; intervals are 95 %.

    - assumed: arm, and the columns of `Comparison.differences`: the difference from the first arm as things are
      assumed. Readings are corrected for the number of all that are read together: any two arms, in every case
    - effects: assumption, at ("low" or "high"), value (in words), arm, and the same columns: the difference if the
      assumption has this value; `spread`: how far the differences at both ends, and as things are assumed, lie apart
    - turns: assumption, at, value, now_less, now_more (arms whose order turns around), reversed (False: they can no
      longer be told apart), break_even (the value at which they draw level, NaN for what is no number)
    - ranges: assumption, about, assumed, low, high (in words), reason
    - sentence: in which cases the order of the arms changes
    """

    figure: str
    left_out: tuple[str, ...]  # assumptions in which the arms differ, which are not varied
    assumed: pd.DataFrame
    effects: pd.DataFrame
    turns: pd.DataFrame
    ranges: pd.DataFrame

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
            ends = {row["at"]: f"{row['value']}: {difference_in_words(row)}" for row in both.to_dict("records")}
            rows.append({"assumption": about(str(name)), "arm": arm, **{end: ends[end] for end in ENDS}})
        caption = f"{self.figure}: difference from “{self.arms[0].name}”, each assumption by itself"
        return self.in_html(caption, rows, ", and so are these ranges")

    @property
    def varied(self) -> set[str]:
        """The assumptions that are varied."""
        return set(self.ranges["assumption"])

    @property
    def read_together(self) -> int:
        """How many differences are read together: those of any two arms, in every case."""
        return comb(len(self.arms), 2) * (1 + len(ENDS) * len(self.ranges))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        return {name: getattr(self, name) for name in ("assumed", "effects", "turns", "ranges")}


def sensitivity(
    arms: Asked | Mapping[str, Any],
    *,
    ranges: Mapping[str, Any] | None = None,
    figure: str | None = None,
    **wanted: Unpack[Wanted],
) -> Sensitivity:
    """Give each assumption a low and a high value, one at a time, and say whether the order of the arms changes.

    `arms`: an Experiment, or arms as `compare` takes them; at least two. `ranges`: see
    `data.simulation.decision.ranges.ranges_from`; by default this project's own. `figure`: one of
    `data.lens.figures.UNITS`; by default the experiment's primary one. All cases get the same tickets and random
    numbers. An assumption in which the arms differ is part of the comparison, and is not varied. `wanted`: `base`,
    `tickets`, `replications`, `seed`, `threads`, `scheduler` and `progress`, as in `compare`.

    Raises ValueError that names what is wrong, and what `compare` raises.
    """
    worlds, size = arms_and_size(arms, **wanted)
    decides = primary_of(arms, figure)
    if len(worlds) < 2:
        raise ValueError("at least two arms are wanted: one alone has nothing that could come before it")
    asked: Mapping[str, Range] | None = getattr(arms, "sensitivity", None)
    given = asked if ranges is None and asked is not None else ranges_from(ranges)
    shaken = {name: its for name, its in given.items() if _agree(worlds, name)}
    cases = [assuming(worlds, name, getattr(its, end)) for name, its in shaken.items() for end in ENDS]
    found = run_cases([worlds, *cases], size, [decides], partial(every_pair, figure=decides), every_pair=True)
    pairs = pairs_read([arm.name for arm in worlds], decides, found)
    left_out = tuple(name for name in given if name not in shaken)
    return _sensitivity(worlds, size, decides, left_out, shaken, pairs)


def _agree(arms: Arms, name: str) -> bool:
    return len({getattr(arm.behaviour, name) for arm in arms}) == 1


def _sensitivity(
    arms: Arms, size: Size, decides: str, left_out: tuple[str, ...], shaken: Mapping[str, Range], pairs: pd.DataFrame
) -> Sensitivity:
    """Return the result for the rows of `pairs_read`; the first case has the assumed values."""
    as_assumed, *others = (its.reset_index(drop=True) for _, its in pairs.groupby("case"))
    values = {(name, end): getattr(its, end) for name, its in shaken.items() for end in ENDS}
    each = dict(zip(values, others, strict=True))
    turned = _turned(arms, values, as_assumed, each)
    columns = ["assumption", "at", "value", "now_less", "now_more", "reversed", "break_even"]
    return Sensitivity(
        arms,
        *(size.tickets, size.replications, size.seed),
        order_sentence(arms, decides, turned, never_told_apart(as_assumed)),
        *(decides, left_out),
        _from_the_first(arms, as_assumed),
        _effects(arms, values, _from_the_first(arms, as_assumed), each),
        pd.DataFrame(turned, columns=columns),
        _ranges(arms, shaken),
    )


def _from_the_first(arms: Arms, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the pairs that the first arm is in."""
    return pairs.loc[pairs["base"] == arms[0].name, ["arm", *COLUMNS]].reset_index(drop=True)


def _effects(
    arms: Arms, values: Mapping[Case, Any], assumed: pd.DataFrame, each: Mapping[Case, pd.DataFrame]
) -> pd.DataFrame:
    """Return the rows of `Sensitivity.effects`."""
    columns = ["assumption", "at", "value", "arm", *COLUMNS]
    frames = [
        _from_the_first(arms, each[name, end]).assign(assumption=name, at=end, value=said(name, value))[columns]
        for (name, end), value in values.items()
    ]
    if not frames:
        return pd.DataFrame(columns=[*columns, "spread"])
    effects = pd.concat(frames, ignore_index=True)
    ends = effects.groupby(["assumption", "arm"], sort=False)["difference"]
    as_assumed = effects["arm"].map(assumed.set_index("arm")["difference"])
    reach = np.maximum(ends.transform("max"), as_assumed) - np.minimum(ends.transform("min"), as_assumed)
    return effects.assign(spread=reach)


def _turned(
    arms: Arms, values: Mapping[Case, Any], as_assumed: pd.DataFrame, each: Mapping[Case, pd.DataFrame]
) -> list[dict[str, Any]]:
    """Return the rows of `Sensitivity.turns`."""
    rows = []
    for (name, end), value in values.items():
        after = each[name, end]
        for turn in turns(as_assumed, after):
            both = {turn.now_less, turn.now_more}
            of_pair = [base in both and arm in both for base, arm in zip(after["base"], after["arm"], strict=True)]
            assumed, at_end = (float(of.loc[of_pair, "difference"].iloc[0]) for of in (as_assumed, after))
            level = break_even((number(getattr(arms[0].behaviour, name)), assumed), (number(value), at_end))
            row = {"assumption": name, "at": end, "value": said(name, value), **asdict(turn), "break_even": level}
            rows.append(row)
    return rows


def _ranges(arms: Arms, shaken: Mapping[str, Range]) -> pd.DataFrame:
    rows = [
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
    return pd.DataFrame(rows, columns=["assumption", "about", "assumed", "low", "high", "reason"])
