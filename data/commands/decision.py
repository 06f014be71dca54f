"""The questions of an experiment's file besides the comparison: what would change the decision."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import fill

import pandas as pd

from data.commands.progress import Progress
from data.lens.figures import UNITS
from data.simulation.decision.assumption_words import about
from data.simulation.decision.sensitivity import ENDS, Sensitivity, sensitivity
from data.simulation.decision.sweep import Sweep, sweep
from data.simulation.decision.trade_off import TradeOff, trade_off
from data.simulation.experiment import Experiment
from data.simulation.words.figure_words import difference_in_words, figure

_WIDTH = 100


@dataclass(frozen=True)
class Decision:
    """The answers, as lines to print and as tables by name."""

    lines: list[str] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def decide(experiment: Experiment, progress: Progress, scheduler: str | None) -> Decision:
    """Answer the file's questions besides the comparison, if it has any. Raises what `sensitivity` raises."""
    made = Decision()
    if experiment.sensitivity is not None:
        found = sensitivity(experiment, progress=progress, scheduler=scheduler)
        made.lines.extend(_sensitivity_lines(found))
        made.tables.update({f"sensitivity_{name}": frame for name, frame in found.tables.items()})
    if experiment.sweep is not None:
        swept = sweep(experiment, progress=progress, scheduler=scheduler)
        made.lines.extend(_sweep_lines(swept))
        made.tables["sweep"] = swept.values
    if experiment.trade_off is not None:
        traded = trade_off(experiment, progress=progress, scheduler=scheduler)
        made.lines.extend(_trade_off_lines(traded))
        made.tables.update({f"trade_off_{name}": frame for name, frame in traded.tables.items()})
    return made


def _said(found: Sensitivity | Sweep | TradeOff) -> Iterator[str]:
    """Yield the sentence, and the note on the length of runs if requests queue."""
    yield fill(found.sentence, _WIDTH)
    if found.note:
        yield fill(found.note, _WIDTH)


def _sensitivity_lines(found: Sensitivity) -> Iterator[str]:
    yield "\nWhat would change the order of the policies?"
    yield from _said(found)
    yield f"\n{found.figure}: difference from “{found.arms[0].name}”, each assumption by itself; widest first"
    widest = found.effects.groupby("assumption")["spread"].max().sort_values(ascending=False).index
    for name in widest:
        yield f"  {about(str(name))}"
        of = found.effects[found.effects["assumption"] == name]
        for end in ENDS:
            rows = of[of["at"] == end].to_dict("records")
            arms = ", ".join(f"“{row['arm']}” {difference_in_words(row)}" for row in rows)
            yield f"    {rows[0]['value']}: {arms}"
    if found.left_out:
        yield f"Not varied, since the arms differ in it: {', '.join(map(about, found.left_out))}"


def _sweep_lines(found: Sweep) -> Iterator[str]:
    unit = UNITS[found.figure]
    yield f"\nWhere is the {found.figure} best?"
    yield from _said(found)
    for row in found.values.to_dict("records"):
        place = ", ".join(f"{knob.name} {row[knob.name]}" for knob in found.knobs)
        low, high = (figure(float(row[end]), unit, bare=True) for end in ("low", "high"))
        marks = " · best" * row["best"] + " · leads" * row["leads"]
        yield f"  {place}: “{row['arm']}” {figure(float(row['value']), unit)} [{low}, {high}]{marks}"
    if found.left_out:
        yield f"Left out, since they differ in what is swept: {', '.join(found.left_out)}"


def _trade_off_lines(found: TradeOff) -> Iterator[str]:
    yield "\nWhat is the least access at which tickets are resolved in time?"
    yield from _said(found)
    for row in found.policies.sort_values("resolved").to_dict("records"):
        standing = "on the front" if row["on_front"] else f"breaks: {row['broken']}" if row["broken"] else "beaten"
        yield (
            f"  “{row['arm']}”: nine in ten resolved within {figure(row['resolved'], 'hours')}, "
            f"{figure(row['access'], 'hours')} of access per ticket; {standing}"
        )
