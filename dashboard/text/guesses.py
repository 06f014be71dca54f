"""How well the support request tenant could guess a removal from times, which no screen can hide."""

from dashboard.text.words import plain
from data.simulation.comparison import Comparison
from data.simulation.words.figure_words import mean_in_words
from data.simulation.words.findings import GUESS


def guesses(found: Comparison) -> str:
    """Return how well the support request tenant could guess a removal under each arm, in Markdown."""
    rows = found.metrics[found.metrics["metric"] == GUESS].to_dict("records")
    each = "; ".join(f"“{plain(str(row['arm']))}” {mean_in_words(row, ' to ')}" for row in rows)
    slower = sorted({arm.behaviour.slower_without_access for arm in found.arms})
    return (
        ":small[:material/hourglass_bottom: **How well could the support request tenant guess a removal?** "
        f"{each}. 0.5 means not at all, 1 always.]  \n"
        ":small[:gray[Where no screen tells it, time still can: the tenant knows when access was approved and when the "
        "ticket was closed. The slower engineers really are without access, the more it tells (here the same work "
        f"takes {' or '.join(f'{times:g}' for times in slower)} times as long: assumed, not measured). Something "
        "remains even if they are no slower, since access that is open for long has more time to be removed.]]"
    )
