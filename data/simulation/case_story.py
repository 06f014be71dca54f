"""One simulated case as a story: what a simulation found, as a scenario that can be opened as a room and told."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.files.toml_reader import LONGEST, duration_text
from data.scenario.expectations import statuses_of
from data.scenario.reader import parse_scenario
from data.scenario.scenario import NOT_VISIBLE, Scenario, Step
from data.scenario.writer import scenario_text
from data.simulation.run import Run
from model import (
    GRANTED,
    Action,
    Actor,
    Approval,
    Approve,
    Case,
    CloseTicket,
    Code,
    Command,
    Directory,
    Engineer,
    FallDue,
    HistoryFrom,
    Member,
    OpenTicket,
    ReadDiagnostics,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Side,
    Status,
    decide,
    evolve,
)
from model.simulation import KINDS, NEVER, By, Kind

WHICH = ("median", "worst")
_CONTOSO, _FABRIKAM = "contoso", "fabrikam"
_BEN, _FARAH, _SAM = Member("ben", _CONTOSO), Member("farah", _FABRIKAM), Engineer("sam")
_ADMINISTRATOR = frozenset({"Service Support Administrator"})
_ASK = RequestAccess("t1", _FABRIKAM, "Sign-in logs of the guests' home tenant")
_READ = ReadDiagnostics("t1", _FABRIKAM, "sign-in-logs")
_ADELE = "adele"  # who administers both
_TITLE = "Guests from Fabrikam cannot sign in"
_ORDINAL = {"r1": "first", "r2": "second"}
_UNITS = (("day", 86_400, 3 * 86_400), ("hour", 3600, 2 * 3600), ("minute", 60, 120))  # with the least that is said so
Expected = Mapping[str, Mapping[str, str]]
"""Tenant -> access request -> status, or NOT_VISIBLE."""
_LATER = timedelta(minutes=10)  # after an approval the engineer reads, and so after its end


def example(run: Run, which: str) -> int:
    """The ticket with the "median" or the "worst" hours to resolution, of those whose problem lies in another tenant.

    Of several the first; of two in the middle the shorter one. Raises ValueError where none of them was closed.
    """
    if which not in WHICH:
        raise ValueError(f"'median' or 'worst' is wanted, not {which!r}")
    numbers, lengths = _resolutions(run)
    if not len(numbers):
        raise ValueError("no ticket whose problem lies in another tenant was closed in this run")
    ordered = np.sort(lengths)
    wanted = ordered[-1] if which == "worst" else ordered[(len(ordered) - 1) // 2]
    return int(numbers[np.argmax(lengths == wanted)])


def story_of(run: Run, ticket: int, arm: str = "") -> Scenario:
    """What happened to a ticket of the run, as a scenario under the run's policy that meets all that it expects.

    `ticket`: its number; `arm`: what the run is called, where it is compared with others. Raises ValueError.
    """
    if not 0 <= ticket < len(run.record.tickets.opened):
        raise ValueError(f"the run has tickets 0 to {len(run.record.tickets.opened) - 1:,}, not {ticket}")
    title, summary = _heading(run, ticket, arm)
    case = _Telling(run, ticket)
    steps = case.told()
    told = Scenario(title, summary, case.starts, case.directory, run.policy, steps, background=None, text="")
    return parse_scenario(scenario_text(told), "the simulated case")


def _resolutions(run: Run) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The tickets that `example` chooses from, and for how many seconds each was open."""
    tickets = run.record.tickets
    numbers = np.flatnonzero(tickets.elsewhere & (tickets.closed != NEVER))
    return numbers, (tickets.closed - tickets.opened)[numbers]


def _heading(run: Run, ticket: int, arm: str) -> tuple[str, str]:
    """Title and summary."""
    numbers, lengths = _resolutions(run)
    which = next((which for which in WHICH if len(numbers) and ticket == example(run, which)), None)
    title = f"The {which} of {len(numbers):,} simulated cases" if which else f"Simulated case {ticket:,}"
    summary = f"Ticket {ticket:,} of a simulation with seed {run.seed}: how people act is assumed, not measured."
    if which:
        rank = {"median": "Half of them were open no longer", "worst": "None of them was open for longer"}[which]
        took = _long(timedelta(seconds=int(lengths[np.searchsorted(numbers, ticket)])))
        summary += f" The cases are the closed tickets whose problem lies in another tenant. {rank} than this: {took}."
    return f"{title}: {arm}" if arm else title, summary


