"""The base of all answers to "what would change the decision?"."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.simulation.decision.cases import Arms
from data.simulation.steady import queue_note
from model.html_parts import table, words


@dataclass(frozen=True, eq=False, repr=False)
class Decided:
    """The arms, the size of the simulation in each case, and the answer in a sentence."""

    arms: Arms
    tickets: int  # of each replication and arm
    replications: int
    seed: int
    sentence: str

    @property
    def varied(self) -> Collection[str]:
        """The settings and assumptions that were tried with several values."""
        return ()

    @property
    def note(self) -> str:
        """The run size that the answer holds for, if requests queue for a few administrators; else empty."""
        return queue_note(self.arms, self.tickets, varied="common_administrators" in self.varied)

    def in_html(self, caption: str, rows: Sequence[Mapping[str, Any]], also_assumed: str = "") -> str:
        """Return the sentence, with its note, above a table of all rows, for a notebook."""
        said, all_rows = words(f"{self.sentence} {self.note}".strip()), table(caption, rows, most=len(rows))
        return f"<p>{said}</p>{all_rows}<p>How people act is assumed, not measured{also_assumed}.</p>"
