"""Texts that look the same are the same text, and have no invisible characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Approve, OpenTicket, RequestAccess
from model.texts import hidden_shown, looks_like, normalized

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Cafe  One ", "Cafe One"),
        ("Cafe\u00a0One", "Cafe One"),
        ("Cafe\u2003\tOne\n", "Cafe One"),
        ("Cafe\u0301", "Caf\u00e9"),
        (PERSIAN, PERSIAN),
        ("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f"),
    ],
)
def test_a_text_has_one_form(written: str, kept: str):
    """Joiners that a script or an emoji needs are kept."""
    assert normalized(written) == normalized(kept) == kept
    assert OpenTicket(written).title == RequestAccess("t1", "fabrikam", written).reason == kept
    assert Approve("r1", written).note == kept


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\xad", "\x07", "\x1b", "\u3164", "\u2060"])
def test_an_invisible_character_is_refused_by_name(hidden: str):
    """Direction marks are refused, too: a badge beside the text would move into it."""
    for make in (OpenTicket, lambda text: RequestAccess("t1", "fabrikam", text), lambda text: Approve("r1", text)):
        with pytest.raises(ValueError, match=r"the (title|reason|note) contains .*, an invisible character"):
            make(f"Sign{hidden}ins")


@given(st.text())
def test_normalizing_twice_changes_nothing(text: str):
    """This holds for any text."""
    try:
        once = normalized(text)
    except ValueError:
        return
    assert normalized(once) == once
    assert looks_like(once) == looks_like(text)


@pytest.mark.parametrize("other", ["cafe one", "Cafe\u200c One", "\uff23afe One", " Cafe\u00a0One"])
def test_texts_that_look_the_same_are_equal(other: str):
    """They look the same to a casual reader."""
    assert looks_like(other) == looks_like("Cafe One") != looks_like("Cafe Two")


def test_an_invisible_character_is_shown_as_an_escape():
    """All other characters are kept."""
    assert hidden_shown("Pend\u202eing caf\u00e9\x1b[2J") == r"Pend\u202eing café\x1b[2J"
    assert hidden_shown("C:\\new 'quoted'") == "C:\\new 'quoted'"
    assert hidden_shown("two\u200bwords\n") == r"two\u200bwords\n"


def test_the_look_of_a_text_ignores_case():
    """Words stay separate; all variation selectors are dropped, from the first to the last."""
    assert looks_like(" Cafe\u200c  ONE ") == "cafe one"
    assert looks_like("a\ufe00b\ufe0fc") == "abc"
    assert looks_like("a\u200b b") == "a b"
