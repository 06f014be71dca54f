"""Random histories to be played two or three times: the same acts by everybody, with and without removals of access.

A history names tickets t1, t2, … and requests r1, r2, … in the order of the attempts, whatever ids a room gives them.
The removals concern Contoso's tickets only; for other tenants' tickets Contoso is a resource tenant and may see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from model import (
    Action,
    Actor,
    Approval,
    Approve,
    CloseTicket,
    Command,
    Engineer,
    HistoryFrom,
    Justification,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    Status,
)
from tests.model import world
from tests.privacy.places import Place, PlainRoom

HOME = "contoso"
AS_TOLD, ALL_REMOVED = "the removals of the story", "each grant removed at some later moment"

LIMITS = st.sampled_from([None, None, timedelta(seconds=1), timedelta(hours=8), timedelta(hours=24), timedelta(days=4)])
POLICIES = st.just(Policy()) | st.builds(
    Policy,
    approval=st.sampled_from(Approval),
    pending_expires_after=LIMITS,
    grant_lasts=LIMITS,
    history_days=st.sampled_from([1, 30, 365]),
    history_from=st.sampled_from(HistoryFrom),
    justification=st.sampled_from(Justification),
)
"""Random policies with the source's visibility, under which nobody may ask again after a grant."""

HOURS = [1, 8, 24, 24 * 4, 24 * 30, 24 * 31]
WAITS = st.sampled_from([timedelta(hours=hours) for hours in HOURS] + [timedelta(days=30, seconds=-1)])
OPENERS = [world.CARLA, world.ADELE, world.CARLA, world.ADELE_IN_FABRIKAM, world.TESS, world.CLEO]
DECIDERS = [world.ADELE, world.ADELE_IN_FABRIKAM, world.ADELE, world.CARLA, world.FELIX, world.ADELE_IN_TAILSPIN]
REMOVERS = {
    "contoso": [world.CARLA, world.ADELE],
    "fabrikam": [world.FELIX, world.ADELE_IN_FABRIKAM],
    "tailspin": [world.TESS, world.ADELE_IN_TAILSPIN],
}
KINDS = (
    ["wait"] * 3 + ["ask", "grant", "approve", "remove", "try"] * 2 + ["reject"] * 3 + ["close"] * 2 + ["open", "read"]
)
THREADS = (["open at home", "ask", "grant"], ["open at home", "ask", "reject"], ["remove"], ["wait", "ask"])


@dataclass(frozen=True)
class Step:
    """A command or a wait, in every run of the history or only in one."""

    command: Command | timedelta
    actor: Actor | None = None
    makes: str = ""  # the name of the ticket or request that it makes
    only: str = ""  # AS_TOLD or ALL_REMOVED; empty: in every run


@dataclass(frozen=True)
class History:
    """Steps under a policy; `removed` says whether a grant is made and then removed."""

    policy: Policy
    steps: tuple[Step, ...]
    removed: bool

    @property
    def unaware(self) -> list[str]:
        """Return the tenants in which no access was or could have been removed: they must notice nothing."""
        aware = {s.actor.tenant for s in self.steps if s.only and isinstance(s.actor, Member)}
        return [tenant for tenant in world.DIRECTORY.tenants if tenant not in aware]

    def __repr__(self) -> str:
        acts = (f"  {s.actor} {s.command} {s.makes} {s.only and f'[only: {s.only}]'}".rstrip() for s in self.steps)
        return "\n".join((f"History under {self.policy}", *acts))


