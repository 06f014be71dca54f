"""Read TOML strictly: every value knows its place, so an error names the file, the line and the key."""

import pathlib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from data.files.durations import duration
from model.nearest import nearest

T = TypeVar("T")
KeyPath = tuple[str | int, ...]
"""Keys, and places in lists counted from 0."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Misread(ValueError):
    """A value that is not what it should be; its text names the keys that lead to it, with lists counted from 1."""

    def __init__(self, what: str, path: KeyPath = ()) -> None:
        place = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
        super().__init__(f"{place}: {what}" if place else what)
        self.path = path


def parse(text: str, file: str, read: Callable[["Value"], T]) -> T:
    """Return what `read` makes of a TOML text. Raises ValueError (file, line if there is one, reason)."""
    try:
        return read(Value(tomllib.loads(text)))
    except Misread as error:
        line = _line(text, error.path)
        raise ValueError(f"{file}, line {line}: {error}" if line else f"{file}: {error}") from None
    except ValueError as error:  # of tomllib: it also counts the digits of a number
        raise ValueError(f"{file}: {error}") from None
    except RecursionError:
        raise ValueError(f"{file}: nested too deeply") from None


def read_text(path: str | pathlib.Path) -> str:
    """Return the text of a UTF-8 file, without a mark at its beginning. Raises OSError, and ValueError (file)."""
    path = pathlib.Path(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: is not a text in UTF-8") from None


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the keys that lead to it. Each method reads it as one kind of thing, or raises Misread."""

    it: Any
    path: KeyPath = ()

    def wrong(self, what: str) -> Misread:
        """Return the error to raise for this value."""
        return Misread(what, self.path)

    def _typed(self, kind: type[T], wanted: str) -> T:
        if not isinstance(self.it, kind) or (isinstance(self.it, bool) and kind is not bool):
            raise self.wrong(f"{wanted} is wanted, not {self.it!r}")
        return self.it

    def entries(self) -> dict[str, "Value"]:
        """Of a table whose keys are the author's own, or are still to be checked."""
        return {key: Value(it, (*self.path, key)) for key, it in self._typed(dict, "a table").items()}

    def table(self, needed: Iterable[str], may: Iterable[str] = ()) -> dict[str, "Value"]:
        """Return the entries of a table that has all the keys `needed`, and no others than those and `may`."""
        needed, found = tuple(needed), self.entries()
        known = (*needed, *may)
        for value in found.values():
            value.key.word(known)
        for key in needed:
            if key not in found:
                raise Misread("is missing", (*self.path, key))
        return found

    def each(self) -> list["Value"]:
        """Return the values of a list."""
        return [Value(it, (*self.path, n)) for n, it in enumerate(self._typed(list, "a list"))]

    def made(self, make: Callable[[], T]) -> T:
        """Return what `make` returns; its ValueError is raised as one about this value."""
        try:
            return make()
        except ValueError as error:
            raise self.wrong(str(error)) from None

    def text(self) -> str:
        """Return a text that is not blank."""
        if not (text := self._typed(str, "a text")).strip():
            raise self.wrong("is blank")
        return text

    def prose(self) -> str:
        """Return a text that is not blank, on one line however it was written."""
        return " ".join(self.text().split())

    def flag(self) -> bool:
        """Return true or false."""
        return self._typed(bool, "true or false")

    def whole(self) -> int:
        """Return a whole number."""
        return self._typed(int, "a whole number")

    def number(self) -> float:
        """Return a number, whole or not."""
        return self.it if type(self.it) is int else self._typed(float, "a number")

    def time(self) -> datetime:
        """Return a moment in UTC, written without an offset."""
        time = self._typed(datetime, "a time like 2026-03-02T09:00:00")
        if time.tzinfo:
            raise self.wrong("a time without an offset is wanted, in UTC, like 2026-03-02T09:00:00")
        return time

    def duration(self, else_: str = "") -> timedelta:
        """Return a length like "12 hours" or "4 days"; `else_` says in the error what it could be instead."""
        return self.made(lambda: duration(self.it, else_))

    def word(self, known: Iterable[str]) -> str:
        """Return one of the known words."""
        words = {str(word).lower(): str(word) for word in known}
        if not isinstance(self.it, str) or self.it not in words.values():
            meant = nearest(str(self.it).lower(), words)
            hint = f"did you mean {words[meant]!r}?" if meant is not None else f"known: {_listed(list(words.values()))}"
            raise self.wrong(f"unknown {self.it!r}; {hint}")
        return self.it

    def id(self) -> str:
        """Return an author's own name for something."""
        if not isinstance(self.it, str) or not _ID.fullmatch(self.it):
            raise self.wrong(f"an id has lower-case letters, digits, - and _, at most 40; not {self.it!r}")
        return self.it

    def new(self, taken: set[str]) -> str:
        """Return a text not used before, and mark it as used."""
        if self.text() in taken:
            raise self.wrong(f"{self.it!r} was named before")
        taken.add(self.it)
        return self.text()

    @property
    def key(self) -> "Value":
        """The key of this value, as a value."""
        return Value(self.path[-1], self.path)


def _listed(words: list[str]) -> str:
    return ", ".join(words[:12]) + (", …" if len(words) > 12 else "") or "none so far"


def _line(text: str, path: KeyPath) -> int | None:
    """Return the line, counted from 1, where the text writes what the path leads to, or what it would stand in.

    tomllib does not say. But a text that is cut off at the end of a line parses unless the cut is within a value, and
    then holds all that was written so far.
    """
    lines = text.replace("\r\n", "\n").split("\n")

    def written(first: int) -> bool:
        for end in range(first, len(lines)):
            with suppress(tomllib.TOMLDecodeError):
                return _holds(tomllib.loads("\n".join(lines[:end]) + "\n"), path)
        return True

    while path and not _holds(tomllib.loads(text), path):
        path = path[:-1]
    return bisect_left(range(len(lines)), True, key=written) if path else None


def _holds(table: Any, path: KeyPath) -> bool:
    try:
        for key in path:
            table = table[key]
    except (KeyError, IndexError, TypeError):
        return False
    return True
