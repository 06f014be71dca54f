"""Texts that nobody can tell apart are one text, and what nobody can see is not in them."""

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
    """Joiners that a script or a picture needs stay."""
    assert normalized(written) == normalized(kept) == kept
    assert OpenTicket(written).title == RequestAccess("t1", "fabrikam", written).reason == kept
    assert Approve("r1", written).note == kept


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\xad", "\x07", "\x1b", "\u3164", "\u2060"])
def test_what_nobody_can_see_is_refused_with_its_sign(hidden: str):
    """Also what turns the direction of writing: a badge beside the text would move into it."""
    for make in (OpenTicket, lambda text: RequestAccess("t1", "fabrikam", text), lambda text: Approve("r1", text)):
        with pytest.raises(ValueError, match=r"the (title|reason|note) holds .*, a character that nobody can see"):
            make(f"Sign{hidden}ins")


@given(st.text())
def test_the_one_form_is_its_own(text: str):
    """Whatever was written."""
    try:
        once = normalized(text)
    except ValueError:
        return
    assert normalized(once) == once
    assert looks_like(once) == looks_like(text)


@pytest.mark.parametrize("other", ["cafe one", "Cafe\u200c One", "\uff23afe One", " Cafe\u00a0One"])
def test_what_looks_the_same_is_the_same(other: str):
    """To a reader who does not compare letter by letter."""
    assert looks_like(other) == looks_like("Cafe One") != looks_like("Cafe Two")


def test_what_nobody_can_see_is_shown_as_an_escape():
    """All else stays as it is."""
    assert hidden_shown("Pend\u202eing caf\u00e9\x1b[2J") == r"Pend\u202eing café\x1b[2J"
    assert hidden_shown("C:\\new 'quoted'") == "C:\\new 'quoted'"
    assert hidden_shown("two\u200bwords\n") == r"two\u200bwords\n"


def test_what_a_text_looks_like_is_its_letters_without_their_case():
    """Words stay apart; what chooses between two forms of a sign is left out, the first such character and the last."""
    assert looks_like(" Cafe\u200c  ONE ") == "cafe one"
    assert looks_like("a\ufe00b\ufe0fc") == "abc"
    assert looks_like("a\u200b b") == "a b"
