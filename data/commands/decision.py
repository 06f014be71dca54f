"""What an experiment's file asks beside the comparison: how much the decision hangs on what is assumed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import fill

import pandas as pd

from data.commands.progress import Progress
from data.lens.figures import UNITS
from data.simulation.decision.assumption_words import about
from data.simulation.decision.sensitivity import ENDS, Sensitivity, sensitivity
from data.simulation.experiment import Experiment
from data.simulation.figure_words import signed

_WIDTH = 100


@dataclass(frozen=True)
class Decision:
    """What was found, as lines to print and as tables by name."""

    lines: list[str] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def decide(experiment: Experiment, progress: Progress, scheduler: str | None) -> Decision:
    """Answer what the file asks beside the comparison; nothing if it asks nothing. Raises what `sensitivity` raises."""
    made = Decision()
    if experiment.sensitivity is not None:
        found = sensitivity(experiment, progress=progress, scheduler=scheduler)
        made.lines.extend(_sensitivity_lines(found))
        made.tables.update({f"sensitivity_{name}": frame for name, frame in found.tables.items()})
    return made


def _sensitivity_lines(found: Sensitivity) -> Iterator[str]:
    yield "\nWhat would change the order of the policies?"
    yield fill(found.sentence, _WIDTH)
    unit = UNITS[found.figure]
    yield f"\n{found.figure}: difference from “{found.arms[0].name}”, each assumption by itself; widest first"
    widest = found.effects.groupby("assumption")["spread"].max().sort_values(ascending=False).index
    for name in widest:
        yield f"  {about(str(name))}"
        of = found.effects[found.effects["assumption"] == name]
        for end in ENDS:
            rows = of[of["at"] == end].to_dict("records")
            arms = ", ".join(f"“{row['arm']}” {signed(float(row['difference']), unit)}" for row in rows)
            yield f"    {rows[0]['value']}: {arms}"
    if found.left_out:
        yield f"Left alone, since the arms differ in it: {', '.join(map(about, found.left_out))}"
