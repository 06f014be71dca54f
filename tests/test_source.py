"""Every sentence of the source document is shown by an existing test, scenario or page that quotes it."""

import ast
from pathlib import Path

import pytest

from tests.source import BEHAVIOUR, SCREENS, Sentence

ROOT = Path(__file__).parents[1]
SENTENCES = BEHAVIOUR + SCREENS
EVIDENCE = [(sentence, shown) for sentence in SENTENCES for shown in sentence.shown_by]


def docstrings(file: str) -> dict[str, str]:
    """Return the docstrings of a file's tests by name, each on one line."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {test.name: " ".join((ast.get_docstring(test) or "").split()) for test in tests}


@pytest.mark.parametrize("sentence", BEHAVIOUR, ids=lambda sentence: sentence.id)
def test_a_sentence_about_behaviour_is_shown_by_a_test(sentence: Sentence):
    """A scenario or a page may show it too; a test shows it every time."""
    assert [shown for shown in sentence.shown_by if "::" in shown] != []


@pytest.mark.parametrize("sentence", SCREENS, ids=lambda sentence: sentence.id)
def test_a_sentence_about_the_portal_has_a_page_that_stands_for_it(sentence: Sentence):
    """The dashboard is no copy of the portal, but each of the portal's steps has a place in it."""
    assert [shown for shown in sentence.shown_by if shown.startswith("page: dashboard/")] != []


@pytest.mark.parametrize(
    ("sentence", "shown"), EVIDENCE, ids=[f"{sentence.id}-{shown.split('::')[-1]}" for sentence, shown in EVIDENCE]
)
def test_what_shows_a_sentence_exists(sentence: Sentence, shown: str):
    """A test by that name whose docstring quotes the sentence, a shipped scenario, or a page."""
    match shown.split(": ") if ": " in shown else shown.split("::"):
        case ["scenario", name]:
            assert (ROOT / "data" / "scenarios" / f"{name}.toml").is_file()
        case ["page", file]:
            assert (ROOT / file).is_file()
        case [file, test]:
            assert sentence.says in docstrings(file).get(test, f"no {test} in {file}")


def test_each_sentence_is_listed_once():
    """One id, one sentence, one place for what shows it."""
    assert len({sentence.id for sentence in SENTENCES}) == len({sentence.says for sentence in SENTENCES})
    assert len({sentence.id for sentence in SENTENCES}) == len(SENTENCES)


def test_each_story_of_the_document_shows_a_listed_sentence_and_says_nothing_else():
    """Its docstring is the sentences that name it as their evidence, in full."""
    file = "tests/model/test_document.py"
    for test, says in docstrings(file).items():
        assert says == " ".join(s.says for s in BEHAVIOUR if f"{file}::{test}" in s.shown_by), test
