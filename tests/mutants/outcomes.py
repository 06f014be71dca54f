"""The fate of each mutant, read from mutmut's folder."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from tests.mutants.functions import body, functions

AROUND = 40
"""Number of unchanged characters shown on each side of a change."""


class Fate(StrEnum):
    """The fate of a mutant."""

    KILLED = "killed"
    UNTYPED = "caught by mypy"
    SURVIVED = "survived"
    NOT_RUN = "not run"


UNTYPED = 37
"""mutmut's exit status for mutants that mypy catches."""
_FATES = {
    0: Fate.SURVIVED,
    5: Fate.SURVIVED,
    33: Fate.SURVIVED,
    UNTYPED: Fate.UNTYPED,
    None: Fate.NOT_RUN,
    2: Fate.NOT_RUN,
}
"""By the exit status of pytest or mutmut. 5 and 33: no test reaches the function. All others: a test failed or hung."""


def fate_of(status: int | None) -> Fate:
    """Return the fate of an exit status."""
    return _FATES.get(status, Fate.KILLED)


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """A mutant of one function: `was` is replaced by `becomes`, both as written by `ast.unparse`."""

    function: str  # as in "model.policy:Policy.sees", or a query as in "data/lens/lens.sql:pending"
    was: str
    becomes: str

    @property
    def module(self) -> str:
        """The name of the mutated module."""
        return self.function.partition(":")[0]


def mutants_in(module: ast.Module, name: str) -> Iterator[tuple[str, Mutant]]:
    """Yield the mutants that mutmut wrote into this module, each with its function's name there."""
    mutated = functions(module)
    known = {name.rpartition(".")[2]: function for name, function in mutated.items()}
    for place in mutated:
        original, _, number = place.rpartition(".")[2].rpartition("__mutmut_")
        if number.isdecimal():
            was, becomes = difference(body(known[f"{original}__mutmut_orig"]), body(mutated[place]))
            function = original.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            yield place, Mutant(f"{name}:{function}", was, becomes)


def outcomes(folder: Path) -> Iterator[tuple[str, Mutant, Fate]]:
    """Yield mutmut's name of each mutant in the folder, the mutant, and its fate."""
    for meta in sorted(folder.glob("mutants/**/*.py.meta")):
        path = meta.with_suffix("")
        module = ".".join(path.relative_to(folder / "mutants").with_suffix("").parts)
        fates = json.loads(meta.read_text())["exit_code_by_key"]
        for place, mutant in mutants_in(ast.parse(path.read_text()), module):
            name = f"{module}.{place.rpartition('.')[2]}"
            yield name, mutant, fate_of(fates[name])


def recorded(folder: Path) -> Iterator[tuple[Mutant, Fate]]:
    """Yield the mutants of a run by `forks`, and their fates."""
    for *mutant, status in json.loads((folder / "mutants.json").read_text()):
        yield Mutant(*mutant), fate_of(status)


def difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """Return the difference between the lines of a function and of its mutant, with some context."""
    changes = [
        code for code in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    was = "\n".join(line.strip() for line in before[changes[0][1] : changes[-1][2]])
    becomes = "\n".join(line.strip() for line in after[changes[0][3] : changes[-1][4]])
    if not (was and becomes):
        return was, becomes
    start = max(_alike(was, becomes) - AROUND, 0)
    end = max(_alike(was[start:][::-1], becomes[start:][::-1]) - AROUND, 0)
    return was[start : len(was) - end], becomes[start : len(becomes) - end]


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