class _Telling:
    """Makes steps of the events of a ticket, each with what is then to be seen."""

    def __init__(self, run: Run, ticket: int) -> None:
        self.policy, self.ends = run.policy, run.now
        tickets, events = run.record.tickets, run.record.events
        mine = np.flatnonzero(events.ticket == ticket)
        mine = mine[np.lexsort((events.kind[mine], events.at[mine]))]
        self.events = [
            (_moment(events.at[n]), f"r{events.request[n]}", KINDS[events.kind[n]], By(events.by[n])) for n in mine
        ]
        self.elsewhere, self.common = bool(tickets.elsewhere[ticket]), bool(tickets.common[ticket])
        self.advanced = bool(tickets.advanced[ticket])
        self.directory = _cast(self.common)
        self.starts = self.now = _moment(tickets.opened[ticket])
        self.case: Case | None = None
        self.steps: list[Step] = []
        self.tried: set[bool] = set()  # has the engineer tried to read with access; and after it had ended?

    def told(self) -> tuple[Step, ...]:
        """All steps."""
        before = self.starts
        for n, (at, request, kind, by) in enumerate(self.events):
            if kind.action in (Action.CANCEL, Action.COMPLETE):
                continue  # comes with the closing
            say = self._words(request, kind, by, at, before)
            if kind.action in (Action.EXPIRE, Action.LAPSE):
                self._step(at, say, None, FallDue(request))
            else:
                self._step(at, say, *self._act(request, kind, by))
            before = at
            self._try_to_read(self.events[n + 1][0] if n + 1 < len(self.events) else self.ends)
        if self._case.closed_at is None and self.ends > self.now:
            self._step(self.ends, "Here the simulation stopped watching. The ticket is still open.")
        return tuple(self.steps)

    @property
    def _case(self) -> Case:
        assert self.case is not None, "a ticket's first event is its opening"
        return self.case

    def _step(
        self,
        at: datetime,
        say: str,
        by: Actor | None = None,
        command: Command | None = None,
        name: str | None = None,
        refused: Code | None = None,
    ) -> None:
        while at - self.now > LONGEST:
            self._step(self.now + LONGEST, "Ten years pass.")
        wait, self.now = at - self.now, at
        if command and not refused:
            for event in decide(
                self.case,
                command,
                actor=by,
                directory=self.directory,
                policy=self.policy,
                at=at,
                new_id=name or "",
            ):
                self.case = evolve(self.case, event)
        requests = self._case.requests
        expect = {tenant: self._stand(tenant) for tenant in self.directory.tenants} if requests else {}
        if self.steps and (left := [r.id for r in requests if _left(r, self.steps[-1].expect, expect)]):
            which = " and the ".join(_ORDINAL[request] for request in left) + " " if len(requests) > 1 else ""
            age = "last change" if self.policy.history_from is HistoryFrom.LAST_CHANGE else "creation"
            say += (
                f" Meanwhile the {which}request left Approved access, {self.policy.history_days} days after its {age}."
            )
        access = {_FABRIKAM: self._case.may_be_read(_FABRIKAM)}
        done = command if by else None  # what falls due, does so in the waiting
        self.steps.append(Step(say, wait, by, done, name, refused, expect, access))

    def _stand(self, tenant: str) -> dict[str, str]:
        """What an administrator of the tenant finds."""
        return statuses_of(self._case, tenant, self.directory, self.policy, self.now)

    def _granted(self) -> bool:
        """Was there ever access?"""
        return any(request.status in GRANTED for request in self._case.requests)

    def _try_to_read(self, until: datetime) -> None:
        """The engineer reads while there is access, and tries to once more when it has ended before the ticket."""
        may = self._case.may_be_read(_FABRIKAM)
        ended = not may and self._granted()
        if self._case.closed_at is None and (may or ended) and may not in self.tried:
            self.tried.add(may)
            at = self.now + _LATER if until - self.now > _LATER else self.now
            if may:
                self._step(at, "Sam reads Fabrikam's sign-in logs.", _SAM, _READ)
            else:
                self._step(at, "Sam tries to read on, and is refused.", _SAM, _READ, refused=Code.NO_ACCESS)

    def _act(self, request: str, kind: Kind, by: By) -> tuple[Actor, Command, str | None]:
        match kind.action:
            case Action.OPEN:
                return _BEN, OpenTicket(_TITLE, advanced_diagnostics=self.advanced, engineer=_SAM.id), "t1"
            case Action.REQUEST:
                return _SAM, _ASK, request
            case Action.CLOSE:
                return _SAM, CloseTicket("t1"), None
            case Action.APPROVE:
                command: Command = Approve(request)
            case Action.REJECT:
                command = Reject(request)
            case _:
                command = Revoke(request)
        return self._decider(kind.action, by), command, None

    def _decider(self, action: Action, by: By) -> Member:
        someone = _BEN if by is By.SUPPORT else _FARAH
        if action is not Action.REVOKE and self.policy.approval is Approval.BOTH:
            return Member(_ADELE, someone.tenant)
        return someone

    def _words(self, request: str, kind: Kind, by: By, at: datetime, before: datetime) -> str:
        """What happens, and how long after the event before it."""
        after = f"After {_long(at - before)}" if at > before else "In the same second"
        expires, lasts = self.policy.pending_expires_after, self.policy.grant_lasts
        secret = not any(self.policy.sees(status, Side.SUPPORT) for status in GRANTED)
        match kind.action:
            case Action.OPEN:
                return self._opening()
            case Action.REQUEST:
                leak = " By that, Contoso learns that the first access has ended." if secret and self._granted() else ""
                return f"{after} Sam asks for access to Fabrikam{'' if request == 'r1' else ' once more'}.{leak}"
            case Action.EXPIRE if expires:
                return f"{duration_text(expires)} have passed without a decision: the request expires."
            case Action.LAPSE if lasts:
                hidden = " Contoso is shown no difference." if secret else ""
                return f"{duration_text(lasts)} have passed: the access lapses, though the ticket is open.{hidden}"
            case Action.CLOSE:
                return f"{after} Sam closes the ticket, {_long(at - self.starts)} after its opening.{self._ending()}"
        member = self._decider(kind.action, by)
        name, tenant = self.directory.people[member.person].split()[0], self.directory.tenants[member.tenant]
        who = f"{name}, who administers both tenants," if member.person == _ADELE else f"{name}, of {tenant},"
        match kind.action, kind.end:
            case Action.APPROVE, Status.PENDING:
                return f"{after} {who} approves. The other tenant is still to decide."
            case Action.APPROVE, _:
                hidden = " From now on Contoso does not see the request." if secret else ""
                return f"{after} {who} approves: now Sam may read.{hidden}"
            case Action.REJECT, _:
                return f"{after} {who} rejects the request. Sam has to go on without access."
        hidden = " Contoso is shown no difference." if secret else ""
        return f"{after} of access {who} removes it.{hidden}"

    def _opening(self) -> str:
        if not self.elsewhere:
            return "Ben opens a ticket at Contoso. Its problem lies in Contoso itself."
        both = " Adele administers both tenants." if self.common else " Nobody administers both tenants."
        matters = self.policy.approval is Approval.BOTH
        return f"Ben opens a ticket at Contoso. Its problem lies in Fabrikam.{both if matters else ''}"

    def _ending(self) -> str:
        statuses = [request.status for request in self._case.requests]
        if Status.APPROVED in statuses:
            return " The access ends with it."
        pending = " The pending request is canceled." if Status.PENDING in statuses else ""
        return pending + (" Sam never had access." if self.elsewhere and not self._granted() else "")


