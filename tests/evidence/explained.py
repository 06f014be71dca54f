"""Check whether some order of the acts explains a race's result, by replaying the log with the rules of `model`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data import Done, Room
from data.generated.ids import request_id, ticket_id
from model import Actor, Command, Member, OpenTicket, ReadDiagnostics, Refused, RequestAccess
from tests.worlds import Line, PlainRoom, Tried, _assigned, lines_of

SEED = 1  # of the rooms


@dataclass(frozen=True, slots=True)
class Did:
    """A thread's act and its answer: a result, a Refused, or an unexpected error."""

    what: Command | timedelta | Path | str  # a command, a move of the clock, a snapshot, or "lens": all its lists
    actor: Actor | None
    got: Any

    @property
    def logged(self) -> bool:
        """Whether the log must tell of it."""
        refused_try = isinstance(self.got, Refused) and isinstance(self.what, ReadDiagnostics)
        return refused_try or isinstance(self.got, Done | datetime)

    def __str__(self) -> str:
        """Return a short form: actor, act and answer."""
        return f"{self.what} by {self.actor} got {str(self.got)[:200]!r}"


def faults(plain: PlainRoom, dids: Sequence[Did], after: list[Line]) -> Iterator[str]:
    """Yield a sentence for each result that no order of the acts explains.

    `plain` is the room before the race, and is advanced to its end; `after` is the log at the end.
    """
    at = len(plain.lines)
    if after[:at] != plain.lines:
        yield "what was in the log before has changed"
        return
    yield from (f"{did}" for did in dids if isinstance(did.got, Exception) and not isinstance(did.got, Refused))
    logged, others = [did for did in dids if did.logged], [did for did in dids if not did.logged]
    unexplained = [_answers(did) for did in others]
    while True:
        for did, answers in zip(others, unexplained, strict=True):
            _take_away(answers, did, plain)
        if at == len(after):
            break
        would = ((did, _would_log(plain, did)) for did in logged)
        found = next(((did, lines) for did, lines in would if lines and lines == after[at : at + len(lines)]), None)
        if found is None:
            yield f"line {at + 1} is not what the rules make of any of the acts here: {after[at]}"
            return
        logged.remove(found[0])
        plain.log(*found[1])
        at += len(found[1])
    yield from (f"{did}, and the log does not say so" for did in logged)
    for did, answers in zip(others, unexplained, strict=True):
        if answers:
            yield f"{did}, which was so at no moment: {', '.join(answers)}"


def _would_log(plain: PlainRoom, did: Did) -> list[Line]:
    """Return the lines that the rules give for a logged act in this state, none if the answer would differ."""
    if isinstance(did.what, timedelta):
        then = PlainRoom(plain.policy, plain.lines)
        then.advance(did.what)
        return then.lines[len(plain.lines) :] if then.now == did.got else []
    assert not isinstance(did.what, Path | str) and did.actor
    if isinstance(did.got, Refused):
        assert isinstance(did.what, ReadDiagnostics)
        refused = plain.refusal(did.what, did.actor)
        same = refused and refused.code is did.got.code
        return [Tried(plain.now, did.actor, did.what, str(did.got.code))] if same else []
    try:
        events = plain.decide(_assigned(did.what), did.actor, _next_id(plain, did.what, did.actor))
    except Refused:
        return []
    first = events[0]
    told = first.action, first.occurred_at, first.ticket_id, first.request_id
    return list(events) if told == (did.got.action, did.got.at, did.got.ticket_id, did.got.request_id) else []


def _next_id(plain: PlainRoom, command: Command, actor: Actor) -> str:
    if isinstance(command, OpenTicket) and isinstance(actor, Member):
        return ticket_id(SEED, actor.tenant, sum(case.tenant == actor.tenant for case in plain.cases.values()) + 1)
    if isinstance(command, RequestAccess) and (case := plain.cases.get(command.ticket_id)):
        return request_id(SEED, command.ticket_id, len(case.requests) + 1)
    return ""


def _answers(did: Did) -> dict[str, Any]:
    """Return the answers to a read by name: each part may be from a different moment."""
    if isinstance(did.what, Path) and not isinstance(did.got, Exception):
        with Room.open(did.what) as copy:
            copy.verify()
            return {"copy": lines_of(copy)}
    if isinstance(did.got, Refused):
        return {"refusal": (did.got.code, did.got.sentence)}
    return _one_by_one(did.got) if isinstance(did.got, dict) else {}


def _one_by_one(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the lens's lists, with deciders by request: each was read at its own moment."""
    deciders = {
        f"who can decide on {row['request_id']}": who
        for row, who in zip(shown["pending"], shown["who can decide"], strict=True)
    }
    return {name: answer for name, answer in shown.items() if name != "who can decide"} | deciders


def _take_away(answers: dict[str, Any], did: Did, plain: PlainRoom) -> None:
    """Remove the answers that are right in this state."""
    if not answers:
        return
    if "copy" in answers:
        now: dict[str, Any] = {"copy": plain.lines}
    elif "refusal" in answers and isinstance(did.got, Refused):
        refused = plain.refusal(_assigned(did.what), did.actor)
        now = {"refusal": (refused.code, refused.sentence) if refused else None}
    else:
        assert isinstance(did.actor, Member)
        now = _one_by_one(plain.seen_by(did.actor))
    for name in [name for name, answer in answers.items() if answer == now.get(name, [])]:
        del answers[name]
