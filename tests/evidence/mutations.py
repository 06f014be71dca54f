"""Mutations of a TOML file: accidents in editors, on disks and in merges, and deliberate attacks."""

import random
import re
from collections.abc import Callable

_VALUES = (
    *("0", "-1", "1e308", "nan", "-inf", "1_000_000_000_000", "9" * 40, "9" * 400, "9" * 5000, "0x" + "f" * 3000),
    *("true", '""', '" "', "''", '"\\u0000"', '"\\u001b[2K\\r"', '"\\u202e\\u200b"', '"\\U0001F600"', "'\u00e9\u0301'"),
    *('"never"', '"source"', '"99999999 weeks"', '"0 days"', '"-1 days"', '"1 days "', '"٣ days"', '"adele@contoso"'),
    *('"' + "x" * 501 + '"', '"' + "y" * 100_000 + '"', '"@@@"', '"../../etc/passwd"', '"%s {0} $x"', '"==1+1"'),
    *("[]", "[[]]", "{}", "{ a = 1 }", "[" * 40 + "]" * 40, "[" * 4000, "{ a = " * 500, "[" + "1," * 3000 + "]"),
    *("[" + "'z'," * 3000 + "]", "{ " + "a." * 80 + "b = 1 }", "{ 'k' = 1, \"k\" = 2 }", "[{ x = 1 }, { x = [2] }]"),
    *("2026-03-02", "2026-03-02T09:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "09:00:00", "2026-02-30"),
)
"""Values of every type and size, some of them invalid TOML."""
_KEYS = ("title", "policy", "steps", '"\\u001b[2K"', "'a.b'", "a.b.c", "x" * 5000, '""', "expect", "roles", "arms", "é")
_BYTES = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x1b[2K",
    b"\r",
    "\u202e".encode(),
    b'"""',
    b"'''",
    b"[",
    b"]]",
    b"=",
    b"\\",
)


def mutant(whole: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return `whole` with one to three mutations; some splice in a part of `other`."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        whole = chance.choice(_MUTATIONS)(whole, other, chance)
    return whole


def _flip(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    if not whole:
        return whole
    at = chance.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]


def _cut(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    begin, end = _range(whole, chance)
    return whole[:begin] + whole[end:]


def _double(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    begin, end = _range(whole, chance)
    return whole[:end] + whole[begin:]


def _end_early(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    return whole[: chance.randint(0, len(whole))]


def _splice(whole: bytes, other: bytes, chance: random.Random) -> bytes:
    at, (begin, end) = chance.randint(0, len(whole)), _range(other, chance)
    return whole[:at] + other[begin:end] + whole[at:]


def _insert(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(whole))
    return whole[:at] + chance.choice(_BYTES) + whole[at:]


def _other_value(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    """Give one entry, possibly in an inline table, a value of another type or size."""
    return _replaced(
        rb"= *(\"[^\"\n]*\"|[^\s,{}\[\]\"]+|\[[^\]\n]*\]|\{[^}\n]*\})", whole, chance, chance.choice(_VALUES)
    )


def _other_key(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    return _replaced(rb"([A-Za-z0-9_-]+) *=", whole, chance, chance.choice(_KEYS))


def _other_word(whole: bytes, other: bytes, chance: random.Random) -> bytes:
    """Replace a text by another one of either file: an id by another id, a status by a title."""
    found = re.findall(rb"\"[^\"\n]*\"", whole + other) or [b'""']
    return _replaced(rb"(\"[^\"\n]*\")", whole, chance, chance.choice(found))


def _lines(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    """Delete, duplicate or move a line."""
    lines = whole.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = lines[at] if chance.random() < 0.5 else lines.pop(at)
    if chance.random() < 0.7:
        lines.insert(to, line)
    return b"\n".join(lines)


def _many(whole: bytes, _: bytes, chance: random.Random) -> bytes:
    """Repeat a line or a block many times."""
    lines = whole.split(b"\n")
    at = chance.randrange(len(lines))
    block = lines[at : at + chance.choice([1, 1, 8])]
    return b"\n".join([*lines[:at], *block * chance.choice([50, 2000]), *lines[at:]])


def _replaced(pattern: bytes, whole: bytes, chance: random.Random, by: bytes | str) -> bytes:
    if not (found := list(re.finditer(pattern, whole))):
        return whole
    begin, end = chance.choice(found).span(1)
    return whole[:begin] + (by if isinstance(by, bytes) else by.encode()) + whole[end:]


def _range(whole: bytes, chance: random.Random) -> tuple[int, int]:
    begin = chance.randint(0, len(whole))
    return begin, min(begin + chance.choice([1, 2, 10, 100, 1000]), len(whole))


_MUTATIONS: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    *(_flip, _cut, _double, _end_early, _splice, _insert, _other_key, _other_word, _lines, _many),
    *(_other_value,) * 5,
)
