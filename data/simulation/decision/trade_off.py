"""Trade-off: what a shorter resolution costs in hours of access, and in removals that can be guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Unpack

import numpy as np
import pandas as pd

from data.files.durations import duration, duration_text
from data.files.shown import value_shown
from data.files.toml_reader import Value
from data.simulation.decision.cases import Arms, Asked, Numbers, Size, Wanted, arms_and_size, figures_of_cases
from data.simulation.decision.decided import Decided
from data.simulation.decision.front import chance_on_front, how_often, least_within, on_front, resampled
from data.simulation.decision.paired import level
from data.simulation.decision.policies_tried import policies_tried, promises_not_kept
from data.simulation.words.answer import ACCESS
from data.simulation.words.figure_words import figure as in_words
from data.simulation.words.findings import GUESS
from model.checker import SMALL, Bounds

NINE_IN_TEN = "90th percentile of hours to resolution"
_FIGURES = {"resolved": NINE_IN_TEN, "access": ACCESS, "guess": GUESS}
WITHIN = timedelta(days=9)


@dataclass(frozen=True, eq=False, repr=False)
class TradeOff(Decided):
    """The result of `trade_off`; intervals are 95 %.

    - policies: arm; resolved (hours within which nine in ten tickets are resolved), access (hours per ticket), guess
      (how well a removal can be guessed: AUC), each with its interval in columns such as `access_low`; promises_kept;
      broken (the promises that are not, in words); on_front (of access against time) and on_guess_front (of the guess
      against time), which only policies that keep all promises can be; chance (in which share of resampled replications
      it is on the front of access)
    - answers: arm (empty: no policy), share: how often it is the answer if the replications are drawn again
    - sentence: the least access at which nine in ten are resolved in time
    """

    within: timedelta
    policies: pd.DataFrame
    answers: pd.DataFrame

    def __repr__(self) -> str:
        """Return what was tried, and what to look at next."""
        on = int(self.policies["on_front"].sum())
        return (
            f"<TradeOff of {len(self.arms)} policies, {on} on the front>\n{self.sentence}\n"
            "Go on with .policies, .answers; help(TradeOff) tells more."
        )

    def _repr_html_(self) -> str:
        """Return the sentence and a table of the policies, those on the front first, for a notebook."""
        rows = [
            {
                "policy": row["arm"],
                "nine in ten resolved within": in_words(row["resolved"], "hours"),
                "access per ticket": in_words(row["access"], "hours"),
                "a removal can be guessed": in_words(row["guess"], "AUC"),
                "on the front": f"yes, in {100 * row['chance']:.0f} % of resamplings" if row["on_front"] else "",
                "promise that is broken": row["broken"],
            }
            for row in self.policies.sort_values("on_front", ascending=False, kind="stable").to_dict("records")
        ]
        return self.in_html("Policies", rows)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name."""
        return {"policies": self.policies, "answers": self.answers}


def trade_off(
    policies: Asked | Mapping[str, Any] | None = None,
    *,
    within: timedelta | str | None = None,
    bounds: Bounds = SMALL,
    **wanted: Unpack[Wanted],
) -> TradeOff:
    """Simulate policies on the same tickets, and find the least access at which tickets are resolved in time.

    `policies`: arms as `compare` takes them, or an Experiment; without it, some twenty policies that differ in who
    decides, how long access lasts and when requests expire. `within`: the time in which nine in ten tickets shall be
    resolved, such as "5 days"; nine days by default. A policy of which the checker finds a promise broken (within
    `bounds`) is shown, and is neither on the front nor an answer. `wanted`: `base`, `tickets`, `replications`, `seed`,
    `threads`, `scheduler` and `progress`, as in `compare`.

    Raises ValueError that names what is wrong, and what `compare` raises.
    """
    limit = _limit(within if within is not None else getattr(policies, "trade_off", None) or WITHIN)
    worlds, size = arms_and_size(policies_tried() if policies is None else policies, **wanted)
    broken = [promises_not_kept(arm.policy, bounds) for arm in worlds]
    found = figures_of_cases([worlds], size, list(_FIGURES.values()))[0]
    return _trade_off(worlds, size, limit, broken, found)


