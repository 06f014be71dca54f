"""The policy's defaults are the source's, and each setting changes only what it names."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from model import (
    APPROVALS_NEEDED,
    PRESETS,
    SOURCE_VISIBILITY,
    Approval,
    Approve,
    CloseTicket,
    HistoryFrom,
    Policy,
    Reject,
    Revoke,
    Side,
    Status,
)
from tests.model.world import ADELE, ADELE_IN_FABRIKAM, ASK, CARLA, FELIX, LIMITED, SAM, SOURCE, TICK, world_at

DAYS, HOURS = timedelta(days=1), timedelta(hours=1)
EVERYTHING = frozenset(product(Status, Side))


def test_the_defaults_are_the_sources_behaviour():
    """An administrator of both tenants, no time limits, 30 days since the last change, no new request after a grant."""
    assert Policy() == Policy(
        approval=Approval.BOTH,
        pending_expires_after=None,
        grant_lasts=None,
        history_days=30,
        history_from=HistoryFrom.LAST_CHANGE,
        visibility=SOURCE_VISIBILITY,
        ask_again_after_grant=False,
    )
    assert PRESETS["source"] == Policy()


@pytest.mark.parametrize(
    ("preset", "approval", "expires", "lasts"),
    [
        ("source", "both", None, None),
        ("azure-customer-lockbox", "resource", 4 * DAYS, 8 * HOURS),
        ("microsoft-365-customer-lockbox", "resource", 12 * HOURS, None),
        ("google-access-approval", "resource", 14 * DAYS, None),
        ("okta", "resource", None, 24 * HOURS),
        ("two-key", "each", None, None),
    ],
)
def test_a_preset_differs_from_the_source_by_the_other_systems_figures(preset, approval, expires, lasts):
    """The figures match their cited sources; all other settings are the source's."""
    policy = PRESETS[preset]
    assert policy == Policy(approval=approval, pending_expires_after=expires, grant_lasts=lasts)
    assert policy.title
    assert policy.read_in


def test_there_are_six_presets():
    """A new preset needs an entry above."""
    assert len(PRESETS) == 6


def test_the_keys_are_the_approvals_that_each_policy_needs():
    """Each approval's name says whether one person decides for both sides, one for each, or one for the resource
    tenant.
    """
    assert APPROVALS_NEEDED == {
        Approval.BOTH: ((Side.SUPPORT, Side.RESOURCE),),
        Approval.EACH: ((Side.SUPPORT,), (Side.RESOURCE,)),
        Approval.RESOURCE: ((Side.RESOURCE,),),
    }


@pytest.mark.parametrize(
    ("limit", "stands", "ends"),
    [("pending_expires_after", "Pending", "Expired"), ("grant_lasts", "Approved", "Completed")],
)
@pytest.mark.parametrize("length", [timedelta(seconds=1), 8 * HOURS, 4 * DAYS])
def test_a_limit_holds_to_the_microsecond(limit: str, stands: str, ends: str, length: timedelta):
    """One microsecond before its limit a request is unchanged; at its limit it has ended."""
    here = world_at(stands, Policy(**{limit: length}))
    here.wait(length - TICK)
    assert here.status() == stands
    here.wait(TICK)
    assert here.status() == ends
    assert here.requests()[0].changed_at == here.now


@pytest.mark.parametrize("approval", list(Approval))
def test_the_limits_work_together_and_under_every_approval(approval: Approval):
    """An approval stops the expiry and starts the grant's length, whoever has to approve."""
    here = world_at("Pending", replace(LIMITED, approval=approval))
    here.wait(4 * DAYS - TICK)
    here.do(Approve("r1"), ADELE)
    if approval is Approval.EACH:
        assert here.requests()[0].due_at == here.now + TICK, "the first of two approvals gives no more time"
        here.do(Approve("r1"), FELIX)
    here.wait(8 * HOURS - TICK)
    assert here.engineer_reads("fabrikam")
    here.wait(TICK)
    assert not here.engineer_reads("fabrikam")
    assert [event.action for event in here.events][-1] == "lapse"


def test_after_an_expiry_one_may_ask_again():
    """Nothing was granted, so asking again reveals nothing."""
    here = world_at("Expired")
    assert here.answer(ASK, SAM) == "request"


@pytest.mark.parametrize("start", list(HistoryFrom))
@pytest.mark.parametrize("days", [1, 7, 30, 90])
def test_the_history_counts_days_from_the_moment_that_the_policy_names(start: HistoryFrom, days: int):
    """A request made on day 0 and rejected half a day later leaves the list a number of days after either moment."""
    here = world_at("Pending", Policy(history_days=days, history_from=start))
    here.wait(DAYS / 2)
    here.do(Reject("r1"), ADELE)
    left = days * DAYS - (DAYS / 2 if start is HistoryFrom.CREATED else timedelta(0))
    assert [seen.leaves_at for seen in here.approved_access(CARLA)] == [here.now + left]
    here.wait(left - TICK)
    assert here.approved_access(CARLA) != []
    here.wait(TICK)
    assert here.approved_access(CARLA) == []


