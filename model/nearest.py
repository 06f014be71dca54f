"""Find the known word that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the known word that is spelled most like `word`; None if none comes close. Case counts."""
    return next(iter(get_close_matches(str(word), list(known))), None)
