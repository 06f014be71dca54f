"""Write a history of the checker's small world as a story."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from data.files.durations import to_the_second
from data.scenario_writing.story_builder import StoryBuilder
from model import (
    Actor,
    Approve,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
)
from model.checker.small_world import DIRECTORY, ENGINEER, NOW, RESOURCE, SUPPORT, in_both
from model.checker.state import Step

_ALWAYS_THERE = ("carla", "felix")  # each administers one of the two tenants: they find a story's statuses
_WORDS = {  # what an actor does, or tries to do
    OpenTicket: ("opens", "open", " a support request about a problem in {tenant}"),
    RequestAccess: ("asks", "ask", " for access to {tenant}"),
    Approve: ("approves", "approve", " {request}"),
    Reject: ("rejects", "reject", " {request}"),
    Revoke: ("removes", "remove", " the access of {request}"),
    CloseTicket: ("closes", "close", " the support request"),
    ReadDiagnostics: ("reads", "read", " the diagnostic data of {tenant}"),
}


def counterexample_story(policy: Policy, history: Sequence[Step], others: Iterable[Actor | None] = ()) -> StoryBuilder:
    """Write a history of the checker's small world as a story, to which more can be added.

    `others` are in its directory besides those who act.
    """
    story = StoryBuilder(_directory(history, others), policy, NOW, SUPPORT, RESOURCE)
    for _, steps in groupby(history, lambda step: isinstance(step.command, timedelta)):
        waited = timedelta()  # as one step, however many moments were checked
        for step in steps:
            if isinstance(step.command, timedelta):
                waited += step.command
            elif step.actor:  # what falls due has no actor, and happens while the story waits
                add_step(story, step.command, step.actor)
        if waited:
            ended = [f" {request.id} is {request.status} now." for request in story.wait(story.now + waited)]
            story.add(f"{to_the_second(waited)} pass.{''.join(ended)}")
    return story


def add_step(story: StoryBuilder, command: Command, actor: Actor) -> None:
    """Add a step in which somebody does something, or is refused."""
    name = {OpenTicket: "t1", RequestAccess: f"r{len(story.requests) + 1}"}.get(type(command))
    refused = story.act(command, actor, name)
    does, do, what = _WORDS[type(command)]
    tenant = getattr(command, "resource_tenant", getattr(command, "tenant", RESOURCE))
    what = what.format(request=getattr(command, "request_id", ""), tenant=DIRECTORY.tenants[tenant])
    say = f"{who_is(actor)} {does}{what}."
    if refused:
        say = f"{who_is(actor)} tries to {do}{what}, and is refused: {refused.sentence}"
    story.add(say, actor, command, name, refused)


def who_is(actor: Actor) -> str:
    """Return the actor's first name, and where they are signed in."""
    if isinstance(actor, Engineer):
        return f"{DIRECTORY.engineers[actor.id].split()[0]}, a support engineer,"
    both = "who administers both tenants, " if in_both(actor) else ""
    return f"{DIRECTORY.people[actor.person].split()[0]}, {both}signed in to {DIRECTORY.tenants[actor.tenant]},"


def _directory(history: Sequence[Step], others: Iterable[Actor | None]) -> Directory:
    """Return the part of the small world that the story needs."""
    actors = [*(step.actor for step in history), *others]
    members = [actor for actor in actors if isinstance(actor, Member)]
    people = {*_ALWAYS_THERE, *(member.person for member in members)}
    tenants = {
        SUPPORT,
        RESOURCE,
        *(m.tenant for m in members),
        *(getattr(step.command, "tenant", "") for step in history),
    }
    engineers = {ENGINEER, *(actor for actor in actors if isinstance(actor, Engineer))}
    return Directory(
        {tenant: name for tenant, name in DIRECTORY.tenants.items() if tenant in tenants},
        {person: name for person, name in DIRECTORY.people.items() if person in people},
        {engineer: name for engineer, name in DIRECTORY.engineers.items() if Engineer(engineer) in engineers},
        {(who, where): held for (who, where), held in DIRECTORY.roles.items() if who in people and where in tenants},
    )
