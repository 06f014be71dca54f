"""Experiments and their findings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """An experiment's attempts and results."""

    tried: str  # a sentence for the table
    times: int
    lost: tuple[str, ...] = ()  # a sentence for each broken promise: cause and effect
    details: str = ""  # Markdown below the table: figures and explanations


def ready() -> None:
    """Return "": the experiment runs on any machine."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One attempt to break a promise, at the full size or a shorter one."""

    promise: str  # a sentence for the table
    run: Callable[[int, Path], Finding]  # takes the size and an empty folder
    full: int  # the size in `make evidence`
    short: int  # the size in `make test`
    slow: bool = True  # whether the short one takes more than about a second
    missing: Callable[[], str | None] = ready  # what the machine lacks for it

    @property
    def name(self) -> str:
        """Return the name of the function, without underscores."""
        return self.run.__name__.replace("_", " ")


@dataclass(frozen=True, slots=True)
class NotPromised:
    """Something that a reader might expect, but that is not promised."""

    what: str
    why: str


def some(lost: Sequence[str], most: int = 20) -> str:
    """Return the first losses, one per line."""
    rest = [f"... and {len(lost) - most} more"] if len(lost) > most else []
    return "\n".join([*lost[:most], *rest])
