"""Links of earlier versions keep their meaning."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.text.policy_link import policy_code, policy_of
from dashboard.text.question import DEFAULT, Question
from model import PRESETS, SOURCE_VISIBILITY, Approval, HistoryFrom, Policy, Side, Status

EVERY_SETTING = Policy(
    approval=Approval.EACH,
    pending_expires_after=timedelta(days=4),
    grant_lasts=timedelta(hours=8),
    history_days=60,
    history_from=HistoryFrom.CREATED,
    visibility=SOURCE_VISIBILITY - {(Status.EXPIRED, Side.SUPPORT)},
    ask_again_after_grant=True,
)
CODES = {
    "source": Policy(),
    "okta": PRESETS["okta"],
    "approval.each~pending_expires_after.4-days~grant_lasts.8-hours~history_days.60~history_from.created"
    "~visibility.Expired-resource~ask_again_after_grant.yes": EVERY_SETTING,
}
OLD_DEFAULT = replace(DEFAULT, tickets=10_000, replications=8)  # a link names its size, whatever the default is today
QUESTIONS = {
    "eNpdjrEKg0AMhl8lZM7Qgw7i5tCnEJFwpnog53G5lkrx3RvULmZJSL7vJ60jbBTKJKDLK3trvCrSd6O2xccnhSwK_CyS4Q7DccO0zMGvWNskcQ"
    "hx7OUg-53EGk922zqyGPYTFIkcC3BKeXnLJebY8mymGHx6jfeiCjNrUahgsgcv3pgts98BU_-I2R25mxVV5LofV25N9Q": OLD_DEFAULT,
    "eNqFkMFqwzAMhl9F6KxDysoYufWwN9gtBKM5amKaxcFyu4WRd6-IWwaF0ZON9P36pb_ZER4U8iCg8Zy8Pbwo0u9KTYPvP3NIosDHLAn20JUeznEMf"
    "sHafjJ1YeqdFNJtJNZ4Y9e1JRvDfoAsE08ZeJ5TvMjDmFLl0ZRi8E138F5UYWTNCm8w2IIPuj7ZTLcBJr0jRf3xHeEkyxMnenYC_WNCOATNMS1uw-"
    "rX6q9yTPHLUJ-Es3SGXoKGzzCGvO1QYu2wbtAMS-wlHmxXQtaT457DVFZxmz_WOZ3FLmtpX1X0Qrv2Cjy3msw": replace(
        DEFAULT, tickets=400, replications=3
    ).with_arm("Two keys", EVERY_SETTING),
}


@pytest.mark.parametrize(("code", "policy"), CODES.items(), ids=["source", "a preset", "every setting"])
def test_an_old_policy_code_is_read_and_is_todays_code(code: str, policy: Policy):
    """Old links work, and equal policies have equal links."""
    assert policy_of(code) == policy
    assert policy_code(policy) == code


@pytest.mark.parametrize(("link", "question"), QUESTIONS.items(), ids=["the default", "an arm with every setting"])
def test_an_old_link_of_what_if_is_read_and_is_todays_link(link: str, question: Question):
    """Cached answers are found by it."""
    assert Question.read(link) == question
    assert question.link == link
