"""What the checker asks once for all states that it takes for alike: they are alike to everybody who asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from model import Actor, Approval, Command, Policy, ReadDiagnostics, Refused
from model.checker.histories import explore
from model.checker.small_world import ENGINEER, NOW, TENANTS, Bounds
from model.checker.state import State, aged
from model.checker.world import World
from tests.checker.random_worlds import policy_of

CHANCE = Random("policies to ask under")
POLICIES = [
    *(Policy(approval, timedelta(hours=1), timedelta(days=1), ask_again_after_grant=True) for approval in Approval),
    *(policy_of(CHANCE) for _ in range(3)),
]


@pytest.mark.parametrize("policy", POLICIES, ids=[*Approval, *range(3)])
def test_states_with_one_key_answer_every_command_alike(policy: Policy):
    """All that can be reached, and what they would be if nothing fell due, or if diagnostics were not allowed.

    An overdue state can be reached only under wrong rules, and those are what the checker is to find.
    """
    world = World(policy, Bounds(tickets=1, requests=2, ticks=0, everybody=False))
    reached = [state for here in explore(world, lambda *_: None).reached for state in variants(here.state)]
    answers: dict[object, list[object]] = {}
    for state in reached:
        found = every_answer(world, state)
        assert answers.setdefault(world.answer_key(state), found) == found
    assert len(reached) > 2 * len(answers), "many have one key"


def variants(state: State) -> Iterator[State]:
    if state.case:
        yield state
        yield state._replace(case=replace(state.case, advanced_diagnostics=False))
        limits = [request.due_at - NOW for request in state.case.requests if request.due_at]
        yield from (state._replace(case=aged(state.case, limit)) for limit in limits)


def every_answer(world: World, state: State) -> list[object]:
    """What comes of each command, to whoever might give it: the events, or the refusal."""
    reads: list[tuple[Actor | None, Command]] = [(ENGINEER, ReadDiagnostics("t1", tenant)) for tenant in TENANTS]
    found: list[object] = []
    for actor, command in (*world.attempts(state), *reads):
        try:
            events = world.ask(state, actor, command)
        except Refused as refused:
            found.append((refused.code, refused.sentence))
        else:
            found.append([(event.action, event.request_id, event.to_status) for event in events])
    return found
