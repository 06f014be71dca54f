"""A small world for the tests of the rules: three tenants, their people, two engineers, and an in-memory room."""

from collections.abc import Callable
from datetime import datetime, timedelta

from model import (
    Action,
    Actor,
    Approve,
    Case,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    Event,
    FallDue,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Status,
    decide,
    evolve,
    visibility,
)

START = datetime(2026, 3, 2, 9)
TICK = timedelta(microseconds=1)
SOURCE = Policy()
LIMITED = Policy(pending_expires_after=timedelta(days=4), grant_lasts=timedelta(hours=8))

# Contoso is the support request tenant, Fabrikam the resource tenant, Tailspin has no part.
DIRECTORY = Directory(
    tenants={"contoso": "Contoso", "fabrikam": "Fabrikam", "tailspin": "Tailspin"},
    people={name: f"{name.title()} Example" for name in ("adele", "carla", "cleo", "felix", "finn", "sol", "tess")},
    engineers={"sam": "Sam Rivera", "kim": "Kim Akers"},
    roles={
        ("adele", "contoso"): frozenset({"Global Administrator"}),
        ("adele", "fabrikam"): frozenset({"Global Administrator"}),
        ("adele", "tailspin"): frozenset({"Global Administrator"}),
        ("carla", "contoso"): frozenset({"Service Support Administrator"}),
        ("cleo", "contoso"): frozenset(),
        ("felix", "fabrikam"): frozenset({"Service Support Administrator"}),
        ("finn", "fabrikam"): frozenset({"Directory Readers"}),
        ("sol", "contoso"): frozenset({"Security Reader"}),
        ("sol", "fabrikam"): frozenset({"Security Reader"}),
        ("tess", "tailspin"): frozenset({"Global Administrator"}),
    },
)
ADELE, ADELE_IN_FABRIKAM, ADELE_IN_TAILSPIN = (Member("adele", t) for t in ("contoso", "fabrikam", "tailspin"))
CARLA, CLEO, SOL = (Member(person, "contoso") for person in ("carla", "cleo", "sol"))
FELIX, FINN, SOL_IN_FABRIKAM = (Member(person, "fabrikam") for person in ("felix", "finn", "sol"))
TESS = Member("tess", "tailspin")
SAM, KIM = Engineer("sam"), Engineer("kim")

TICKET = OpenTicket("Sign-ins fail for guests", engineer="sam")
ASK = RequestAccess("t1", "fabrikam", "Sign-in logs of the guests' home tenant")


class World:
    """Cases, their log, a clock and a policy; a command's ids are t1, t2, … and r1, r2, … in the order of making."""

    def __init__(self, policy: Policy = SOURCE) -> None:
        self.policy = policy
        self.directory = DIRECTORY
        self.now = START
        self.cases: dict[str, Case] = {}
        self.events: list[Event] = []

    def ask(self, command: Command, actor: Actor | None) -> tuple[Event, ...]:
        """Return what the command would do, without doing it."""
        new_id = f"t{len(self.cases) + 1}" if isinstance(command, OpenTicket) else f"r{len(self.requests()) + 1}"
        return decide(
            self._case(command),
            command,
            actor=actor,
            directory=self.directory,
            policy=self.policy,
            at=self.now,
            new_id=new_id,
        )

    def do(self, command: Command, actor: Actor | None = None) -> tuple[Event, ...]:
        return self.carry_out(self.ask(command, actor))

    def carry_out(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        for event in events:
            self.cases[event.ticket_id] = evolve(self.cases.get(event.ticket_id), event)
        self.events += events
        return events

    def answer(self, command: Command, actor: Actor | None) -> str:
        """Return the refusal's code, or the action that would be carried out."""
        try:
            return self.ask(command, actor)[0].action
        except Refused as refused:
            return refused.code

    def wait(self, time: timedelta) -> None:
        """Advance the clock; what falls due happens at its own moment."""
        until = self.now + time
        due = {r.id: r.due_at for r in self.requests() if r.due_at is not None and r.due_at <= until}
        for request_id, at in sorted(due.items(), key=lambda item: item[1]):
            self.now = at
            self.do(FallDue(request_id))
        self.now = until

    def requests(self) -> list[Request]:
        return [request for case in self.cases.values() for request in case.requests]

    def status(self, request_id: str = "r1") -> Status:
        return next(r.status for r in self.requests() if r.id == request_id)

    def engineer_reads(self, tenant: str, ticket_id: str = "t1") -> bool:
        return self.answer(ReadDiagnostics(ticket_id, tenant), SAM) == Action.READ

    def pending(self, member: Member) -> list[visibility.SeenRequest]:
        return visibility.pending(self.cases.values(), member, self.directory, self.policy)

    def approved_access(self, member: Member) -> list[visibility.SeenRequest]:
        return visibility.approved_access(self.cases.values(), member, self.directory, self.policy, self.now)

    def tickets(self, member: Member) -> list[visibility.SeenTicket]:
        return visibility.tickets(self.cases.values(), member, self.directory)

    def audit_log(self, member: Member) -> list[visibility.AuditEntry]:
        return visibility.audit_log(self.events, self.cases, member, self.directory)

    def _case(self, command: Command) -> Case | None:
        if isinstance(command, OpenTicket):
            return None
        if isinstance(command, Approve | Reject | Revoke | FallDue):
            return next((case for case in self.cases.values() if case.request(command.request_id)), None)
        return self.cases.get(command.ticket_id)


PATHS: dict[Status, Callable[[World], object]] = {
    Status.PENDING: lambda world: None,
    Status.APPROVED: lambda world: world.do(Approve("r1"), ADELE),
    Status.REJECTED: lambda world: world.do(Reject("r1"), ADELE),
    Status.REVOKED: lambda world: (world.do(Approve("r1"), ADELE), world.do(Revoke("r1"), FELIX)),
    Status.COMPLETED: lambda world: (world.do(Approve("r1"), ADELE), world.do(CloseTicket("t1"), CARLA)),
    Status.CANCELED: lambda world: world.do(CloseTicket("t1"), CARLA),
    Status.EXPIRED: lambda world: world.wait(timedelta(days=4)),
}
"""The steps from a new request to each status; to Expired only under LIMITED."""


def world_at(status: Status | str, policy: Policy | None = None) -> World:
    """Return a world whose ticket t1 has one access request, r1, brought to the status in the usual way."""
    world = World(policy or (LIMITED if status == Status.EXPIRED else SOURCE))
    world.do(TICKET, CARLA)
    world.do(ASK, SAM)
    PATHS[Status(status)](world)
    assert world.status() == status
    return world