@pytest.mark.parametrize("shown", sorted(EVERYTHING))
def test_any_visibility_table_may_be_chosen(shown: tuple[Status, Side]):
    """A table of one pair shows a request in that status to that side, and nothing to anybody else."""
    for status, (side, member) in product(Status, {Side.SUPPORT: ADELE, Side.RESOURCE: ADELE_IN_FABRIKAM}.items()):
        here = world_at(status, replace(LIMITED, visibility=EVERYTHING))
        here.policy = replace(LIMITED, visibility=frozenset({shown}))
        found = here.pending(member) + here.approved_access(member)
        assert [seen.status for seen in found] == ([status] if (status, side) == shown else [])


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("again", [True, False])
def test_asking_again_needs_no_pending_request_and_by_default_no_grant_ever(status: Status, again: bool):
    """By default nobody may ask again after a grant; the setting allows it once the grant has ended."""
    here = world_at(status, replace(LIMITED, ask_again_after_grant=again))
    allowed = {"Rejected", "Expired"} | ({"Revoked"} if again else set())
    closed = status in ("Completed", "Canceled")
    answer = "request" if status in allowed else "ticket-closed" if closed else "already-requested"
    assert here.answer(ASK, SAM) == answer


def test_after_a_lapse_one_asks_again_only_if_the_policy_says_so():
    """A lapsed grant counts as a grant."""
    for again, answer in ((True, "request"), (False, "already-requested")):
        here = world_at("Approved", replace(LIMITED, ask_again_after_grant=again))
        here.wait(8 * HOURS)
        assert here.answer(ASK, SAM) == answer


def test_two_keys_need_an_administrator_of_each_tenant():
    """An approval counts for the tenant where the member is signed in, and one tenant cannot give both."""
    here = world_at("Pending", PRESETS["two-key"])
    here.do(Approve("r1"), CARLA)
    assert here.status() == "Pending"
    assert here.answer(Approve("r1"), CARLA) == "wrong-status"
    assert here.answer(Approve("r1"), ADELE) == "wrong-status"
    assert here.answer(Reject("r1"), ADELE) == "reject", "one rejection ends it, also by the side that has approved"
    here.do(Approve("r1"), FELIX)
    assert here.status() == "Approved"
    assert here.answer(Revoke("r1"), FELIX) == "revoke"
    assert here.answer(CloseTicket("t1"), CARLA) == "close"


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("approval", "all", "'all' is not a valid Approval"),
        ("history_from", "approval", "'approval' is not a valid HistoryFrom"),
        ("history_days", 0, "history_days must be 1 to 3,650, not 0"),
        ("history_days", 3651, "history_days must be 1 to 3,650, not 3651"),
        ("pending_expires_after", timedelta(0), "pending_expires_after must be None or whole seconds"),
        ("pending_expires_after", 3651 * DAYS, "from 1 second to 3,650 days"),
        ("pending_expires_after", DAYS + TICK, "whole seconds"),
        ("grant_lasts", -DAYS, "grant_lasts must be None or whole seconds"),
        ("visibility", {("Approved", "everybody")}, "'everybody' is not a valid Side"),
        ("visibility", {("Live", "resource tenant")}, "'Live' is not a valid Status"),
    ],
)
def test_an_invalid_setting_is_refused(setting: str, value: object, says: str):
    """The error says what is wrong with it."""
    with pytest.raises(ValueError, match=says):
        Policy(**{setting: value})


def test_the_bounds_themselves_are_allowed():
    """The bounds are one second or one day, and 3,650 days."""
    shortest = Policy(pending_expires_after=timedelta(seconds=1), history_days=1)
    longest = Policy(pending_expires_after=3650 * DAYS, history_days=3650)
    assert (shortest.pending_expires_after, shortest.history) == (timedelta(seconds=1), DAYS)
    assert (longest.pending_expires_after, longest.history) == (3650 * DAYS, 3650 * DAYS)


def test_enumeration_members_may_be_given_by_their_words():
    """A scenario file writes "each"; the policy is the same as with the enumeration's member."""
    assert Policy(approval="each", history_from="created") == Policy(
        approval=Approval.EACH, history_from=HistoryFrom.CREATED
    )
    assert Policy(visibility={("Pending", "resource tenant")}).visibility == {(Status.PENDING, Side.RESOURCE)}
    assert SOURCE.history == 720 * HOURS


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("pending_expires_after", "4 days"),
        ("grant_lasts", 8),
        ("history_days", "30"),
        ("history_days", 1.5),
        ("history_days", True),
        ("visibility", "all"),
        ("visibility", [("Pending",)]),
    ],
)
def test_a_setting_of_the_wrong_type_is_refused_by_name(setting, value):
    """A value of the wrong type raises a ValueError that names its setting."""
    with pytest.raises(ValueError, match=setting):
        Policy(**{setting: value})
