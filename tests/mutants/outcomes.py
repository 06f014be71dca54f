"""What became of each mutant: read from what mutmut leaves in its folder."""

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
"""Of what is not changed in a line, so many characters are shown on each side."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    UNTYPED = "caught by mypy"
    SURVIVED = "survived"
    NOT_RUN = "not run"


_FATES = {0: Fate.SURVIVED, 5: Fate.SURVIVED, 33: Fate.SURVIVED, 37: Fate.UNTYPED, None: Fate.NOT_RUN, 2: Fate.NOT_RUN}
"""By the exit status of pytest or mutmut. 5 and 33: no test reaches the function. All others: a test failed or hung."""


def fate_of(status: int | None) -> Fate:
    """What an exit status says."""
    return _FATES.get(status, Fate.KILLED)


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """A change of one function: `was` gives way to `becomes`, both in the writing of `ast.unparse`."""

    function: str  # as in "model.policy:Policy.sees", or a query as in "data/lens/lens.sql:pending"
    was: str
    becomes: str

    @property
    def module(self) -> str:
        """The name of the module that is changed."""
        return self.function.partition(":")[0]


def outcomes(folder: Path) -> Iterator[tuple[str, Mutant, Fate]]:
    """Yields mutmut's name of each mutant in the folder, the mutant, and its fate."""
    for meta in sorted(folder.glob("mutants/**/*.py.meta")):
        fates = json.loads(meta.read_text())["exit_code_by_key"]
        mutated = functions(ast.parse(meta.with_suffix("").read_text()))
        known = {name.rpartition(".")[2]: function for name, function in mutated.items()}
        for name, status in fates.items():
            module, _, mangled = name.rpartition(".")
            original, _, _ = mangled.rpartition("__mutmut_")
            was, becomes = difference(body(known[f"{original}__mutmut_orig"]), body(known[mangled]))
            function = original.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            yield name, Mutant(f"{module}:{function}", was, becomes), fate_of(status)


def sql_outcomes(folder: Path) -> Iterator[tuple[Mutant, Fate]]:
    """Yields the mutants of a file of SQL, and their fates."""
    for *mutant, status in json.loads((folder / "mutants.json").read_text()):
        yield Mutant(*mutant), fate_of(status)


def difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """What differs between the lines of a function and of its mutant, with some of what stands around it."""
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
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
