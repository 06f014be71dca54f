"""Each kind of setting lists the other values that a repair of a policy may choose."""

from datetime import timedelta

import pytest

from model import SETTINGS, Approval
from model.settings import Choice, Duration, Flag, Whole

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "value", "others"),
    [
        (Choice(Approval, {}), Approval.EACH, [Approval.BOTH, Approval.RESOURCE]),
        (Duration("never", "never ends"), None, [DAY]),
        (Duration("never", "never ends"), DAY, [None]),
        (Duration("never", "never ends", sane=2 * DAY), DAY, [None, 2 * DAY]),
        (Whole(1, 90, sane=30), 7, [30]),
        (Whole(1, 90, sane=30), 30, []),
        (Whole(1, 90), 7, []),
        (Flag("on", "off"), True, [False]),
        (Flag("on", "off"), False, [True]),
    ],
)
def test_the_other_values_exclude_the_chosen_one(kind, value: object, others: list):
    """A repair must change something."""
    assert kind.others(value) == others


def test_settings_are_listed_in_the_order_of_their_declaration():
    """They are listed under their own names."""
    assert list(SETTINGS) == [its.name for its in SETTINGS.values()]
    assert list(SETTINGS)[:2] == ["approval", "pending_expires_after"]
