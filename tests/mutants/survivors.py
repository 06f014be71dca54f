"""The list of survivors: mutants that no test needs to kill, each with its reason."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.mutants.outcomes import Fate, Mutant

LIST = Path(__file__).with_name("survivors.toml")


def explained() -> dict[Mutant, str]:
    """Return the listed survivors with their reasons."""
    groups = tomllib.loads(LIST.read_text())["survivors"]
    return {Mutant(**mutant): group["reason"] for group in groups for mutant in group["mutants"]}


def contradictions(found: Iterable[tuple[Mutant, Fate]], reasons: Mapping[Mutant, str]) -> list[str]:
    """Return the contradictions between the list of survivors and a run."""
    fates: dict[Mutant, set[Fate]] = {}
    for mutant, fate in found:
        fates.setdefault(mutant, set()).add(fate)
    alive = [mutant for mutant, those in fates.items() if Fate.SURVIVED in those and mutant not in reasons]
    dead = [mutant for mutant in reasons if fates.get(mutant, set()) and fates[mutant] <= {Fate.KILLED, Fate.UNTYPED}]
    gone = [mutant for mutant in reasons if mutant not in fates]
    return [
        *(f"survives, and is not in the list: {_told(mutant)}" for mutant in alive),
        *(f"is in the list, and killed: {_told(mutant)}" for mutant in dead),
        *(f"is in the list, and not among the mutants: {_told(mutant)}" for mutant in gone),
    ]


def _told(mutant: Mutant) -> str:
    return f"{mutant.function}\n    was      {mutant.was}\n    becomes  {mutant.becomes}"
