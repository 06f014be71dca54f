"""The history of one ticket, and what each side saw of it: for the trainer, who sees everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from model import Action, Side, Status

Line = Mapping[str, Any]
"""A line of the query `case_log`."""
_SEES = {Side.SUPPORT: "support_sees", Side.RESOURCE: "resource_sees"}
_NEVER = 2**63 - 1
"""A line after every line of the log."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time span in which an access request had a status. `ends` is None if it still has it."""

    request_id: str
    tenant: str  # the resource tenant
    status: str
    begins: datetime
    ends: datetime | None


class CaseRecord:
    """The lines of the log about one ticket.

    "Before" means before the latest change: the room's latest step, a later act by hand on the ticket, or the last jump
    of the clock.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.now: datetime = lines[0]["now"]
        self.lines = [line for line in lines if line["action"] not in ("clock", "step")]
        self._moves = [line for line in self.lines if line["status"] is not None]
        self._first_new = _latest_change(lines)
        self._before: datetime = max(line["occurred_at"] for line in lines if line["seq"] < self._first_new)
        if self._first_new == _NEVER:
            self._before = self.now

    @property
    def requests(self) -> dict[str, str]:
        """Return the resource tenant of each access request, the oldest first."""
        return {line["request_id"]: line["tenant"] for line in self.lines if line["action"] == Action.REQUEST}

    @property
    def reads(self) -> list[Line]:
        """Return the attempts to read or change diagnostic data."""
        return [line for line in self.lines if line["action"] == Action.READ]

    def latest(self, request_id: str) -> Line:
        """Return the line that gave the access request its current status."""
        return next(line for line in self._moves if line["request_id"] == request_id and line["until_line"] == _NEVER)

    def status_before(self, request_id: str) -> str | None:
        """Return the status before the latest change; None if the access request did not exist yet."""
        moves = (line for line in self._moves if line["request_id"] == request_id)
        return next((line["status"] for line in moves if self._stands(line, before=True)), None)

    def seen(self, side: Side, *, before: bool = False) -> dict[str, str]:
        """Return the status of each access request that the side's administrators find in one of their lists."""
        at = self._before if before else self.now
        stands = [line for line in self._moves if line[_SEES[side]] and self._stands(line, before)]
        return {line["request_id"]: line["status"] for line in stands if (line["leaves_at"] or datetime.max) > at}

    def last_seen(self, request_id: str, side: Side) -> Line | None:
        """Return the line of the last status in which the side's administrators saw the access request, if any."""
        seen = [line for line in self._moves if line["request_id"] == request_id and line[_SEES[side]]]
        return seen[-1] if seen else None

    def is_readable(self, tenant: str, *, before: bool = False) -> bool:
        """Return whether the engineer may read the resource tenant's data."""
        return any(
            line["tenant"] == tenant and line["status"] == Status.APPROVED and self._stands(line, before)
            for line in self._moves
        )

    def is_open(self, *, before: bool = False) -> bool:
        """Return whether the ticket is open."""
        closed = (line["seq"] for line in self.lines if line["action"] == Action.CLOSE)
        return next(closed, _NEVER) >= (self._first_new if before else _NEVER)

    def spans_seen(self, side: Side) -> list[Span]:
        """Return when the side's administrators saw which access request in which status."""
        spans = (_span(line, line["leaves_at"], self.now) for line in self._moves if line[_SEES[side]])
        return [span for span in spans if span.ends is None or span.ends > span.begins]

    def spans_of_access(self) -> list[Span]:
        """Return when the engineer could read which resource tenant's data."""
        return [_span(line, None, self.now) for line in self._moves if line["status"] == Status.APPROVED]

    def _stands(self, line: Line, before: bool) -> bool:
        """Return whether the access request has the status of this line."""
        until = line["until_line"]
        return bool(line["seq"] < self._first_new <= until) if before else bool(until == _NEVER)


def _span(line: Line, leaves_at: datetime | None, now: datetime) -> Span:
    ends = min((at for at in (line["until"], leaves_at) if at and at <= now), default=None)
    return Span(line["request_id"], line["tenant"], line["status"], line["occurred_at"], ends)


def _latest_change(lines: Sequence[Line]) -> int:
    """Return the line of the log at which the latest change begins; _NEVER if there was none."""
    in_story = [line for line in lines if line["in_story"]]
    latest_step = max((line["step"] for line in in_story if line["step"]), default=0)
    told = [line["seq"] for line in in_story if line["step"] == latest_step]
    later = [line for line in in_story if not told or line["seq"] > told[-1]]
    if not later:
        return int(told[0]) if told else _NEVER
    place = len(later) - 1
    if later[-1]["action"] == "clock":  # what fell due comes before it
        while place and later[place - 1]["action"] in (Action.EXPIRE, Action.LAPSE):
            place -= 1
    else:  # what ends with a ticket comes after its closing
        while place and later[place]["who"] is None:
            place -= 1
    return int(later[place]["seq"])
