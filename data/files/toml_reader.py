"""Read TOML strictly: every value knows its path, so errors name the file, the line and the key."""

import pathlib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from data.files.durations import duration
from data.files.shown import on_one_line, value_shown
from data.files.toml_lines import check_tokens, line_of
from model.nearest import nearest
from model.texts import looks_like, normalized

T = TypeVar("T")
KeyPath = tuple[str | int, ...]
"""Keys, and indexes into lists, from 0."""

LARGEST_FILE = 1_000_000
"""The most bytes of a file; the largest shipped file has some thousand."""
_MOST = 2**63  # TOML's whole numbers have 64 bits

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Misread(ValueError):
    """A wrong value. The message names the keys that lead to it, with lists counted from 1."""

    def __init__(self, what: str, path: KeyPath = ()) -> None:
        place = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{on_one_line(key, 60)}" for key in path)
        super().__init__(on_one_line(f"{place.lstrip('.')}: {what}" if place else what))
        self.what, self.path = what, path

    def __reduce__(self) -> tuple[type["Misread"], tuple[str, KeyPath]]:
        """Support copying and pickling."""
        return type(self), (self.what, self.path)


def parse(text: str, file: str, read: Callable[["Value"], T]) -> T:
    """Return what `read` makes of a TOML text. Raises ValueError (file, line if there is one, reason)."""
    text, file = text.replace("\r\n", "\n"), on_one_line(file, 200)
    try:
        check_tokens(text)
    except ValueError as error:
        raise ValueError(f"{file}, {error}") from None
    try:
        return read(Value(tomllib.loads(text)))
    except Misread as error:
        line = line_of(text, error.path)
        raise ValueError(f"{file}, line {line}: {error}" if line else f"{file}: {error}") from None
    except ValueError as error:  # of tomllib
        raise ValueError(f"{file}: {on_one_line(str(error))}") from None
    except RecursionError:
        raise ValueError(f"{file}: nested too deeply") from None


def read_text(path: str | pathlib.Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark. Raises OSError, and ValueError (file)."""
    path = pathlib.Path(path)
    with path.open("rb") as file:
        read = file.read(LARGEST_FILE + 1)
    if len(read) > LARGEST_FILE:
        raise ValueError(f"{on_one_line(path.name)}: has more than {LARGEST_FILE:,} bytes, which no file here needs")
    try:
        return read.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise ValueError(f"{on_one_line(path.name)}: is not a text in UTF-8") from None


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the keys that lead to it. Each method reads it as one kind of thing, or raises Misread."""

    it: Any
    path: KeyPath = ()

    def wrong(self, what: str) -> Misread:
        """Return an error about this value, to be raised."""
        return Misread(what, self.path)

    def _typed(self, kind: type[T], wanted: str) -> T:
        if not isinstance(self.it, kind) or (isinstance(self.it, bool) and kind is not bool):
            raise self.wrong(f"must be {wanted}, not {value_shown(self.it)}")
        return self.it

    def entries(self) -> dict[str, "Value"]:
        """Return the entries of a table whose keys are the author's own, or are checked later."""
        return {key: Value(it, (*self.path, key)) for key, it in self._typed(dict, "a table").items()}

    def table(self, needed: Iterable[str], may: Iterable[str] = ()) -> dict[str, "Value"]:
        """Return the entries of a table that has all the `needed` keys, and no others except those in `may`."""
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
        """Return what `make` returns; raise its ValueError as one about this value."""
        try:
            return make()
        except ValueError as error:
            raise self.wrong(str(error)) from None

    def text(self) -> str:
        """Return a text that is not blank, in normal form: on one line, with single spaces."""
        given = self._typed(str, "text")
        if not looks_like(given):
            raise self.wrong("is blank")
        return self.made(lambda: normalized(given))

    def flag(self) -> bool:
        """Return true or false."""
        return self._typed(bool, "true or false")

    def whole(self, most: int | None = None, least: int | None = None) -> int:
        """Return a whole number of at most 64 bits, from `least` and up to `most` if given."""
        if most is not None and type(self.it) in (int, float) and self.it > most:
            raise self.wrong(f"must be a whole number up to {most:,}, not {value_shown(self.it)}")
        number = self._sized(self._typed(int, "a whole number"))
        if least is not None and number < least:
            upto = "" if most is None else f" to {most:,}"
            raise self.wrong(f"must be a whole number from {least:,}{upto}, not {value_shown(number)}")
        return number

    def number(self) -> float:
        """Return a number, whole or not."""
        return self._sized(self.it) if type(self.it) is int else self._typed(float, "a number")

    def _sized(self, number: int) -> int:
        if not -_MOST <= number < _MOST:
            raise self.wrong(f"must be a number of at most 18 digits, not {value_shown(number)}")
        return number

    def time(self) -> datetime:
        """Return a moment in UTC, written without an offset."""
        time = self._typed(datetime, "a time like 2026-03-02T09:00:00")
        if time.tzinfo:
            raise self.wrong("must be a time in UTC without an offset, like 2026-03-02T09:00:00")
        return time

    def duration(self, else_: str = "") -> timedelta:
        """Return a duration like "12 hours" or "4 days"; `else_` names alternatives in the error."""
        return self.made(lambda: duration(self.it, else_))

    def word(self, known: Iterable[str]) -> str:
        """Return one of the known words."""
        words = {str(word).lower(): str(word) for word in known}
        if not isinstance(self.it, str) or self.it not in words.values():
            meant = nearest(self.it.lower(), words) if isinstance(self.it, str) and len(self.it) < 200 else None
            hint = f"did you mean {words[meant]!r}?" if meant is not None else f"known: {_listed(list(words.values()))}"
            raise self.wrong(f"unknown {value_shown(self.it)}; {hint}")
        return self.it

    def id(self) -> str:
        """Return an id that the author chose."""
        if not isinstance(self.it, str) or not _ID.fullmatch(self.it):
            raise self.wrong(f"an id has lower-case letters, digits, - and _, at most 40; not {value_shown(self.it)}")
        return self.it

    def new(self, taken: set[str]) -> str:
        """Return a text that does not look like one that was used before, and mark it as used."""
        text = self.text()
        if text in taken:
            raise self.wrong(f"{value_shown(self.it)} was named before")
        if (seen := looks_like(text)) in taken:
            raise self.wrong(f"{value_shown(self.it)} looks the same as a name before it")
        taken |= {text, seen}
        return text

    @property
    def key(self) -> "Value":
        """The key of this value, as a value."""
        return Value(self.path[-1], self.path)


def _listed(words: list[str]) -> str:
    return ", ".join(words[:12]) + (", …" if len(words) > 12 else "") or "none so far"
