"""Narrate one simulated case as a story."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from data.files.durations import duration_text, rounded
from data.scenario.scenario import NOT_VISIBLE
from data.scenario_writing.story_builder import Expected, StoryBuilder
from data.simulation.runs.run import Run
from model import (
    GRANTED,
    Action,
    Actor,
    Approval,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    HistoryFrom,
    Member,
    OpenTicket,
    ReadDiagnostics,
    Request,
    RequestAccess,
    Side,
    Status,
)
from model.decisions import decisions
from model.limits import EPOCH, LONGEST_DURATION
from model.simulation import KINDS, By, Kind

_CONTOSO, _FABRIKAM = "contoso", "fabrikam"
_BEN, _FARAH, _SAM = Member("ben", _CONTOSO), Member("farah", _FABRIKAM), Engineer("sam")
_ADELE = "adele"  # who administers both
_ASK = RequestAccess("t1", _FABRIKAM, "Sign-in logs of the guests' home tenant")
_READ = ReadDiagnostics("t1", _FABRIKAM, "sign-in-logs")
_TITLE = "Guests from Fabrikam cannot sign in"
_ORDINAL = {"r1": "first", "r2": "second"}
_LATER = timedelta(minutes=10)  # after an approval, and after the end of access, the engineer reads


class CaseNarrator:
    """Narrate what happened to one ticket of a run, step by step."""

    def __init__(self, run: Run, ticket: int) -> None:
        self.policy, self.ends = run.policy, run.now
        tickets, events = run.trace.tickets, run.trace.events
        mine = np.flatnonzero(events.ticket == ticket)
        mine = mine[np.lexsort((events.kind[mine], events.at[mine]))]
        self.events = [
            (_moment(events.at[n]), f"r{events.request[n]}", KINDS[events.kind[n]], By(events.by[n])) for n in mine
        ]
        self.elsewhere, self.common = bool(tickets.elsewhere[ticket]), bool(tickets.common[ticket])
        self.advanced = bool(tickets.advanced[ticket])
        starts = _moment(tickets.opened[ticket])
        self.directory = _directory(self.common)
        self.story = StoryBuilder(self.directory, self.policy, starts, _CONTOSO, _FABRIKAM)
        self.tried: set[bool] = set()  # has the engineer tried to read with access; and after it had ended?

    def tell(self) -> StoryBuilder:
        """Return the whole story."""
        before = self.story.starts
        for n, (at, request, kind, by) in enumerate(self.events):
            if kind.action in (Action.CANCEL, Action.COMPLETE):
                continue  # part of the closing
            say = self._words(request, kind, by, at, before)
            if kind.action in (Action.EXPIRE, Action.LAPSE):
                self._step(at, say)  # falls due while the story waits
            else:
                self._step(at, say, *self._act(request, kind, by))
            before = at
            self._try_to_read(self.events[n + 1][0] if n + 1 < len(self.events) else self.ends)
        if self._open and self.ends > self.story.now:
            self._step(self.ends, "Here the simulation stopped watching. The support request is still open.")
        return self.story

    @property
    def _open(self) -> bool:
        case = self.story.case
        assert case is not None, "a ticket's first event is its opening"
        return case.closed_at is None

    def _step(
        self, at: datetime, say: str, by: Actor | None = None, command: Command | None = None, name: str | None = None
    ) -> None:
        """Wait until `at`, act, and add a step for it."""
        story = self.story
        while at - story.now > LONGEST_DURATION:
            self._step(story.now + LONGEST_DURATION, "Ten years pass.")
        story.wait(at)
        refused = story.act(command, by, name) if command and by else None
        before, now = story.steps[-1].expect if story.steps else {}, story.expected()
        if left := [request.id for request in story.requests if _left_history(request, before, now)]:
            which = " and the ".join(_ORDINAL[request] for request in left) + " " if len(story.requests) > 1 else ""
            age = "last change" if self.policy.history_from is HistoryFrom.LAST_CHANGE else "creation"
            days = self.policy.history_days
            say += f" Meanwhile the {which}request left Approved access, {days} days after its {age}."
        story.add(say, by, command, name, refused, access_from_the_start=True)

    def _granted(self) -> bool:
        """Return whether there ever was access."""
        return any(request.status in GRANTED for request in self.story.requests)

    def _try_to_read(self, until: datetime) -> None:
        """Let the engineer read while there is access, and try once more if access ends before the ticket closes."""
        may, now = self.story.may_be_read(), self.story.now
        ended = not may and self._granted()
        if self._open and (may or ended) and may not in self.tried:
            self.tried.add(may)
            say = "Sam reads Fabrikam's sign-in logs." if may else "Sam tries to read on, and is refused."
            self._step(now + _LATER if until - now > _LATER else now, say, _SAM, _READ)

    def _act(self, request: str, kind: Kind, by: By) -> tuple[Actor, Command, str | None]:
        match kind.action:
            case Action.OPEN:
                return _BEN, OpenTicket(_TITLE, advanced_diagnostics=self.advanced, engineer=_SAM.id), "t1"
            case Action.REQUEST:
                return _SAM, _ASK, request
            case Action.CLOSE:
                return _SAM, CloseTicket("t1"), None
        approve, reject, revoke = decisions(request, self.policy)
        by_action: Mapping[Action, Command] = {Action.APPROVE: approve, Action.REJECT: reject, Action.REVOKE: revoke}
        return self._decider(kind.action, by), by_action[kind.action], None

    def _decider(self, action: Action, by: By) -> Member:
        someone = _BEN if by is By.SUPPORT else _FARAH
        if action is not Action.REVOKE and self.policy.approval is Approval.BOTH:
            return Member(_ADELE, someone.tenant)
        return someone

    def _words(self, request: str, kind: Kind, by: By, at: datetime, before: datetime) -> str:
        """Return what happens, and how long after the event before it."""
        after = f"After {rounded(at - before)}" if at > before else "In the same second"
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
                passed = f"{duration_text(lasts)} have passed"
                return f"{passed}: the access lapses, though the support request is open.{hidden}"
            case Action.CLOSE:
                took = rounded(at - self.story.starts)
                return f"{after} Sam closes the support request, {took} after its opening.{self._ending()}"
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
            return "Ben opens a support request at Contoso. Its problem lies in Contoso itself."
        both = " Adele administers both tenants." if self.common else " Nobody administers both tenants."
        matters = self.policy.approval is Approval.BOTH
        return f"Ben opens a support request at Contoso. Its problem lies in Fabrikam.{both if matters else ''}"

    def _ending(self) -> str:
        statuses = [request.status for request in self.story.requests]
        if Status.APPROVED in statuses:
            return " The access ends with it."
        pending = " The pending request is canceled." if Status.PENDING in statuses else ""
        return pending + (" Sam never had access." if self.elsewhere and not self._granted() else "")


def _left_history(request: Request, before: Expected, now: Expected) -> bool:
    """Return whether some tenant no longer sees the request, though nothing happened to it."""
    return any(
        before.get(tenant, {}).get(request.id) == request.status and statuses[request.id] == NOT_VISIBLE
        for tenant, statuses in now.items()
    )


def _directory(common: bool) -> Directory:
    """Return the directory of the story: as in `model.simulation.DIRECTORY`, with proper names."""
    people = {_BEN.person: ("Ben King", [_CONTOSO]), _FARAH.person: ("Farah Osei", [_FABRIKAM])}
    if common:
        people[_ADELE] = ("Adele Vance", [_CONTOSO, _FABRIKAM])
    return Directory.small({_CONTOSO: "Contoso", _FABRIKAM: "Fabrikam"}, people, {_SAM.id: "Sam Rivera"})


def _moment(second: int) -> datetime:
    return EPOCH + timedelta(seconds=int(second))
