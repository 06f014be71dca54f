"""The progress of a story in a room: which steps are done, by the story or by hand, and who acts next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from data.scenario.scenario import Scenario, Step
from model import Actor, Command, Engineer, Member, OpenTicket, ReadDiagnostics, Revoke, WriteDiagnostics

_IDS = ("ticket_id", "request_id")
_SAME = (*_IDS, "resource_tenant", "tenant", "category", "advanced_diagnostics")
"""The fields in which an act by hand must equal the step that it counts as; titles and reasons may differ."""
_HIDDEN = (Revoke, ReadDiagnostics, WriteDiagnostics)


@dataclass(frozen=True)
class Progress:
    """The steps of a story that are done, and when; and the ids in the room of the story's names."""

    story: Scenario
    done: Mapping[int, datetime] = field(default_factory=dict)  # number of a step, from 1 -> the room's time after it
    ids: Mapping[str, str] = field(default_factory=dict)  # the story's name -> its id in the room, if that differs

    @property
    def is_left(self) -> bool:
        """Whether the room has left the story: the log then has a step after the story's last one."""
        return max(self.done, default=0) > len(self.story.steps)

    @cached_property
    def steps_done(self) -> int:
        """How many steps are done, from the first one on; steps that only show something may have been skipped."""
        steps = self.story.steps
        last = max((number for number in self.done if number <= len(steps)), default=0)
        missing = (n for n in range(1, last) if n not in self.done and not _only_shows(steps[n - 1]))
        return next(missing, last + 1) - 1

    def with_done(self, number: int, at: datetime, made: str = "") -> "Progress":
        """Return the progress with another step done; `made` is the id of what the step created, if anything."""
        name = self.story.steps[number - 1].name
        ids = {**self.ids, name: made} if name and made and made != name else self.ids
        return Progress(self.story, {**self.done, number: at}, ids)

    def next_of(self, actor: Actor) -> int | None:
        """Return the number of the next step for an actor; None if there is none.

        Steps about another tenant's data are skipped, done or not: whose turn it is must not tell a member of the
        support request tenant whether access was removed.
        """
        if self.is_left:
            return None
        return next((n for n, step in self._numbered() if n not in self.done and not _is_passed(step, actor)), None)

    def turn_of(self, actor: Actor, now: datetime) -> Step | None:
        """Return the step, if it is the actor's turn to do one.

        The turn comes only after the time that the story waits in skipped steps.
        """
        number = self.next_of(actor)
        if number is None or (step := self.story.steps[number - 1]).by != actor:
            return None
        seen = [n for n, one in self._numbered() if n < number and n in self.done and not _is_passed(one, actor)]
        since, at = (seen[-1], max(self.done[n] for n in seen)) if seen else (0, self.story.starts)
        waits = [one.wait for n, one in self._numbered() if since < n < number and _is_hidden(one, actor)]
        return step if now - at >= sum(waits, timedelta(0)) else None

    def done_by(self, command: Command, actor: Actor) -> int | None:
        """Return the number of the step that an act by hand counts as; None if the story continues differently."""
        last = self.next_of(actor)
        tries = [n for n, step in self._numbered() if n < (last or 0) and isinstance(step.command, ReadDiagnostics)]
        candidates = [*tries, last] if last else []
        undone = (n for n in candidates if n not in self.done)
        return next((n for n in undone if self._is(self.story.steps[n - 1], command, actor)), None)

    def _is(self, step: Step, command: Command, actor: Actor) -> bool:
        if step.command is None or type(step.command) is not type(command) or not _is_by(step, actor):
            return False
        wanted = self.in_this_room(step.command)
        return all(getattr(wanted, name, None) == getattr(command, name, None) for name in _SAME)

    def id_of(self, name: str) -> str:
        """Return the id in the room of the ticket or access request that the story calls `name`.

        A ticket has an id like the source's numbers; an access request has the story's name unless it was made by hand.
        """
        return self.ids.get(name, name)

    def in_this_room(self, command: Command) -> Command:
        """Return a step's command with the ids that the story's names have in the room."""
        names = {key: str(getattr(command, key, "")) for key in _IDS}
        changed: dict[str, Any] = {key: self.ids[name] for key, name in names.items() if name in self.ids}
        return replace(command, **changed)

    def in_the_story(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return a mapping with its keys replaced by the story's names for them."""
        names = {given: name for name, given in self.ids.items()}
        return {names.get(key, key): value for key, value in found.items()}

    def _numbered(self) -> Sequence[tuple[int, Step]]:
        return list(enumerate(self.story.steps, start=1))


def _only_shows(step: Step) -> bool:
    """Return whether a step changes no case: it waits, or shows a refusal."""
    return step.command is None or step.refused is not None


def _is_passed(step: Step, actor: Actor) -> bool:
    return _only_shows(step) or _is_hidden(step, actor)


def _is_hidden(step: Step, actor: Actor) -> bool:
    """Return whether the step removes access to another tenant's data than the actor's, or reads that data."""
    if not isinstance(step.command, _HIDDEN) or not isinstance(actor, Member):
        return False
    tenant = getattr(step.command, "tenant", None) or getattr(step.by, "tenant", None)
    return bool(tenant != actor.tenant)


def _is_by(step: Step, actor: Actor) -> bool:
    """Return whether the actor does the step. Where they are signed in matters only for opening a ticket."""
    if isinstance(step.by, Engineer) or isinstance(actor, Engineer) or isinstance(step.command, OpenTicket):
        return step.by == actor
    return step.by is not None and step.by.person == actor.person
