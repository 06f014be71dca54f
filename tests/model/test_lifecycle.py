"""The lifecycle is the design's table, and nothing outside the table can happen."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import FINAL, GRANTED, LIFECYCLE, Action, Approval, Case, FallDue, Policy, Refused, Status, evolve
from model.lifecycle import transition
from tests.model.histories import HISTORIES, Act, act
from tests.model.world import LIMITED, SOURCE, World, world_at

DESIGN = """
–        | request  | Pending   | the engineer who is assigned to the open ticket
Pending  | approve  | Approved  | an administrator of both tenants
Pending  | reject   | Rejected  | an administrator of both tenants
Pending  | cancel   | Canceled  | nobody: the ticket closed
Pending  | expire   | Expired   | nobody: a limit of the policy passed
Approved | revoke   | Revoked   | an administrator of the resource tenant
Approved | complete | Completed | nobody: the ticket closed
Approved | lapse    | Completed | nobody: a limit of the policy passed
"""
EACH = Policy(approval=Approval.EACH, pending_expires_after=LIMITED.pending_expires_after, ask_again_after_grant=True)


def test_the_lifecycle_is_the_table_of_the_design():
    """It agrees row by row and in order: from, action, to, actor."""
    written = [[cell.strip() for cell in line.split("|")] for line in DESIGN.strip().splitlines()]
    assert [[row.start or "–", row.action, row.end, row.whose] for row in LIFECYCLE] == written


def test_a_status_and_an_action_have_at_most_one_outcome():
    """Each (from, action) has at most one row, so the table is unambiguous."""
    assert set(Counter((row.start, row.action) for row in LIFECYCLE).values()) == {1}


def test_the_final_statuses_are_those_that_no_row_leaves():
    """Rejected, Revoked, Completed, Canceled and Expired never change again."""
    assert {"Rejected", "Revoked", "Completed", "Canceled", "Expired"} == FINAL
    assert {"Approved", "Revoked", "Completed"} == GRANTED


@pytest.mark.parametrize("status", sorted(FINAL))
@pytest.mark.parametrize("action", list(Action))
def test_no_action_leaves_a_final_status(status: Status, action: Action):
    """The table has no such row, so the action is refused."""
    assert transition(status, action) is None


@given(st.sampled_from((SOURCE, LIMITED, EACH)), HISTORIES)
def test_no_history_leaves_a_final_status(policy: Policy, history: list[Act]):
    """A Rejected, Revoked, Completed, Canceled or Expired request never changes again, nor do its timestamps."""
    here = world_at(Status.PENDING, policy)
    for what in history:
        before = {r.id: r for r in here.requests() if r.status in FINAL}
        act(here, what)
        assert before.items() <= {r.id: r for r in here.requests()}.items()


@given(st.sampled_from((SOURCE, LIMITED, EACH)), HISTORIES)
def test_the_log_alone_rebuilds_every_case(policy: Policy, history: list[Act]):
    """Replaying the events gives the cases, without calling `decide` again."""
    here = world_at(Status.PENDING, policy)
    for what in history:
        act(here, what)
    rebuilt: dict[str, Case] = {}
    for event in here.events:
        rebuilt[event.ticket_id] = evolve(rebuilt.get(event.ticket_id), event)
    assert rebuilt == here.cases


@given(st.sampled_from((SOURCE, LIMITED, EACH)), HISTORIES)
def test_an_event_carries_its_outcome(policy: Policy, history: list[Act]):
    """A request has its last event's status, and each event starts from the status of the one before it."""
    here = world_at(Status.PENDING, policy)
    for what in history:
        act(here, what)
    stands: dict[str, Status | None] = {}
    for event in here.events:
        if event.request_id:
            assert event.from_status == stands.get(event.request_id)
            stands[event.request_id] = event.to_status
            row = transition(event.from_status, event.action)
            assert row
            assert row.end == event.to_status or event.to_status == Status.PENDING, "or the first of two approvals"
    assert stands == {r.id: r.status for r in here.requests()}


@given(HISTORIES)
def test_a_closed_ticket_leaves_nothing_pending_and_nothing_approved(history: list[Act]):
    """Closing a ticket ends all its requests at the same moment."""
    here = world_at(Status.PENDING, LIMITED)
    for what in history:
        act(here, what)
        closed = [r for case in here.cases.values() if case.closed_at for r in case.requests]
        assert {r.status for r in closed} <= FINAL


@pytest.mark.parametrize("status", ["Pending", "Approved"])
def test_nothing_falls_due_where_the_policy_has_no_limit(status: str):
    """The source has no expiry and no longest grant: access ends with the ticket or by removal."""
    here: World = world_at(status, SOURCE)
    here.now += 20 * 365 * LIMITED.grant_lasts
    with pytest.raises(Refused, match="Nothing is due for this access request"):
        here.do(FallDue("r1"))
