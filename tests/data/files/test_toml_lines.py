"""The line of each key in a TOML text, found without parsing the values."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.shipped_files import shipped_files
from data.files.toml_lines import line_of, statements

TEXT = '''\
# a "comment" = [
title = "A # story" # and [more]
"odd = key [x]" = "its"
text = """
[[steps]]
who = "nobody\\""""
five = """" quotes"""""
list = [
  1, # one ]
  { a = 1, b.c = "}" },
]
a.b . "c d" = 2026-03-02T09:00:00.5

[people.adele]
name = \'\'\'Adele
"Vance"\'\'\'
[ "people" . 'bob]' ]
name = "Bob"
[[steps]]
say = "one"
[steps.expect]
x = 1
[[steps]]
say = "two"
[[steps.more]]
[[steps.more]]
z = 1
[steps.more.deep.er]
'''

WHERE = {
    ("title",): 2,
    ("odd = key [x]",): 3,
    ("text",): 4,
    ("five",): 7,
    ("list",): 8,
    ("list", 1, "b", "c"): 8,
    ("a",): 12,
    ("a", "b", "c d"): 12,
    ("a", "b", "missing"): 12,
    ("people",): 14,
    ("people", "adele", "name"): 15,
    ("people", "bob]"): 17,
    ("people", "bob]", "name"): 18,
    ("people", "carl"): 14,
    ("steps",): 19,
    ("steps", 0): 19,
    ("steps", 0, "say"): 20,
    ("steps", 0, "expect", "x"): 22,
    ("steps", 1): 23,
    ("steps", 1, "say"): 24,
    ("steps", 1, "by"): 23,
    ("steps", 1, "more", 1, "z"): 27,
    ("steps", 1, "more", 1, "deep", "er"): 28,
    ("missing",): None,
    (): None,
}


@pytest.mark.parametrize(("path", "line"), WHERE.items())
def test_a_path_has_a_line(path, line):
    """It is right with comments, multi-line texts, dotted and quoted keys, nested tables and lists of tables."""
    assert tomllib.loads(TEXT)
    assert line_of(TEXT, path) == line


def every_path(value, path=()):
    """Yield the path of each value in a table."""
    for key, held in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from every_path(held, (*path, key))


def first_cuts(text):
    """Return for each value's path the first line after which the text can be cut without losing it."""
    lines, found = text.split("\n"), {}
    for end in range(1, len(lines) + 1):
        try:
            read = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        found |= dict.fromkeys(set(every_path(read)) - found.keys(), end)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["scenarios", "experiments"])
def test_a_values_line_is_not_after_its_statement(folder):
    """For every value of every shipped file, the text up to the end of its statement contains it, and a shorter one
    does not.
    """
    for _, _, text in shipped_files(folder):
        begins = sorted(statement.line for statement in statements(text))
        for path, end in list(first_cuts(text).items())[::3]:
            assert line_of(text, path) == max(begin for begin in begins if begin <= end)


@given(st.text(alphabet="ab\"'[]{}=.,#\\\n 1", max_size=60))
def test_any_text_has_statements(text):
    """So has invalid TOML, as length limits are checked first."""
    lines = [statement.line for statement in statements(text)]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= 1 + text.count("\n") for line in lines)
