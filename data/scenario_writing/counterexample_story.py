"""A history of the checker's small world, retold as the steps of a story, each with how everything stands then."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from data.scenario.expectations import statuses_of
from data.scenario.scenario import Step
from model import (
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
    decide,
    evolve,
)
from model.checker.histories import Act
from model.checker.small_world import DIRECTORY, ENGINEER, NOW, RESOURCE, SUPPORT, in_both

_LOOKING_ON = ("carla", "felix")  # who administer one of the two tenants each: a story's statuses are what they see
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
_WORDS = {  # what somebody does, or tries to do
    OpenTicket: ("opens", "open", " a ticket with support about a problem in {tenant}"),
    RequestAccess: ("asks", "ask", " for access to {tenant}"),
    Approve: ("approves", "approve", " {request}"),
    Reject: ("rejects", "reject", " {request}"),
    Revoke: ("removes", "remove", " the access of {request}"),
    CloseTicket: ("closes", "close", " the ticket"),
    ReadDiagnostics: ("reads", "read", " the diagnostic data of {tenant}"),
}


class Retold:
    """A history with its `steps`; where it ends, `case` and `now` are how the case stands, and when that is."""

    def __init__(self, policy: Policy, history: Sequence[Act], others: Iterable[Actor | None] = ()) -> None:
        """`others` belong to the cast beside those who act."""
        self.policy = policy
        self.directory = _cast(history, others)
        self.now = NOW
        self.case: Case | None = None
        self.events: list[Event] = []
        self.steps: list[Step] = []
        for _, acts in groupby(history, lambda act: isinstance(act.command, timedelta)):
            waited = timedelta()  # at one go, however many moments mattered
            for act in acts:
                if isinstance(act.command, timedelta):
                    waited += act.command
                elif act.actor:  # what falls due is nobody's act, and happens in the waiting
                    self.does(act.command, act.actor)
            if waited:
                self.waits(waited)

    def waits(self, length: timedelta) -> None:
        """Time passes, and what falls due happens at its own moment."""
        until = self.now + length
        due = {r.id: r.due_at for r in self._requests if r.due_at and r.due_at <= until}
        for request in sorted(due, key=due.__getitem__):
            self.now = due[request]
            self._happens(FallDue(request), None)
        self.now = until
        ended = [f" {request.id} is {request.status} now." for request in self._requests if request.id in due]
        self.say(f"{_spoken(length)} pass.{''.join(ended)}", length)

    def does(self, command: Command, actor: Actor) -> None:
        """Somebody does something, or is refused."""
        name = {OpenTicket: "t1", RequestAccess: f"r{len(self._requests) + 1}"}.get(type(command))
        refused = self._happens(command, actor, name or "")
        does, do, what = _WORDS[type(command)]
        tenant = getattr(command, "resource_tenant", getattr(command, "tenant", RESOURCE))
        what = what.format(request=getattr(command, "request_id", ""), tenant=DIRECTORY.tenants[tenant])
        says = f"{named(actor)} {does}{what}."
        if refused:
            says = f"{named(actor)} tries to {do}{what}, and is refused: {refused.sentence}"
        self._step(Step(says, by=actor, command=command, name=name, refused=refused.code if refused else None))

    def say(self, words: str, wait: timedelta = timedelta(0)) -> None:
        """A step in which nobody acts."""
        self._step(Step(words, wait))

    @property
    def _requests(self) -> tuple[Request, ...]:
        return self.case.requests if self.case else ()

    def _happens(self, command: Command, actor: Actor | None, new_id: str = "") -> Refused | None:
        try:
            events = decide(
                self.case,
                command,
                actor=actor,
                directory=self.directory,
                policy=self.policy,
                at=self.now,
                new_id=new_id,
            )
        except Refused as refused:
            return refused
        for event in events:
            self.case = evolve(self.case, event)
            self.events.append(event)
        return None

    def _step(self, step: Step) -> None:
        if self.case and self.case.requests:
            expect = {t: statuses_of(self.case, t, self.directory, self.policy, self.now) for t in (SUPPORT, RESOURCE)}
            step = replace(step, expect=expect, access={RESOURCE: self.case.may_be_read(RESOURCE)})
        self.steps.append(step)


def named(actor: Actor) -> str:
    """Who it is: the first name, and where the person is signed in."""
    if isinstance(actor, Engineer):
        return f"{DIRECTORY.engineers[actor.id].split()[0]}, a support engineer,"
    both = "who administers both tenants, " if in_both(actor) else ""
    return f"{DIRECTORY.people[actor.person].split()[0]}, {both}signed in to {DIRECTORY.tenants[actor.tenant]},"


def _cast(history: Sequence[Act], others: Iterable[Actor | None]) -> Directory:
    """Of the small world those who are needed."""
    actors = [*(act.actor for act in history), *others]
    members = [actor for actor in actors if isinstance(actor, Member)]
    people = {*_LOOKING_ON, *(member.person for member in members)}
    tenants = {
        SUPPORT,
        RESOURCE,
        *(m.tenant for m in members),
        *(getattr(act.command, "tenant", "") for act in history),
    }
    engineers = {ENGINEER, *(actor for actor in actors if isinstance(actor, Engineer))}
    return Directory(
        {tenant: name for tenant, name in DIRECTORY.tenants.items() if tenant in tenants},
        {person: name for person, name in DIRECTORY.people.items() if person in people},
        {engineer: name for engineer, name in DIRECTORY.engineers.items() if Engineer(engineer) in engineers},
        {(who, where): held for (who, where), held in DIRECTORY.roles.items() if who in people and where in tenants},
    )


def _spoken(length: timedelta) -> str:
    """To the second: "3 days, 23 hours, 59 minutes and 59 seconds"."""
    seconds, parts = round(length.total_seconds()), []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {unit}{'' if count == 1 else 's'}")
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else "No time"
