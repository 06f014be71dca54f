"""Normalize texts that people write, and reject invisible characters."""

from unicodedata import category, normalize

_JOINERS = "\u200c\u200d"  # between letters of some scripts, and in pictures of several signs
_FILLERS = "\u034f\u115f\u1160\u2800\u3164\uffa0"  # they count as letters or marks


def normalized(text: str) -> str:
    """Return a text in Unicode's normal form C, with each run of white space replaced by one space, and stripped.

    Raises ValueError for an invisible character, such as one that reverses the direction of writing.

    >>> normalized("  Cafe\u0301\u00a0 One")
    'Café One'
    """
    found = " ".join(normalize("NFC", text).split())
    if _is_plain(found):
        return found
    if hidden := next((c for c in found if _is_hidden(c)), None):
        what = (
            "a character that cannot be stored"
            if hidden == "\0" or category(hidden) == "Cs"
            else "an invisible character"
        )
        raise ValueError(f"contains {hidden!r}, {what}")
    return found


def looks_like(text: str) -> str:
    """Return a key that is the same for texts that look the same; empty if there is nothing to see."""
    one_line = " ".join(normalize("NFKC", text).split())
    if _is_plain(one_line):
        return one_line.casefold()
    seen = (c for c in one_line if not _is_hidden(c) and c not in _JOINERS and not "\ufe00" <= c <= "\ufe0f")
    return " ".join("".join(seen).split()).casefold()


def hidden_shown(text: str) -> str:
    r"""Return a text with each invisible character as an escape.

    >>> print(hidden_shown("Pend\u202eing"))
    Pend\u202eing
    """
    return text if _is_plain(text) else "".join(repr(c)[1:-1] if _is_hidden(c) else c for c in text)


def _is_plain(text: str) -> bool:
    """Return whether a text is printable ASCII, as most are: then no character has to be checked."""
    return text.isascii() and text.isprintable()


def _is_hidden(character: str) -> bool:
    return (category(character) in ("Cc", "Cf", "Cs") and character not in _JOINERS) or character in _FILLERS
