"""Find the line of each statement in a TOML text, which tomllib does not report."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MOST_PARTS = 50  # of a dotted key: tomllib takes quadratic time
_MOST_DIGITS = 400  # of a number: Python itself refuses several thousand

_TOKEN = re.compile(
    r'''(?P<text>"""(?:\\.|[^\\])*?(?:"{3,5}|\Z)|\'\'\'.*?(?:'{3,5}|\Z)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?)'''
    r"|(?P<comment>\#[^\n]*)|(?P<mark>[\[\]{}=.,\n])|(?P<blank>[^\S\n]+)|(?P<word>[^\s\[\]{}=.,\"'#]+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or an entry of a TOML text, and the line, from 1, in which it begins."""

    line: int
    key: str  # as written; for a header with its brackets
    entry: bool


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a TOML text, whose lines end with a line feed, in order.

    Takes linear time. Raises ValueError (line, reason) for a key or number that is far too long.
    """
    line, depth, parts = 1, 0, 0
    begun, start, end, key = 0, 0, 0, ""  # of the statement: its line, where it begins and ends so far, its key
    for token in _TOKEN.finditer(text):
        kind, written = token.lastgroup, token[0]
        if written == "\n" and depth <= 0:
            if begun:
                yield Statement(begun, key or text[start:end], bool(key))
            begun, key, depth = 0, "", 0
        elif kind not in ("blank", "comment") and written != "\n":
            if not begun:
                begun, start = line, token.start()
            if written == "=" and depth == 0 and not key:
                key = text[start:end]
            end = token.end()
        if kind == "mark":
            depth += (written in "[{") - (written in "]}")
            parts = parts + 1 if written == "." else 0
        if parts >= _MOST_PARTS:
            raise ValueError(f"line {line}: a key has at most {_MOST_PARTS} parts")
        if kind == "word" and len(written) > _MOST_DIGITS and written[0] in "+-0123456789":
            raise ValueError(f"line {line}: a number has at most {_MOST_DIGITS} digits")
        line += written.count("\n")
    if begun:
        yield Statement(begun, key or text[start:end], bool(key))


def check_tokens(text: str) -> None:
    """Raise ValueError (line, reason) for a key or number so long that tomllib would take minutes."""
    for _ in statements(text):
        pass


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """Return the line, from 1, of the value at a path in a text that tomllib has read, or of its nearest parent.

    None if the text has no part of the path. Takes linear time.
    """
    found: int | None = None
    longest = 0
    header: tuple[str | int, ...] = ()
    tables: dict[tuple[str | int, ...], int] = {}  # the index of the last table in each list of tables
    for statement in statements(text):
        if statement.entry:
            here = (*header, *_keys(statement.key))
        else:
            here = header = _opened(statement.key, tables)
        same = _in_common(here, path)
        if same > longest:
            found, longest = statement.line, same
        if longest == len(path):
            break
    return found


def _opened(header: str, tables: dict[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """Return the path of the table that a header opens; a list of tables grows by one."""
    listed = header.startswith("[[")
    path: tuple[str | int, ...] = ()
    keys = _keys(header.strip("[]"))
    for n, key in enumerate(keys, start=1):
        path = (*path, key)
        if listed and n == len(keys):
            tables[path] = tables.get(path, -1) + 1
        if path in tables:
            path = (*path, tables[path])
    return path


def _keys(written: str) -> list[str]:
    """Return the parts of a dotted key."""
    value: Any = tomllib.loads(f"{written} = 0")
    keys: list[str] = []
    while isinstance(value, dict):
        ((key, value),) = value.items()
        keys.append(key)
    return keys


def _in_common(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> int:
    """Return the length of the common beginning of two paths."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
