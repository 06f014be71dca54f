"""Tickets are independent, so the checker can count the states of two without exploring them."""

from datetime import timedelta
from random import Random
from typing import Any

from model import Approve, CloseTicket, Member, Refused, Reject, RequestAccess, Revoke
from tests.checker.random_worlds import policy_of
from tests.model.world import ADELE, ADELE_IN_FABRIKAM, CARLA, FELIX, SAM, TICKET, World

WORLDS, ACTS = 60, 40
DECIDERS = [ADELE, ADELE_IN_FABRIKAM, CARLA, FELIX]
WAITS = [timedelta(seconds=1), timedelta(hours=8), timedelta(days=4), timedelta(days=30)]
KINDS = ["ask", "ask", Approve, Approve, Approve, Reject, Revoke, Revoke, CloseTicket]


def act(world: World, ticket: str, kind: Any, who: Member) -> str:
    """Apply the act to the ticket's latest request, if any, and return the outcome."""
    case = world.cases.get(ticket)
    try:
        if case is None:
            return str(world.do(TICKET, CARLA)[0].action)
        if kind == "ask":
            return str(world.do(RequestAccess(ticket, "fabrikam"), SAM)[0].action)
        if kind is CloseTicket:
            return str(world.do(kind(ticket), who)[0].action)
        return str(world.do(kind(case.requests[-1].id if case.requests else ""), who)[0].action)
    except Refused as refused:
        return repr(refused)


def stands(world: World, ticket: str) -> object:
    case = world.cases.get(ticket)
    rows = [(r.status, r.requested_at, r.changed_at, r.due_at) for r in case.requests] if case else None
    return case and (case.opened_at, case.closed_at, rows)


def listed(world: World, viewer: Member) -> list[Any]:
    rows = [*world.pending(viewer), *world.approved_access(viewer)]
    return [(row.status, row.requested_at, row.changed_at, row.due_at, row.leaves_at) for row in rows]


def test_two_tickets_behave_as_each_would_alone():
    """Compared are every answer, status and list after random acts on either, under random policies."""
    chance, carried_out = Random("two tickets"), 0
    for _ in range(WORLDS):
        policy = policy_of(chance)
        both, alone = World(policy), [World(policy), World(policy)]
        for world, ticket in ((both, "t1"), (both, "t2"), (alone[0], "t1"), (alone[1], "t1")):
            act(world, ticket, "open", CARLA)
        for _ in range(ACTS):
            n, kind, who = chance.randrange(2), chance.choice(KINDS), chance.choice(DECIDERS)
            answer = act(both, f"t{n + 1}", kind, who)
            assert answer == act(alone[n], "t1", kind, who)
            carried_out += not answer.startswith("Refused")
            if chance.random() < 0.2:
                wait = chance.choice(WAITS)
                for world in (both, *alone):
                    world.wait(wait)
            for n, one in enumerate(alone):
                assert stands(both, f"t{n + 1}") == stands(one, "t1")
            for viewer in (CARLA, FELIX):
                each = [row for one in alone for row in listed(one, viewer)]
                assert sorted(listed(both, viewer), key=repr) == sorted(each, key=repr)
    assert carried_out > WORLDS * 5
