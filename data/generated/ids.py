"""Ids that carry nothing across tenants.

A ticket's or request's id must not be a place in one global sequence: a tenant that finds a gap between two of its own
would learn how much the others did in between. So an id is a keyed hash of what its owner knows anyway, the tenant and
how many tickets it opened, and looks like chance to who does not know the room's seed. Ids of tenants and people are
made of their names.
"""

import hashlib
import re
import unicodedata

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
"""No vowel, so that no word arises; neither 0, 1 nor l, so that an id survives being read aloud or copied by hand."""
LENGTH = 10  # 27 ** 10 ids: among 500,000 the chance that any two are the same is 0.06 %
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", ".": "", "'": ""})


def ticket_id(seed: int, tenant: str, n: int) -> str:
    """Return the id of the tenant's `n`-th ticket, counted from 1, in the room of this seed: 't-' and 10 more."""
    return f"t-{_hashed(seed, 'ticket', tenant, n)}"


def request_id(seed: int, ticket_id: str, n: int) -> str:
    """Return the id of the ticket's `n`-th request, counted from 1, in the room of this seed: 'r-' and 10 more."""
    return f"r-{_hashed(seed, 'request', ticket_id, n)}"


def slug(name: str) -> str:
    """Return a name as an id: words of a to z and 0 to 9, joined by hyphens. Raises ValueError if nothing is left."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(_ASCII)).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", letters)
    if not words:
        raise ValueError(f"{name!r} has no letter or digit that an id could be made of")
    return "-".join(words)


def _hashed(seed: int, kind: str, owner: str, n: int) -> str:
    digest = hashlib.blake2b(f"{owner}\n{n}".encode(), key=str(seed).encode(), person=kind.encode(), digest_size=8)
    number, characters = int.from_bytes(digest.digest()), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters += ALPHABET[place]
    return characters