def _left(request: Request, before: Expected, now: Expected) -> bool:
    """Does some tenant no longer see the request, though nothing happened to it?"""
    return any(
        before.get(tenant, {}).get(request.id) == request.status and stands[request.id] == NOT_VISIBLE
        for tenant, stands in now.items()
    )


def _cast(common: bool) -> Directory:
    """Who is in the story: as in `model.simulation.DIRECTORY`, with proper names."""
    people = {_BEN.person: "Ben King", _FARAH.person: "Farah Osei"} | ({_ADELE: "Adele Vance"} if common else {})
    both = [(_ADELE, _CONTOSO), (_ADELE, _FABRIKAM)] if common else []
    return Directory(
        tenants={_CONTOSO: "Contoso", _FABRIKAM: "Fabrikam"},
        people=people,
        engineers={_SAM.id: "Sam Rivera"},
        roles=dict.fromkeys([(_BEN.person, _BEN.tenant), (_FARAH.person, _FARAH.tenant), *both], _ADMINISTRATOR),
    )


def _moment(second: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=int(second))


def _long(length: timedelta) -> str:
    """A length as it is spoken: two or more of a unit, rounded."""
    seconds = round(length.total_seconds())
    unit, size = next(((unit, size) for unit, size, least in _UNITS if seconds >= least), ("second", 1))
    count = round(seconds / size)
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
