"""Check the arguments of a room's methods, with errors that say what is expected."""

from datetime import timedelta
from operator import index
from typing import get_args

from model import Command, Engineer, Member
from model.texts import looks_like, normalized

LONGEST_TITLE = 100  # characters of a room's title


def check_command(method: str, command: object) -> None:
    """Raise TypeError if it is not a command."""
    if not isinstance(command, get_args(Command)):
        raise TypeError(f'{method}() takes a command, for example Approve("r1"), not {command!r}')


def check_actor(method: str, actor: object) -> None:
    """Raise TypeError if it is neither a member nor an engineer."""
    if not isinstance(actor, Member | Engineer):
        wanted = 'room.member("adele", "contoso") or room.engineer("sam")'
        raise TypeError(f"{method}() takes an actor, for example {wanted}, not {actor!r}")


def check_length(method: str, by: object) -> None:
    """Raise TypeError if it is not a length of time."""
    if not isinstance(by, timedelta):
        raise TypeError(f"{method}() takes a timedelta, for example timedelta(hours=1), not {by!r}")


def check_line(seq: object, last: int) -> int:
    """Return the number of a line of the log. Raises TypeError, and ValueError if there is no such line."""
    try:
        line = index(seq)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"the line of the log must be a whole number, for example room.seq, not {seq!r}") from None
    if not 1 <= line <= last:
        raise ValueError(f"the log has lines 1 to {last}, not {line}")
    return line


def check_seed(seed: object) -> None:
    """Raise TypeError if it is not a whole number, and ValueError if it does not fit into 64 bits."""
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise TypeError(f"a seed is a whole number, for example 1, not {seed!r}")
    if not -(2**63) <= seed < 2**63:
        raise ValueError(f"a seed is between -2^63 and 2^63 - 1, not {seed}")


def check_title(title: str) -> str:
    """Return the title of a room on one line. Raises ValueError if it is unreadable or too long."""
    seen = normalized(title)
    if not looks_like(seen) or len(seen) > LONGEST_TITLE:
        raise ValueError(f"a room's name has 1 to {LONGEST_TITLE} characters, not {len(seen)}")
    return seen