def _limit(within: timedelta | str) -> timedelta:
    length = within if isinstance(within, timedelta) else duration(within)
    if length <= timedelta(0):
        raise ValueError(f"tickets are resolved within more than no time, not {value_shown(within)}")
    return length


def within_of_key(value: Value) -> timedelta | None:
    """Return the limit in the key `trade_off` of an experiment: true, false, or a table with `within`."""
    if isinstance(value.it, bool):
        return WITHIN if value.it else None
    within = value.table(("within",))["within"]
    length = within.duration()
    return within.made(lambda: _limit(length))


def _trade_off(arms: Arms, size: Size, limit: timedelta, broken: list[tuple[str, ...]], found: Numbers) -> TradeOff:
    """Return the result for figures by replication, arm and figure of `_FIGURES`."""
    safe = np.array([not names for names in broken])
    hours = limit.total_seconds() / 3600
    # Policies that break a promise are excluded, like those without a figure.
    racing = np.where(safe[None, :, None], found, np.nan)
    means, again = racing.mean(axis=0), resampled(racing, size.seed)
    rows = []
    for place, arm in enumerate(arms):
        row: dict[str, Any] = {"arm": arm.name}
        for number, name in enumerate(_FIGURES):
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), level(found[:, place, number]), strict=True))
        rows.append(row)
    frame = pd.DataFrame(rows).assign(
        promises_kept=safe,
        broken=[", ".join(names) for names in broken],
        on_front=on_front(means[:, 0], means[:, 1]),
        on_guess_front=on_front(means[:, 0], means[:, 2]),
        chance=chance_on_front(again[..., 0], again[..., 1]),
    )
    often = how_often(again[..., 0], again[..., 1], hours)
    names = ["" if place is None else arms[place].name for place, _ in often]
    answers = pd.DataFrame({"arm": names, "share": [share for _, share in often]})
    answer = least_within(means[:, 0], means[:, 1], hours)
    sentence = _sentence(frame, answers, answer, limit)
    return TradeOff(arms, size.tickets, size.replications, size.seed, sentence, limit, frame, answers)


def _sentence(frame: pd.DataFrame, answers: pd.DataFrame, answer: int | None, limit: timedelta) -> str:
    """Return the least access at which nine in ten are resolved in time, and how sure that is; plain text."""
    kept, wanted = frame[frame["promises_kept"]], duration_text(limit)
    if kept.empty:
        return "None of these policies keeps all promises, so there is nothing to choose from."
    if answer is None:
        soonest = kept.sort_values("resolved").iloc[0]
        return (
            f"None of the {len(kept)} policies that keep all promises resolves nine in ten tickets within {wanted}. "
            f"The soonest is “{soonest['arm']}”, with {_within(soonest, 'resolved')}."
        )
    row = frame.iloc[answer]
    said = (
        f"Nine in ten tickets are resolved within {wanted} with {_within(row, 'access')} of access per ticket, under "
        f"“{row['arm']}”: the least of the {len(kept)} policies that keep all promises."
    )
    if row["resolved_high"] > limit.total_seconds() / 3600:
        said += f" It may just miss that: nine in ten take up to {_within(row, 'resolved')}."
    same = float(answers.loc[answers["arm"] == row["arm"], "share"].sum())
    others = [f"“{arm}”" if arm else "no policy" for arm in answers["arm"] if arm != row["arm"]][:2]
    if same > 0.995:
        return f"{said} With other luck the answer would be the same."
    often = f"{100 * same:.0f} % of cases, else {' or '.join(others)}"
    return f"{said} With other luck the answer would be the same in {often}."


def _within(row: Any, name: str) -> str:
    """Return a figure in hours with its interval: "12.3 h (11.9–12.8)"."""
    low, high = (in_words(float(row[f"{name}_{end}"]), "hours", bare=True) for end in ("low", "high"))
    return f"{in_words(float(row[name]), 'hours')} ({low}–{high})"
