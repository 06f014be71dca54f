"""A policy in a link: any policy comes back from its code, and no text makes anything but a policy or a clear error."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.policy_link import policy_code, policy_of
from model import PRESETS, SOURCE_VISIBILITY, Approval, HistoryFrom, Policy, Side, Status

LIMITS = st.none() | st.integers(1, 3650 * 86400).map(lambda seconds: timedelta(seconds=seconds))
POLICIES = st.builds(
    Policy,
    approval=st.sampled_from(Approval),
    pending_expires_after=LIMITS,
    grant_lasts=LIMITS,
    history_days=st.integers(1, 3650),
    history_from=st.sampled_from(HistoryFrom),
    visibility=st.frozensets(st.tuples(st.sampled_from(Status), st.sampled_from(Side))),
    ask_again_after_grant=st.booleans(),
)


@given(POLICIES)
def test_every_policy_comes_back_from_its_code(policy: Policy):
    """The code needs no escapes in a link, and is short."""
    code = policy_code(policy)
    assert policy_of(code) == policy
    assert len(code) <= 400 and all(sign.isalnum() or sign in "-._~" for sign in code)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_goes_by_its_name(name: str):
    """It keeps its title and source."""
    assert policy_code(PRESETS[name]) == name
    assert policy_of(name) is PRESETS[name]


def test_a_code_says_what_differs_from_the_source():
    """In the words of a scenario's file."""
    shown = Policy(
        approval=Approval.EACH,
        grant_lasts=timedelta(hours=8),
        visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)} - {(Status.EXPIRED, Side.RESOURCE)},
    )
    assert policy_code(shown) == "approval.each~grant_lasts.8-hours~visibility.Revoked-both"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "unknown ''"),
        ("approval.ech", "policy.approval: unknown 'ech'; did you mean 'each'?"),
        ("aproval.each", "did you mean 'approval'?"),
        ("approval.each~approval.both", "policy.approval: was said before"),
        ("visibility.Revokd-both", "did you mean 'Revoked'?"),
        ("visibility.Revoked-all", "known: support request tenant, resource tenant"),
        ("visibility.Revoked-both.Revoked-nobody", "policy.visibility.Revoked: was said before"),
        ("visibility", "unknown ''"),
        ("grant_lasts.soon", 'a duration reads like "12 hours" or "4 days"'),
        ("grant_lasts.99999-days", "at most 3,650 days"),
        ("grant_lasts.0-days", "grant_lasts: must be at least 1 second"),
        ("history_days.0", "history_days: must be a whole number from 1 to 3,650, not 0"),
        ("history_days.many", "must be a whole number"),
        ("ask_again_after_grant.maybe", "must be true or false"),
        ("title.x", "unknown 'title'"),
        ("x" * 401, "at most 400 characters"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_wrong(code: str, told: str):
    """It is as strict as for a file, with the place and the valid values."""
    with pytest.raises(ValueError, match=re.escape(told)):
        policy_of(code)


@pytest.mark.slow
@given(st.text(max_size=60) | st.text(alphabet="aprovlechntisbty.~-_0189 ", max_size=80))
def test_any_text_is_a_policy_or_a_value_error(code: str):
    """Nothing else can happen."""
    with suppress(ValueError):
        assert isinstance(policy_of(code), Policy)
