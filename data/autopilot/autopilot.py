"""The autopilot of a room: it moves the clock, and simulated people do what they would have done by then."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from data.autopilot.chance import Chance
from data.autopilot.next_acts import Habits, PlannedAct, next_acts, openings
from data.autopilot.people import People
from data.room import Room
from data.room.arguments import check_seed
from data.room.cases import cases_changed_after, open_cases
from model import Case, OpenTicket, Refused, Revoke
from model.simulation import Behaviour

TICKETS_PER_DAY = 12.0
"""How many support requests simulated people open a day by default."""
_MOVE = timedelta(hours=1)


class TakenBack(Exception):
    """Something in the room was taken back since the autopilot started, so its plans are void."""


class Autopilot:
    """Simulated people in a room. The same seed in the same room gives the same acts if nobody else acts.

    `tenants`: those whose members are simulated, None for all; `played`: ids of people whose decisions are left to
    players; `engineers`: whether support engineers are simulated; `seed`: None for the room's own. Raises ValueError,
    and TypeError for a seed that is no number.
    """

    def __init__(
        self,
        room: Room,
        behaviour: Behaviour | None = None,
        *,
        tenants: Collection[str] | None = None,
        engineers: bool = True,
        played: Collection[str] = (),
        seed: int | None = None,
    ) -> None:
        self.room = room
        check_seed(seed := room.seed if seed is None else seed)
        chosen = frozenset(room.directory.tenants if tenants is None else tenants)
        people = People(room.directory, room.story.directory, room.policy, chosen, engineers, frozenset(played))
        behaviour = behaviour or replace(Behaviour(), tickets_per_day=TICKETS_PER_DAY)
        self._habits = Habits(people, behaviour, Chance(seed), room.now)
        self._openings = openings(self._habits)
        self._opening = next(self._openings, None)
        self._rewinds, self._seen = room.state
        self.cases: dict[str, Case] = {}  # by ticket: those open at the start, or changed since
        self._planned: dict[str, list[PlannedAct]] = {}
        self._plan(open_cases(room))
        self._tried: set[tuple[str, ...]] = set()

    @property
    def opens(self) -> bool:
        """Whether anybody who is simulated opens support requests."""
        return self._opening is not None

    def move(self, by: timedelta) -> None:
        """Move the room's clock. Nobody acts yet. Raises TakenBack, and what `Room.advance` raises."""
        with self.room.uninterrupted():
            self._check_history()
            self.room.advance(by)

    def act(self, most: int | None = None) -> list[PlannedAct]:
        """Carry out what simulated people would have done by now, in order, and return it; at most `most` acts.

        Removals do not count towards `most`: how soon others act must not depend on them. Refused acts are dropped.
        Raises TakenBack and RoomUnavailable.
        """
        done: list[PlannedAct] = []
        while most is None or sum(not isinstance(act.command, Revoke) for act in done) < most:
            with self.room.uninterrupted():
                self._check_history()
                if (act := self._next()) is None:
                    break
                self._tried.add(act.name)
                if act is self._opening:
                    self._opening = next(self._openings, None)
                # The story's own support request is a different one, even if the same person opens this one.
                do = self.room.carry_out if isinstance(act.command, OpenTicket) else self.room.do
                with suppress(Refused):
                    do(act.command, act.actor)
                    done.append(act)
        return done

    def _check_history(self) -> None:
        if self.room.state[0] != self._rewinds:
            raise TakenBack

    def _next(self) -> PlannedAct | None:
        """Return the next act that is due by now, if any."""
        self._look_again()
        now = self.room.now
        due = [act for acts in self._planned.values() for act in acts if act.at <= now and act.name not in self._tried]
        if self._opening and self._opening.at <= now:
            due.append(self._opening)
        return min(due, key=lambda act: (act.at, act.name), default=None)

    def _look_again(self) -> None:
        """Plan again for the cases that anybody has changed since."""
        seen, self._seen = self._seen, self.room.seq
        if seen != self._seen:
            self._plan(cases_changed_after(self.room, seen))

    def _plan(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self.cases[case.ticket_id] = case
            self._planned.pop(case.ticket_id, None)
            if acts := next_acts(self._habits, case):
                self._planned[case.ticket_id] = acts


def autopilot(
    room: Room,
    days: float = 1.0,
    behaviour: Behaviour | None = None,
    *,
    tenants: Collection[str] | None = None,
    engineers: bool = True,
    seed: int | None = None,
) -> int:
    """Let simulated people act in a room for so many days of its time, and return the number of their acts.

    They act by `behaviour` (by default the simulation's, with 12 support requests a day) and through `room.do`, so
    their acts are in the log like any other, at the next full hour. `tenants` and `engineers` choose who is simulated.
    The same `seed` in the same room gives the same acts. Raises ValueError, TypeError and RoomUnavailable.

    >>> room = Room.create(scenario="cross-tenant-approval")
    >>> autopilot(room, days=3) > 10
    True
    >>> room.now
    datetime.datetime(2026, 3, 5, 9, 0)
    """
    if not 0 <= days <= 3650:
        raise ValueError(f"the autopilot can run for 0 to 3,650 days, not {days}")
    pilot = Autopilot(room, behaviour, tenants=tenants, engineers=engineers, seed=seed)
    until, done = room.now + timedelta(days=days), 0
    while room.now < until:
        pilot.move(min(_MOVE, until - room.now))
        done += len(pilot.act())
    return done
