"""Runs the tests of a file of SQL on each of its mutants: a process for each, forked before DuckDB was ever used."""

import json
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from data.store.queries import queries
from tests.mutants.outcomes import Mutant
from tests.mutants.parts import FOLDER, ROOT, SQL_PARTS, drawn
from tests.mutants.sql_changes import changes

SECONDS = 120  # of a processor, for the tests of one mutant
AT_ONCE = os.cpu_count() or 1
_SETTINGS = (
    *("-p", "no:cacheprovider"),
    "--hypothesis-profile=mutants",
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # this process knows packages that are plugins, too
)


def run_sql(part: str, again: bool, resume: bool, sample: int | None = None) -> None:
    """Run a part's mutants: all, those that survived the last run (`again`), or those without an outcome (`resume`).

    Of these it runs a `sample` of so many.
    """
    file, tests = SQL_PARTS[part]["file"], SQL_PARTS[part]["tests"]
    record = FOLDER / part / "mutants.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    known = {tuple(it[:3]): it[3] for it in json.loads(record.read_text())} if record.exists() else {}
    todo = list(changes(ROOT / file, file))
    outcome = {mutant: known.get((mutant.function, mutant.was, mutant.becomes)) for mutant, _ in todo}
    if again or resume:
        todo = [(mutant, text) for mutant, text in todo if outcome[mutant] is None or (again and outcome[mutant] == 0)]
    else:
        outcome = dict.fromkeys(outcome)
    if sample is not None:
        todo = drawn(todo, sample)
    _quietly(["--collect-only", *tests])
    if os.waitstatus_to_exitcode(os.waitpid(_started(None, file, tests), 0)[1]) != 0:
        sys.exit(f"{part}: the tests fail without any change")
    running: dict[int, Mutant] = {}
    while todo or running:
        if todo and len(running) < AT_ONCE:
            mutant, text = todo.pop(0)
            running[_started(text, file, tests)] = mutant
            continue
        pid, status = os.wait()
        mutant = running.pop(pid)
        outcome[mutant] = os.waitstatus_to_exitcode(status)
        record.write_text(json.dumps([[it.function, it.was, it.becomes, status] for it, status in outcome.items()]))
        print(f"{len(todo):5} left; {outcome[mutant]:3} {mutant.function}: {mutant.becomes}", flush=True)


def _started(text: str | None, file: str, tests: list[str]) -> int:
    """Starts a process in which the file has another text, and returns its id. Its exit status is pytest's."""
    if pid := os.fork():
        return pid
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    signal.signal(signal.SIGXCPU, lambda *_: os._exit(1))  # what takes so long fails
    if text is not None:
        _put_in_place(file, text)
    os._exit(_quietly(["-x", *tests]))


def _put_in_place(file: str, text: str) -> None:
    class Changed:
        def __init__(self, path: Path) -> None:
            self.path = path

        def joinpath(self, name: str) -> "Changed":
            return Changed(self.path / name)

        def read_text(self, encoding: str) -> str:
            return text if self.path == ROOT / file else self.path.read_text(encoding)

    class Resources:
        @staticmethod
        def files(package: str) -> Changed:
            return Changed(ROOT / package)

    queries.cache_clear()
    pytest.MonkeyPatch().setattr("data.store.queries.resources", Resources)


def _quietly(arguments: list[str]) -> int:
    with Path(os.devnull).open("w") as nowhere:
        kept = os.dup(1), os.dup(2)
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        try:
            return int(pytest.main([*_SETTINGS, *arguments]))
        finally:
            for stream, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, stream)
