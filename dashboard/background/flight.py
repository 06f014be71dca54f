"""The run of an autopilot: second by second in the room of a link, until something ends it."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dashboard.background import presence
from dashboard.background.entrance import is_paused
from dashboard.background.rooms import RoomNotOpened, rooms
from data import Autopilot, DamagedRoom, Room, RoomUnavailable
from data.autopilot.autopilot import TICKETS_PER_DAY, TakenBack
from model import Case, Command, Revoke, Status

SPEEDS = {
    "1 minute": timedelta(minutes=1),
    "10 minutes": timedelta(minutes=10),
    "1 hour": timedelta(hours=1),
    "6 hours": timedelta(hours=6),
    "1 day": timedelta(days=1),
}
"""Speed -> the room's time per real second."""
MOST_ACTS = 40  # per second: each is synced to disk
ALONE = 60.0  # seconds without an open page, after which it ends
_MOST_MOVES = 8  # of the clock per second
_SHORTEST_MOVE = timedelta(minutes=30)
_END_SHOWN = 5.0  # seconds
_PAGES_A_SECOND, _MOST_AT_ONCE = 10, 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Orders:
    """A trainer's settings of an autopilot."""

    speed: str = "1 hour"  # in SPEEDS
    tickets_per_day: float = TICKETS_PER_DAY
    tenants: frozenset[str] | None = None  # whose members are simulated; None: of all
    engineers: bool = True
    played: frozenset[str] = frozenset()  # ids of people whose decisions are left to their players

    def at(self, speed: str) -> "Orders":
        """Return the same settings at another speed."""
        return replace(self, speed=speed)


@dataclass(eq=False)
class Flight:
    """An autopilot in the room of a link, and its state."""

    room_id: str
    room: Room
    orders: Orders
    pilot: Autopilot
    begins: int  # line of the log before which it has done nothing
    rewinds: int
    told: Callable[[], None] = field(repr=False)  # called when it ends
    acts: int = 0
    ended: str | None = None  # why it stopped; empty if the trainer paused it
    is_slow: bool = False  # the room's time passes more slowly than requested
    wake: threading.Event = field(default_factory=threading.Event, repr=False)
    _shown: str | None = None  # the followed ticket
    _shown_until: float | None = None  # seconds since the epoch, once it is over
    _steps_done: int = 0  # when it was last followed

    @property
    def flies(self) -> bool:
        """Return whether it runs."""
        return self.ended is None

    @property
    def can_go_on(self) -> bool:
        """Return whether its plan still fits the room."""
        return rooms().if_open(self.room_id) is self.room and self.room.state[0] == self.rewinds

    def to_show(self) -> str | None:
        """Return the ticket to follow: one from its access request until a little after its end, then another.

        The last one stays while the autopilot is paused, until a step of the story is done.
        """
        if not self.flies:
            return self._shown if self.can_go_on and self.room.steps_done == self._steps_done else None
        cases, now, self._steps_done = self.pilot.cases.copy(), presence.now(), self.room.steps_done
        case = cases.get(self._shown or "")
        if case and _is_over(case) and self._shown_until is None:
            self._shown_until = now + _END_SHOWN
        if case is None or (self._shown_until is not None and self._shown_until < now):
            goes_on = [one for one in cases.values() if one.requests and not _is_over(one)]
            if best := max(goes_on, key=self._is_of_story_and_late, default=None):
                self._shown, self._shown_until = best.ticket_id, None
        return self._shown

    def _is_of_story_and_late(self, case: Case) -> tuple[bool, datetime]:
        request = case.requests[-1]
        of_story = {case.tenant, request.resource_tenant} <= self.room.story.directory.tenants.keys()
        return of_story, request.requested_at

    def second(self) -> None:
        """Do the work of one real second; the run may end here.

        The clock moves by the same amount however much is done and however long that takes: its moves must reveal
        nothing to a member. Raises RoomNotOpened, RoomUnavailable and DamagedRoom.
        """
        try:
            if not self.flies:
                return
            if why := self._why_to_end():
                self.end(why)
            elif not is_paused(self.room_id):
                self._fly(SPEEDS[self.orders.speed])
        except TakenBack:
            self.end("something in the room was taken back")
        except ValueError as error:
            if isinstance(error, RoomNotOpened | DamagedRoom):
                raise
            self.end(str(error))  # the clock has reached its end

    def _why_to_end(self) -> str:
        if not presence.open_tabs(self.room_id, ALONE):
            return "nobody had the room open"
        if rooms().get(self.room_id) is not self.room:
            return "another room took the place of this one"
        return ""

    def _fly(self, by: timedelta) -> None:
        moves = max(1, min(_MOST_MOVES, by // _SHORTEST_MOVE))
        left = self._act(MOST_ACTS)
        for _ in range(moves):
            if left <= 0 or self.wake.is_set():
                break
            self.pilot.move(by / moves)
            left = self._act(left)
        self.is_slow = left <= 0

    def _act(self, most: int) -> int:
        """Do the due acts up to a limit, and return the remaining limit."""
        done = self.pilot.act(most)
        self.acts += len(done)
        return most - sum(counts(act.command) for act in done)

    def end(self, why: str) -> None:
        """End the run; `why` is for the trainer."""
        if self.flies:
            self.ended = why
            self.told()
        self.wake.set()

    def run(self) -> None:
        """Run until it ends, in its own thread."""
        begun, seconds = time.monotonic(), 1
        while not self.wake.wait(max(0.05, begun + seconds - time.monotonic())):
            begun, seconds = time.monotonic(), seconds_at_once(presence.open_tabs(self.room_id))
            try:
                for _ in range(seconds):
                    self.second()
            except RoomNotOpened:
                self.end("the room is not there any more")
            except RoomUnavailable:
                self.end("the room is not available at the moment")
            except Exception:
                _log.exception("an autopilot ended")
                self.end("something went wrong; the server's log says more")
            self.is_slow |= time.monotonic() - begun > seconds


def _is_over(case: Case) -> bool:
    """Return whether a case's ticket is closed, or its access request was rejected or expired."""
    return case.closed_at is not None or case.requests[-1].status in (Status.REJECTED, Status.EXPIRED)


def seconds_at_once(tabs: int) -> int:
    """Return how many seconds of a run are done at once: each redraws all pages, which takes long in a class."""
    return min(1 + tabs // _PAGES_A_SECOND, _MOST_AT_ONCE)


def counts(command: Command) -> bool:
    """Return whether an act counts toward the limit per second. A removal does not: it must not delay anything."""
    return not isinstance(command, Revoke)
