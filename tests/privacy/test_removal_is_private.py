"""The hardest rule: from approval on, nobody outside the resource tenant can tell a removed grant from a live one.

Source: "To preserve cross-tenant privacy, an administrator of the *support request tenant* is unable to see whether an
administrator of the *resource tenant* has manually removed this approval."
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from model import SOURCE_VISIBILITY, Justification, Policy, Side, Status
from tests.privacy.histories import POLICIES, History, histories
from tests.privacy.places import Place, PlainRoom, in_duckdb
from tests.privacy.twins import Watch, everything, first_difference, first_difference_by_notes, in_turn

PLAIN_HISTORIES, ROOM_HISTORIES = 150, 6
SHOWS_REMOVALS = SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)}

in_both_kinds_of_room = pytest.mark.parametrize(
    ("many", "make", "watch"),
    [
        pytest.param(PLAIN_HISTORIES, PlainRoom, everything, id="by the plain rules"),
        pytest.param(ROOM_HISTORIES, in_duckdb, in_turn, id="in a real room"),
    ],
)


@pytest.mark.slow
@in_both_kinds_of_room
def test_no_history_reveals_a_removal(
    many: int, make: Callable[[Policy], Place], watch: Watch, announce: Callable[[str], None]
):
    """A history played with its removals, without any, and with every grant removed is the same to everybody outside
    the resource tenant: reads, answers, counts and next ids.
    """
    removed: list[bool] = []
    telling = histories().filter(lambda story: story.removed)
    if make is PlainRoom:
        stories, phases = telling | telling | histories(), tuple(Phase)
    else:  # takes seconds each: only histories with a removal, and no shrinking
        stories, phases = telling, (Phase.reuse, Phase.generate)

    @settings(max_examples=many, suppress_health_check=list(HealthCheck), phases=phases)
    @given(stories)
    def nobody_can_tell(history: History) -> None:
        removed.append(history.removed)
        assert first_difference(history, make, watch) is None

    nobody_can_tell()
    share = sum(removed) / len(removed)
    announce(f"{len(removed)} histories, in {share:.0%} of them a grant was removed")
    assert share >= 0.5


@pytest.mark.slow
@in_both_kinds_of_room
def test_no_history_reveals_the_note_of_a_removal(many: int, make: Callable[[Policy], Place], watch: Watch):
    """A history played with other notes is the same to everybody outside the resource tenant, even under a policy that
    shows them the removal itself.
    """
    asking = POLICIES.filter(lambda policy: policy.justification is not Justification.NOT_ASKED)
    policies = asking | asking.map(lambda policy: replace(policy, visibility=SHOWS_REMOVALS))
    noted = histories(policies).filter(lambda story: story.removed)
    phases = tuple(Phase) if make is PlainRoom else (Phase.reuse, Phase.generate)

    @settings(max_examples=many // 3, suppress_health_check=list(HealthCheck), phases=phases)
    @given(noted)
    def nobody_can_tell(history: History) -> None:
        assert first_difference_by_notes(history, make, watch) is None

    nobody_can_tell()
