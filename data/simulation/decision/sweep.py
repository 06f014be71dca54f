"""Sweep: vary one or two settings or assumptions, and find where a figure is best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Unpack

import numpy as np
import pandas as pd

from data.files.shown import value_shown
from data.lens.figures import UNITS
from data.simulation.decision.cases import Arms, Asked, Numbers, Wanted, arms_and_size, figures_of_cases, primary_of
from data.simulation.decision.decided import Decided
from data.simulation.decision.knobs import Knob, knobs_from
from data.simulation.decision.paired import difference, level
from data.simulation.words.figure_words import figure as in_words
from data.simulation.words.findings import SHORT

MOST_KNOBS, MOST_PLACES = 2, 200
DIRECTIONS = ("least", "most")
_ALIKE, _MISSING = "No value is clearly better than all others", "Some replication lacks this figure"
_MORE_IS_BETTER = ("share decided within a day", "share of tickets decided within a day")


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Decided):
    """The result of `sweep`.

    - values: a column for each knob (its value in words), arm, value of the figure there (the mean over the
      replications), low, high (95 %), best (whether no other place of this arm is clearly better), leads (whether this
      arm is clearly better there than every other one); both are corrected for the number of places (Bonferroni)
    """

    left_out: tuple[str, ...]  # arms that differ from the first in a swept setting
    knobs: tuple[Knob, ...]
    figure: str
    direction: str  # of DIRECTIONS: what counts as best
    values: pd.DataFrame

    def __repr__(self) -> str:
        """Return what was swept, and what to look at next."""
        over = " and ".join(repr(knob.name) for knob in self.knobs)
        return f"<Sweep of {self.figure!r} over {over}>\n{self.sentence}\nGo on with .values; help(Sweep) tells more."

    def _repr_html_(self) -> str:
        """Return the sentence and a table of all places, for a notebook."""
        unit, rows = UNITS[self.figure], []
        for row in self.values.to_dict("records"):
            place = {knob.about: row[knob.name] for knob in self.knobs}
            low, high = (in_words(float(row[end]), unit, bare=True) for end in ("low", "high"))
            shown = f"{in_words(float(row['value']), unit)} ({low}–{high})"
            rows.append({**place, "arm": row["arm"], self.figure: shown, "best": "best" if row["best"] else ""})
        return self.in_html(self.figure, rows)

    @property
    def varied(self) -> list[str]:
        """What is swept."""
        return [knob.name for knob in self.knobs]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        return {"values": self.values}


def sweep(
    arms: Asked | Mapping[str, Any],
    knobs: Mapping[str, Any] | None = None,
    *,
    figure: str | None = None,
    best: str | None = None,
    **wanted: Unpack[Wanted],
) -> Sweep:
    """Try every combination of the values of one or two knobs, and find where the figure is best.

    `arms`: an Experiment, or arms as `compare` takes them. `knobs`: by the name of a policy's setting or an assumption
    its values, see `data.simulation.decision.knobs.knobs_from`; by default those of the experiment's file. `figure`:
    one of `data.lens.figures.UNITS`, by default the primary one. `best`: "least" or "most"; by default what is better
    for who waits. All places meet the same tickets and chance. Arms that differ from the first in what is swept are
    left out.

    Raises ValueError that names what is wrong, and what `compare` raises.

    >>> found = sweep({"source": {}}, {"grant_lasts": ["8 hours", "24 hours"]}, tickets=200, replications=2)
    >>> found.values["grant_lasts"].tolist()
    ['8 hours', '1 day']
    """
    worlds, size = arms_and_size(arms, **wanted)
    decides = primary_of(arms, figure)
    asked: tuple[Knob, ...] | None = getattr(arms, "sweep", None)
    swept = asked if knobs is None and asked else knobs_from(knobs or {}, "sweep", MOST_KNOBS)
    direction = best or DIRECTIONS[decides in _MORE_IS_BETTER]
    if direction not in DIRECTIONS:
        raise ValueError(f"best is 'least' or 'most', not {value_shown(direction)}")
    places = list(product(*(knob.values for knob in swept)))
    if len(places) > MOST_PLACES:
        raise ValueError(f"at most {MOST_PLACES} places can be tried, not {len(places):,}: give fewer values")
    kept = tuple(arm for arm in worlds if all(knob.of(arm) == knob.of(worlds[0]) for knob in swept))
    cases = [tuple(_put(arm, swept, place) for arm in kept) for place in places]
    found = figures_of_cases(cases, size, [decides])[..., 0]
    values = _values(kept, swept, found, 1 if direction == "least" else -1)
    return Sweep(
        kept,
        *(size.tickets, size.replications, size.seed),
        _sentence(swept, decides, direction, values, [arm.name for arm in kept]),
        tuple(arm.name for arm in worlds if arm not in kept),
        swept,
        decides,
        direction,
        values,
    )


def _put(arm: Any, knobs: Sequence[Knob], place: Sequence[Any]) -> Any:
    for knob, value in zip(knobs, place, strict=True):
        arm = knob.put(arm, value)
    return arm


def _values(arms: Arms, knobs: Sequence[Knob], found: Numbers, sign: int) -> pd.DataFrame:
    """Return the frame of all places; `found` by place, replication and arm, better if less when `sign` is 1."""
    cost = sign * found
    winners = [_best(cost[:, :, arm]) for arm in range(len(arms))]
    among = len(found) * (len(arms) - 1)  # the differences that are read for one arm
    rows = []
    for number, place in enumerate(product(*(knob.words for knob in knobs))):
        for arm, its in enumerate(arms):
            mean, low, high = level(found[number, :, arm])
            row = dict(zip((knob.name for knob in knobs), place, strict=True))
            leads = len(arms) > 1 and all(
                difference(cost[number, :, arm], cost[number, :, other], among=among).reading == "less"
                for other in range(len(arms))
                if other != arm
            )
            best = bool(winners[arm][number])
            rows.append({**row, "arm": its.name, "value": mean, "low": low, "high": high, "best": best, "leads": leads})
    return pd.DataFrame(rows)


def _best(cost: Numbers) -> list[bool]:
    """Return for each place whether none is clearly better; `cost` by place and replication."""
    means = cost.mean(axis=1)
    if np.isnan(means).all():
        return [False] * len(cost)
    least = cost[int(np.nanargmin(means))]
    among = max(len(cost) - 1, 1)
    readings = [difference(place, least, among=among).reading for place in cost]
    return [reading in ("none seen", "too few", "no clear difference") for reading in readings]


def _sentence(knobs: Sequence[Knob], figure: str, direction: str, values: pd.DataFrame, arms: Sequence[str]) -> str:
    """Return where the figure is best under each arm, and where which arm leads; plain text."""
    found: dict[str, list[str]] = {}  # where it is best -> under which arms, with the figure
    for arm in arms:
        of = values[values["arm"] == arm]
        if not of["best"].any():
            found.setdefault(_MISSING, []).append(f"“{arm}”")
            continue
        if of["best"].all():
            found.setdefault(_ALIKE, []).append(f"“{arm}”")
            continue
        row = of.dropna(subset=["value"]).sort_values("value", ascending=direction == "least").iloc[0]
        where = " and ".join(f"“{knob.about}” {row[knob.name]}" for knob in knobs)
        shown = in_words(float(row["value"]), UNITS[figure])
        others = int(of["best"].sum()) - 1
        also = f", {others} other{'s' * (others > 1)} not clearly worse" if others else ""
        found.setdefault(where, []).append(f"“{arm}” ({shown}{also})")
    parts = [
        f"{where if where in (_ALIKE, _MISSING) else f'The {direction} {SHORT[figure]} comes with {where}'}: "
        f"under {', '.join(under)}."
        for where, under in found.items()
    ]
    if len(arms) > 1:
        led = values[values["leads"]].groupby("arm")["leads"].sum()
        many = len(values) // len(arms)
        told = [f"“{arm}” is clearly the best policy at {led[arm]} of {many} values" for arm in arms if arm in led]
        parts.append(f"{'; '.join(told) or 'No policy is clearly better than all others at any of the values'}.")
    return " ".join(parts)
