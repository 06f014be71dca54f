"""The smallest repairs of a policy: all of minimal size, each fully checked, or none."""

from dataclasses import replace
from random import Random

import pytest

from model import SOURCE_VISIBILITY, Approval, Policy, Side, Status
from model.checker import SMALL, Change, check, repair, repairs
from model.checker.repair import changes_of
from tests.checker.random_worlds import policy_of

pytestmark = pytest.mark.slow

LEAKY = Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})
DEAD = Policy(Approval.EACH, visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)})
EVERY_GRANT = frozenset((status, Side.SUPPORT) for status in (Status.APPROVED, Status.REVOKED, Status.COMPLETED))


def repaired(policy: Policy) -> set[tuple[Change, ...]]:
    return {found.changes for found in repairs(policy).found}


def cell(status: Status, side: Side = Side.SUPPORT) -> Change:
    return Change("visibility", cell=(status, side))


def test_a_leak_by_one_cell_is_repaired_by_that_cell():
    """There is no other repair, not even one under which nobody could remove access."""
    found = repairs(LEAKY)
    assert [one.policy for one in found.found] == [Policy()] and found.fewest == 1
    assert repaired(LEAKY) == {(cell(Status.REVOKED),)}


def test_a_policy_under_which_nobody_can_approve_is_repaired_in_each_of_three_ways():
    """Either someone else decides, or the decider can see the request."""
    assert repaired(DEAD) == {
        (Change("approval", Approval.BOTH),),
        (Change("approval", Approval.RESOURCE),),
        (cell(Status.PENDING),),
    }


def test_two_leaks_take_two_changes():
    """Each change alone leaves the other leak."""
    two = replace(LEAKY, ask_again_after_grant=True)
    assert repaired(two) == {(cell(Status.REVOKED), Change("ask_again_after_grant", False))}
    assert repairs(two).fewest == 2


def test_a_safe_policy_needs_no_repair():
    """Nothing is tried."""
    found = repairs("okta")
    assert (found.fewest, found.found, found.tried) == (0, (), 0)


@pytest.mark.slow
def test_no_repair_within_three_changes_is_an_answer():
    """Three cells reveal the end of a grant, and asking again reveals it a fourth time."""
    found = repairs(Policy(visibility=SOURCE_VISIBILITY | EVERY_GRANT, ask_again_after_grant=True))
    assert found.fewest is None and found.found == ()
    assert found.tried > 1000 > 50 > found.checked, "most are refuted without a check"


@pytest.mark.slow
def test_candidates_refuted_without_a_check_are_unsafe():
    """Every single change of leaky, dead and random policies is fully checked."""
    chance = Random("policies to repair")
    for policy in (LEAKY, DEAD, *(policy_of(chance) for _ in range(2))):
        singles = {(change,) for change in changes_of(policy) if check(change.applied(policy), SMALL).safe}
        if not check(policy, SMALL).safe:
            found = repairs(policy)
            assert ({one.changes for one in found.found} if found.fewest == 1 else set()) == singles


def test_a_promise_that_no_setting_can_repair_has_no_repair(monkeypatch: pytest.MonkeyPatch):
    """The checker rejects every change."""

    def never(policy: Policy, *rest: object) -> object:
        report = check(policy, SMALL)
        return replace(report, promises=tuple(replace(it, tested=0) for it in report.promises))

    monkeypatch.setattr(repair, "MOST_CHANGES", 1)
    monkeypatch.setattr(repair, "check", never)
    found = repairs(LEAKY)
    assert found.fewest is None and found.checked > 0
