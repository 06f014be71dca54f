"""The parts that `forks` runs: SQL files, and the checker, whose tests take long."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from tests.mutants.forks import run_in_forks
from tests.mutants.outcomes import UNTYPED, Fate, Mutant, fate_of
from tests.mutants.parts import FOLDER, FORKED_PARTS, ROOT, drawn
from tests.mutants.python_changes import python_changes
from tests.mutants.sql_changes import changes, put_in_place
from tests.mutants.survivors import explained

Value = TypeVar("Value")
_Key = tuple[Mutant, int]  # several mutants of a function may look the same: they are numbered


def run_forked(part: str, again: bool, resume: bool, sample: int | None = None) -> None:
    """Run a part's mutants: all, those without an outcome (`resume`), or also unexplained survivors (`again`).

    `sample` limits the run to so many of them.
    """
    record = FOLDER / part / "mutants.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[_Key, int | None] = {}
    if record.exists() and (again or resume):
        kept = dict(_counted((Mutant(*it), status) for *it, status in json.loads(record.read_text())))
    found = [*_counted(_changes(part))]
    outcome = {key: UNTYPED if change is None else kept.get(key) for key, change in found}
    outcome |= {key: None for key, change in found if change and outcome[key] == UNTYPED}
    known = explained()
    alive = {key for key, status in outcome.items() if fate_of(status) is Fate.SURVIVED and key[0] not in known}
    wanted = {key for key, status in outcome.items() if status is None} | (alive if again else set())
    todo = [(key, change) for key, change in found if change and key in wanted]

    def told(key: _Key, status: int, left: int, killer: str) -> str:
        outcome[key] = status
        record.write_text(json.dumps([[m.function, m.was, m.becomes, status] for (m, _), status in outcome.items()]))
        return f"{left:5} left; {fate_of(status)}: {key[0].function}: {key[0].becomes}    {killer}"

    tests = ["--hypothesis-profile=mutants", *FORKED_PARTS[part]["tests"]]
    run_in_forks(tests, todo if sample is None else drawn(todo, sample), told)


def _changes(part: str) -> Iterator[tuple[Mutant, Callable[[], None] | None]]:
    """Yield each mutant of a part, and the function that applies it, or None if it needs no run."""
    code = FORKED_PARTS[part]["code"]
    if code.endswith(".py"):
        yield from python_changes(FOLDER / part, code)
    else:
        for mutant, text in changes(ROOT / code, code):
            yield mutant, partial(put_in_place, code, text)


def _counted(pairs: Iterator[tuple[Mutant, Value]]) -> Iterator[tuple[_Key, Value]]:
    """Yield the pairs, with equal-looking mutants numbered."""
    seen = Counter[Mutant]()
    for mutant, value in pairs:
        seen[mutant] += 1
        yield (mutant, seen[mutant]), value