class Run:
    """A history being played in one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.names: dict[str, str] = {}

    def act(self, step: Step) -> str:
        """Carry out the act and return the answer to its actor."""
        if isinstance(step.command, timedelta):
            self.place.advance(step.command)
            return ""
        assert step.actor
        named = {
            key: self.names.get(getattr(step.command, key), f"{key[0]}-0000000000")
            for key in ("ticket_id", "request_id")
            if hasattr(step.command, key)
        }
        try:
            done = self.place.carry_out_command(replace(step.command, **named), step.actor)
        except Refused as refused:
            return repr(refused)
        if step.makes:
            made = done.ticket_id if done.action is Action.OPEN else done.request_id
            assert made
            self.names[step.makes] = made
        return repr(replace(done, records=None))


@st.composite
def histories(draw: st.DrawFn, policies: st.SearchStrategy[Policy] = POLICIES) -> History:
    """Draw histories. Most acts are plausible in the current state, and most actors are allowed to act."""
    policy = draw(policies)
    story = _Story(draw, PlainRoom(policy))
    for thread in THREADS:
        for kind in (*thread, *draw(st.lists(st.sampled_from(KINDS), max_size=2))):
            story.go_on(kind)
    told = story.run.place
    assert isinstance(told, PlainRoom)
    removed = any(c.tenant == HOME and r.status is Status.REVOKED for c in told.cases.values() for r in c.requests)
    return History(policy, _with_all_removed(draw, policy, story.steps), removed)


def _with_all_removed(draw: st.DrawFn, policy: Policy, told: list[Step]) -> tuple[Step, ...]:
    """Return the steps with removals added: in the run of that name, each grant is removed at a random later moment."""
    grants = Run(PlainRoom(policy))
    after: dict[int, list[Step]] = {}
    known: set[str] = set()
    for n, step in enumerate(told):
        if step.only:
            continue
        grants.act(step)
        assert isinstance(grants.place, PlainRoom)
        for name, made in grants.names.items():
            case = next((c for c in grants.place.cases.values() if c.tenant == HOME and c.request(made)), None)
            request = case.request(made) if case else None
            if request and request.status is Status.APPROVED and name not in known:
                known.add(name)
                remover = draw(st.sampled_from(REMOVERS[request.resource_tenant]))
                later = draw(st.integers(n, len(told) - 1))
                removal = Revoke(name, f"{name} is not needed any more")
                after.setdefault(later, []).append(Step(removal, remover, only=ALL_REMOVED))
    return tuple(s for n, step in enumerate(told) for s in (step, *after.get(n, [])))


class _Story:
    """Invents a history step by step, and plays it to know the current state."""

    def __init__(self, draw: st.DrawFn, place: PlainRoom) -> None:
        self.draw, self.place, self.run = draw, place, Run(place)
        self.steps: list[Step] = []
        self.tickets = self.requests = 0

    def go_on(self, kind: str) -> None:
        for step in self._grant() if kind == "grant" else [self._step(kind)]:
            self.steps.append(step)
            self.run.act(step)

    def _one(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def _step(self, kind: str) -> Step:
        one = self._one
        match kind:
            case "open" | "open at home":
                self.tickets += 1
                opener = one(OPENERS if kind == "open" else OPENERS[:2])
                command = OpenTicket("Sign-ins fail", one("BC"), one([True, False]), one(["sam", "sam", "kim"]))
                return Step(command, opener, f"t{self.tickets}")
            case "ask":
                self.requests += 1
                name = one([*self._open_tickets(), f"t{self.tickets}"])
                case = self.place.cases.get(self.run.names.get(name, ""))
                engineer = Engineer(case.engineer if case else "sam")
                asked = {r.resource_tenant for r in case.requests} if case else set()
                fresh = [tenant for tenant in ("fabrikam", "tailspin") if tenant not in asked]
                tenant = one([*fresh, *fresh, "fabrikam", "tailspin", "contoso"])
                return Step(RequestAccess(name, tenant), engineer, f"r{self.requests}")
            case "approve" | "reject":
                decision = Approve if kind == "approve" else Reject
                return Step(decision(one(self._at(Status.PENDING) or self._any()), self._note()), one(DECIDERS))
            case "remove":
                return self._removal(one(self._at(Status.APPROVED) or self._any()))
            case "try":
                what, who = one([Approve, Reject, Revoke]), one([world.ADELE, world.CARLA, world.SOL, world.TESS])
                return Step(what(one(self._any()), self._note()), who)
            case "close":
                name = one(self._open_tickets() or [f"t{self.tickets}"])
                return Step(CloseTicket(name), one([world.CARLA, world.ADELE, world.FELIX, world.SAM]))
            case "read":
                reading = ReadDiagnostics(f"t{self.tickets}", one(["fabrikam", "contoso"]))
                return Step(reading, one([world.SAM, world.SAM, world.KIM, world.CARLA]))
            case _:
                return Step(self.draw(WAITS))

    def _grant(self) -> list[Step]:
        """Add the approvals that the policy requires."""
        name = self._one(self._at(Status.PENDING) or self._any())
        tenant = self._tenants(name)[1]
        resource = self._one(REMOVERS[tenant])
        grantors = {
            Approval.BOTH: [self._one([world.ADELE, Member("adele", tenant)])],
            Approval.EACH: [world.CARLA, resource],
            Approval.RESOURCE: [resource],
        }
        return [Step(Approve(name, self._note()), who) for who in grantors[self.place.policy.approval]]

    def _removal(self, name: str) -> Step:
        home, tenant = self._tenants(name)
        remover, only = self._one(REMOVERS[tenant]), AS_TOLD if home == HOME != tenant else ""
        return Step(Revoke(name, self._note()), remover, only=only)

    def _note(self) -> str:
        """Return a unique note, or occasionally none."""
        return self._one([f"Because of step {len(self.steps) + 1}"] * 4 + [""])

    def _tenants(self, name: str) -> tuple[str, str]:
        """Return the support request and the resource tenant of the request, or any two if it does not exist."""
        made = self.run.names.get(name, "")
        found = ((c, r) for c in self.place.cases.values() for r in c.requests if r.id == made)
        return next(((case.tenant, request.resource_tenant) for case, request in found), (HOME, "fabrikam"))

    def _at(self, status: Status) -> list[str]:
        stands = {request.id: request.status for request in self.place.requests()}
        return [name for name, made in self.run.names.items() if stands.get(made) is status]

    def _any(self) -> list[str]:
        return [f"r{n}" for n in range(1, self.requests + 2)]

    def _open_tickets(self) -> list[str]:
        live = {case.ticket_id for case in self.place.cases.values() if case.closed_at is None}
        return [name for name, made in self.run.names.items() if made in live]
