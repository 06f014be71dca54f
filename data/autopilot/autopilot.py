"""The autopilot of a room: its clock moves, and simulated people do what they would do by then."""

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
"""How many support requests simulated people open a day, if nothing else is said."""
_MOVE = timedelta(hours=1)


class TakenBack(Exception):
    """Something in the room was taken back since the autopilot was started: what it planned is of no use any more."""


class Autopilot:
    """Simulated people in a room. The same seed in the same room gives the same acts, if nobody else acts.

    `tenants`: whose members are simulated, None for all; `played`: people, by id, who decide nothing;
    `engineers`: whether support engineers are. `seed`: None for the room's own. Raises ValueError, and TypeError for a
    seed that is no number.
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
        self.cases: dict[str, Case] = {}  # by ticket: those that were open at the start, or have changed since
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
        """Do what simulated people would have done by now, in order, and return it; at most so much of it.

        Removals are not counted: how soon others act must not depend on them. What the rules refuse does not happen,
        and is not tried again. Raises TakenBack and RoomUnavailable.
        """
        done: list[PlannedAct] = []
        while most is None or sum(not isinstance(act.command, Revoke) for act in done) < most:
            with self.room.uninterrupted():
                self._check_history()
                if (act := self._next()) is None:
                    break
                self._tried.add(act.about)
                if act is self._opening:
                    self._opening = next(self._openings, None)
                # The story's support request is about something else, even if the same person opens this one.
                do = self.room.carry_out if isinstance(act.command, OpenTicket) else self.room.do
                with suppress(Refused):
                    do(act.command, act.actor)
                    done.append(act)
        return done

    def _check_history(self) -> None:
        if self.room.state[0] != self._rewinds:
            raise TakenBack

    def _next(self) -> PlannedAct | None:
        """Return what is next to be done by now, if anything is."""
        self._look_again()
        now = self.room.now
        due = [act for acts in self._planned.values() for act in acts if act.at <= now and act.about not in self._tried]
        if self._opening and self._opening.at <= now:
            due.append(self._opening)
        return min(due, key=lambda act: (act.at, act.about), default=None)

    def _look_again(self) -> None:
        """Plan anew for the cases that have changed since, by whomever."""
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
    """Let simulated people act in a room for so many days of its time, and return how much they did.

    They act by `behaviour` (by default, the simulation's with 12 support requests a day), each by `room.do`: what they
    do is in the log as everything else, at the full hour after they would do it. `tenants` and `engineers` choose who
    is simulated, `seed` what chance brings: the same seed in the same room gives the same acts. Raises ValueError,
    TypeError and RoomUnavailable.

    >>> room = Room.create(scenario="cross-tenant-approval")
    >>> autopilot(room, days=3) > 10
    True
    >>> room.now
    datetime.datetime(2026, 3, 5, 9, 0)
    """
    if not 0 <= days <= 3650:
        raise ValueError(f"the autopilot flies 0 to 3,650 days, not {days}")
    pilot = Autopilot(room, behaviour, tenants=tenants, engineers=engineers, seed=seed)
    until, done = room.now + timedelta(days=days), 0
    while room.now < until:
        pilot.move(min(_MOVE, until - room.now))
        done += len(pilot.act())
    return done
