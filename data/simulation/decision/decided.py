"""What all answers to "what would change the decision?" have in common."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.simulation.decision.cases import Arms
from data.simulation.steady import queue_note
from model.html_parts import table, words


@dataclass(frozen=True, eq=False, repr=False)
class Decided:
    """Of whom it speaks, how much was simulated for each case, and the sentence that it comes to."""

    arms: Arms
    tickets: int  # of each replication and arm
    replications: int
    seed: int
    sentence: str

    @property
    def varied(self) -> Collection[str]:
        """The settings and assumptions that are tried with several values."""
        return ()

    @property
    def note(self) -> str:
        """For how long a run all this holds, if requests queue for a few administrators; else empty."""
        return queue_note(self.arms, self.tickets, varied="common_administrators" in self.varied)

    def in_html(self, caption: str, rows: Sequence[Mapping[str, Any]], also_assumed: str = "") -> str:
        """Return the sentence, with its note, above a table of all rows, for a notebook."""
        said, all_rows = words(f"{self.sentence} {self.note}".strip()), table(caption, rows, most=len(rows))
        return f"<p>{said}</p>{all_rows}<p>How people act is assumed, not measured{also_assumed}.</p>"
