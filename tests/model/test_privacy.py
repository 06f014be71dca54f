"""The hardest rule: from approval on, the support request tenant cannot tell Approved, Revoked and Completed apart.

Each test plays the same story in two worlds, one in which a grant is removed or lapses and one in which none is, and
compares everything that the members of the support request tenant see, and every answer they get.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import (
    PRESETS,
    Action,
    Approve,
    CloseTicket,
    Event,
    Member,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    Revoke,
)
from tests.model.histories import HISTORIES, Act, act
from tests.model.world import ADELE, ADELE_IN_FABRIKAM, ASK, CARLA, DIRECTORY, FELIX, LIMITED, SAM, TICKET, World

CONTOSO = [member for member in DIRECTORY.members() if member.tenant == "contoso"]
POLICIES = [*PRESETS.values(), LIMITED, replace(LIMITED, approval="each"), Policy(history_from="created")]
COMMANDS = [
    *(decision(f"r{n}") for decision in (Approve, Reject, Revoke) for n in range(1, 7)),
    *(CloseTicket(f"t{n}") for n in range(1, 5)),
    *(TICKET, ASK, ReadDiagnostics("t1", "contoso"), ReadDiagnostics("t1", "fabrikam")),
]


class GrantsStay(World):
    """A world in which no grant of a Contoso ticket is removed or lapses."""

    def carry_out(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        case = self.cases.get(events[0].ticket_id)
        if case and case.tenant == "contoso" and events[0].action in (Action.REVOKE, Action.LAPSE):
            return ()
        return super().carry_out(events)


def told(here: World, command: object, member: Member) -> str:
    """Return the refusal's sentence, or the action that would be carried out."""
    try:
        return here.ask(command, member)[0].action
    except Refused as refused:
        return repr(refused)


def noticed(here: World, member: Member) -> list[object]:
    """Return everything that a member of a tenant sees, and every answer."""
    views = [here.pending(member), here.approved_access(member), here.tickets(member), here.audit_log(member)]
    return [*views, *(told(here, command, member) for command in COMMANDS)]


def assert_nobody_notices(one: World, other: World) -> None:
    for member in CONTOSO:
        assert noticed(one, member) == noticed(other, member)


@pytest.mark.slow
@given(
    policy=st.sampled_from(POLICIES),
    before=HISTORIES,
    remover=st.sampled_from((FELIX, ADELE_IN_FABRIKAM)),
    after=HISTORIES,
)
def test_no_history_reveals_a_removal_to_the_support_request_tenant(
    policy: Policy, before: list[Act], remover: Member, after: list[Act]
):
    """Source: "To preserve cross-tenant privacy, an administrator of the support request tenant is unable to see
    whether an administrator of the resource tenant has manually removed this approval."
    """
    grant: list[Act] = [(Approve("r1"), ADELE), (Approve("r1"), FELIX), (Approve("r1"), CARLA)]
    removed, stays = World(policy), GrantsStay(policy)
    for what in [(TICKET, CARLA), (ASK, SAM), *before, *grant, (Revoke("r1"), remover), *after]:
        for here in (removed, stays):
            act(here, what)
        assert_nobody_notices(removed, stays)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_live_a_removed_and_an_ended_grant_look_the_same(policy: Policy):
    """The simplest case: an Approved, a Revoked and a lapsed grant, before and after the ticket is closed."""
    removed, stays = World(policy), GrantsStay(policy)
    for what in [(TICKET, CARLA), (ASK, SAM), (Approve("r1"), CARLA), (Approve("r1"), FELIX), (Approve("r1"), ADELE)]:
        for here in (removed, stays):
            act(here, what)
    removed.do(Revoke("r1"), FELIX)
    assert (removed.status(), stays.status()) == ("Revoked", "Approved")
    for then in (timedelta(days=1), (ASK, SAM), (CloseTicket("t1"), CARLA), timedelta(days=30)):
        for here in (removed, stays):
            act(here, then)
        assert_nobody_notices(removed, stays)
    assert (removed.status(), stays.status()) == ("Revoked", "Completed")


@pytest.mark.parametrize("status", ["Approved", "Revoked", "Completed"])
def test_a_hidden_request_is_answered_like_a_missing_one(status: str):
    """The code and the sentence are the same for r1, which is hidden, and for r6, which never existed."""
    here = World()
    story: list[tuple[object, object]] = [(TICKET, CARLA), (ASK, SAM), (Approve("r1"), ADELE)]
    ends: dict[str, list[tuple[object, object]]] = {
        "Revoked": [(Revoke("r1"), FELIX)],
        "Completed": [(CloseTicket("t1"), CARLA)],
    }
    for what in story + ends.get(status, []):
        act(here, what)
    assert here.status() == status
    for decision in (Approve, Reject, Revoke):
        assert told(here, decision("r1"), ADELE) == told(here, decision("r6"), ADELE)


def test_the_engineer_gets_the_same_answer_whether_or_not_a_grant_was_removed():
    """A second request is refused with one sentence, or the ticket's opener could learn it from the engineer."""
    removed, stays = World(), GrantsStay()
    for what in [(TICKET, CARLA), (ASK, SAM), (Approve("r1"), ADELE), (Revoke("r1"), FELIX)]:
        for here in (removed, stays):
            act(here, what)
    assert told(removed, ASK, SAM) == told(stays, ASK, SAM)


def test_asking_again_after_a_grant_is_the_setting_that_leaks():
    """Why it is off by default: the support request tenant sees a second request only after a removal."""
    removed, stays = (kind(Policy(ask_again_after_grant=True)) for kind in (World, GrantsStay))
    for what in [(TICKET, CARLA), (ASK, SAM), (Approve("r1"), ADELE), (Revoke("r1"), FELIX), (ASK, SAM)]:
        for here in (removed, stays):
            act(here, what)
    assert [seen.request_id for seen in removed.pending(CARLA)] == ["r2"]
    assert stays.pending(CARLA) == []
