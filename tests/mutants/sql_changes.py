"""Mutants of SQL, like mutmut's of Python: each could be a slip that a test should notice."""

import re
from collections.abc import Iterator
from importlib import reload
from pathlib import Path

import pytest

from data.lens import sql
from data.store.queries import queries
from tests.mutants.outcomes import Mutant
from tests.mutants.parts import ROOT

_UNTOUCHED = re.compile(r"--.*|\"[^\"]*\"|'[^']*'")
"""Matches comments, quoted names and texts."""
_WORDS = {
    r"<=": "<",
    r">=": ">",
    r"<(?!=)": "<=",
    r">(?!=)": ">=",
    r"(?<![<>])=": "<>",
    r"\bAND\b": "OR",
    r"(?<!CREATE )\bOR\b": "AND",
    r"\bIS NULL\b": "IS NOT NULL",
    r"\bIS NOT NULL\b": "IS NULL",
    r"(?<!NOT )\bEXISTS\b": "NOT EXISTS",
    r"\bNOT (?!NULL|MATERIALIZED)": "",
    r"\bIS DISTINCT FROM\b": "IS NOT DISTINCT FROM",
    r"\bDISTINCT (?!FROM)": "",
    r" DESC\b": "",
    r"\bmin\(": "max(",
    r"\bmax\(": "min(",
    r"\bbool_or\(": "bool_and(",
    r"\bLEFT JOIN\b": "JOIN",
    r" \+ ": " - ",
    r" - ": " + ",
    r" \* ": " / ",
    r" / ": " * ",
}
_CONDITION = re.compile(r"[\w.$]+ (?:=|<=|>=|<|>) (?:'[^']*'|[\w.$]+)(?![\w.(])")
_NUMBER = re.compile(r"(?<![\w.$-])\d+(?:\.\d+)?(?![\w.])")


def changes(file: Path, name: str) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant of an SQL file, and the whole text with it. `name` is what the file is called."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    query = ""
    for number, line in enumerate(lines):
        if heading := re.match(r"-- ::?(\w.*)$", line):
            query = heading[1]
        for changed in dict.fromkeys(_changed(line)):
            mutant = Mutant(f"{name}:{query}", line.strip(), changed.strip())
            yield mutant, "".join([*lines[:number], changed, *lines[number + 1 :]])


def _changed(line: str) -> Iterator[str]:
    untouched = [match.span() for match in _UNTOUCHED.finditer(line)]

    def free(place: int) -> bool:
        return not any(start <= place < end for start, end in untouched)

    for pattern, word in _WORDS.items():
        for match in re.finditer(pattern, line):
            if free(match.start()):
                yield line[: match.start()] + word + line[match.end() :]
    for match in _CONDITION.finditer(line):
        if free(match.start()):
            yield line[: match.start()] + "true" + line[match.end() :]
    for match in _NUMBER.finditer(line):
        if free(match.start()):
            yield line[: match.start()] + f"{float(match[0]) + 1:g}" + line[match.end() :]
    for start, end in untouched:
        if line[start] == "'":
            yield f"{line[:start]}'XX'{line[end:]}"


def put_in_place(file: str, text: str) -> None:
    """Make `queries` read this text for the file from now on."""

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
    reload(sql)  # it has already read parts of it
