"""The smallest repairs in a world of one request: results, candidates, and the number of full checks."""

from dataclasses import replace

import pytest

from model import SOURCE_VISIBILITY, Approval, Policy, Side, Status
from model.checker import Change, repairs
from model.checker.repair import changes_of
from model.checker.small_world import Bounds

ONE_REQUEST = Bounds(tickets=1, requests=1, ticks=0, everybody=False, around=False, resource_tenants=1)
LEAKY = Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)}, title="Leaky", read_in="A book")
DEAD = Policy(Approval.EACH, visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)})
HIDE = Change("visibility", cell=(Status.REVOKED, Side.SUPPORT))
SHOW = Change("visibility", cell=(Status.PENDING, Side.SUPPORT))
ASK_ONCE = Change("ask_again_after_grant", False)


@pytest.mark.parametrize(
    ("policy", "expected", "tried", "checked"),
    [
        (LEAKY, [(HIDE,)], 22, 4),
        (DEAD, [(Change("approval", Approval.BOTH),), (Change("approval", Approval.RESOURCE),), (SHOW,)], 22, 3),
        (replace(LEAKY, ask_again_after_grant=True), [(HIDE, ASK_ONCE)], 251, 7),
    ],
    ids=["a leak", "nobody can approve", "two leaks"],
)
def test_the_fewest_changes_are_found_with_few_checks(
    policy: Policy, expected: list[tuple[Change, ...]], tried: int, checked: int
):
    """All minimal repairs are found, in the order of the settings; known counterexamples refute most candidates."""
    found = repairs(policy, ONE_REQUEST)
    assert [repair.changes for repair in found.found] == expected
    assert (found.tried, found.checked, found.fewest) == (tried, checked, len(expected[0]))
    assert found.report.bounds == ONE_REQUEST


def test_nothing_is_tried_if_every_promise_holds():
    """No change is the smallest repair."""
    found = repairs("okta", ONE_REQUEST)
    assert (found.fewest, found.found, found.tried, found.checked) == (0, (), 0, 0)


@pytest.mark.slow
def test_a_policy_that_needs_four_changes_has_no_repair():
    """Three cells reveal the end of access, and asking again reveals it a fourth time."""
    shown = {(status, Side.SUPPORT) for status in (Status.APPROVED, Status.REVOKED, Status.COMPLETED)}
    found = repairs(Policy(visibility=SOURCE_VISIBILITY | shown, ask_again_after_grant=True), ONE_REQUEST)
    assert (found.fewest, found.found) == (None, ())


def test_a_repaired_policy_loses_its_title_and_source():
    """It is no longer the cited one."""
    (repair,) = repairs(LEAKY, ONE_REQUEST).found
    assert (repair.policy, repair.policy.title, repair.policy.read_in) == (Policy(), "", "")


def test_a_change_is_tried_for_each_value_of_a_setting_and_each_cell_of_the_table():
    """A cell is flipped, a setting takes each of its other values."""
    changes = [*changes_of(Policy())]
    cells = {change.cell for change in changes if change.cell}
    assert len(cells) == len(Status) * len(Side)
    assert [change.value for change in changes if change.setting == "approval"] == [Approval.EACH, Approval.RESOURCE]
    assert HIDE.applied(LEAKY).visibility == SHOW.applied(DEAD).visibility == SOURCE_VISIBILITY
    assert HIDE.applied(HIDE.applied(LEAKY)).visibility == LEAKY.visibility
    assert HIDE.place != SHOW.place and ASK_ONCE.place == Change("ask_again_after_grant", True).place
