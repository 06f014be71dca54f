"""Questions that a room's trainer asks the class, and the answers: kept in memory beside the room, not in its log.

Asking and closing are acts of the trainer and do not depend on events in the room: what a member's page shows of a
question is the same whatever another tenant does. Answers have no names.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.background.entrance import NotInvited, check_leads, invitation
from data.room_folder.invitations import Key

_MOST_ROOMS = 200
_MOST_ASKED = 1_000  # in each room
_MOST_ANSWERS = 1_000  # to a question
_CLOSED = "The question is closed."


@dataclass(eq=False)
class Asked:
    """A question as it was asked."""

    number: int  # in its room, from 1
    question: str
    choices: tuple[str, ...]
    is_open: bool = True
    answers: dict[str, int] = field(default_factory=dict, repr=False)  # who answered -> index of the choice

    def tally(self) -> list[int]:
        """Return the number of answers for each choice."""
        count = Counter(list(self.answers.values()))
        return [count[place] for place in range(len(self.choices))]


_rooms: "OrderedDict[str, list[Asked]]" = OrderedDict()
_lock = threading.Lock()


def ask(room_id: str, key: Key, question: str, choices: Sequence[str]) -> Asked:
    """Ask the class, closing any open question. Raises NotInvited, RoomNotOpened and RoomUnavailable."""
    check_leads(room_id, key)
    with _lock:
        asked = _rooms.setdefault(room_id, [])
        _rooms.move_to_end(room_id)
        _close(asked)
        made = Asked(asked[-1].number + 1 if asked else 1, question, tuple(choices))
        asked.append(made)
        del asked[:-_MOST_ASKED]
        if len(_rooms) > _MOST_ROOMS:
            _rooms.popitem(last=False)
        return made


def close(room_id: str, key: Key) -> None:
    """Close the open question. Raises what `ask` raises."""
    check_leads(room_id, key)
    with _lock:
        _close(_rooms.get(room_id, []))


def _close(asked: Sequence[Asked]) -> None:
    for one in asked:
        one.is_open = False


def open_question(room_id: str) -> Asked | None:
    """Return, without waiting, the open question, if any."""
    asked = _rooms.get(room_id)
    return asked[-1] if asked and asked[-1].is_open else None


def answer(room_id: str, key: Key, who: str, number: int, choice: int) -> None:
    """Record an answer in place of an earlier one by the same `who`, which is shown nowhere.

    Raises NotInvited, also if the question is closed or there is no such choice, RoomNotOpened and RoomUnavailable.
    """
    invitation(room_id, key)
    with _lock:
        asked = open_question(room_id)
        if asked is None or asked.number != number or not 0 <= choice < len(asked.choices):
            raise NotInvited(_CLOSED)
        if who in asked.answers or len(asked.answers) < _MOST_ANSWERS:
            asked.answers[who] = choice


def latest(room_id: str, question: str, choices: Sequence[str]) -> Asked | None:
    """Return the latest asking of this question, if any."""
    found = [one for one in all_asked(room_id) if (one.question, one.choices) == (question, tuple(choices))]
    return found[-1] if found else None


def all_asked(room_id: str) -> tuple[Asked, ...]:
    """Return all questions asked in a room since the server started, in order."""
    return tuple(_rooms.get(room_id, ()))
