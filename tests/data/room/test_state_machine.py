"""A real room and a plain one: random acts in both, and comparisons of everything that anybody sees."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from data import Room
from model import Actor, Engineer, Member, Policy, Refused, Status
from tests.worlds import (
    ACTS,
    DIRECTORY,
    POLICIES,
    START,
    WAITS,
    Act,
    Moved,
    PlainRoom,
    do_both,
    shown_at,
    shown_to,
)

VIEWERS: list[Actor] = [*DIRECTORY.members(), *map(Engineer, DIRECTORY.engineers)]
EACH_STEP = 5  # one in so many viewers looks after a step: in a world each looks about three times
REACHED: Counter[str] = Counter()
"""The number of access requests by status, and of acts done or refused."""


class RoomBesidePlainRoom(RuleBasedStateMachine):
    """The room is in a file, so that it can be closed and opened; it is removed with its folder."""

    @initialize(policy=POLICIES, seed=st.integers(0, 9), acts=st.lists(ACTS, min_size=3, max_size=9))
    def create(self, policy: Policy, seed: int, acts: list[Act]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.room = Room.create(self.folder / "a.duckdb", None, seed, policy, directory=DIRECTORY)
        self.plain = PlainRoom(policy, [Moved(START)])
        self.turn = 0
        self.acts(acts)

    @rule(acts=st.lists(ACTS, min_size=1, max_size=4))
    def acts(self, acts: list[Act]) -> None:
        for act in acts:
            before = self.statuses()
            command, actor = self.plain.chosen(act)
            refused = do_both(self.room, self.plain, command, actor)
            REACHED[f"{type(command).__name__}: {refused.code if refused else 'done'}"] += 1
            self.count(before)

    @rule(acts=st.lists(ACTS, max_size=2), wait=WAITS)
    def acts_and_a_wait(self, acts: list[Act], wait: timedelta) -> None:
        self.acts(acts)
        before = self.statuses()
        self.room.advance(wait)
        self.plain.advance(wait)
        self.count(before)

    @rule(how=st.sampled_from(["opened again", "in a snapshot", 0, 1, 2, 4, 1000]))
    def go_on(self, how: str | int) -> None:
        """Reopen the file, replace it by a copy, or rewind."""
        if isinstance(how, int):
            to = max(1, len(self.plain.lines) - how)
            self.room.rewind(to)
            self.plain.rewind(to)
        else:
            if how == "in a snapshot":
                self.room.snapshot(self.folder / "b.duckdb")
            self.room.close()
            if how == "in a snapshot":
                (self.folder / "b.duckdb").replace(self.folder / "a.duckdb")
            self.room = Room.open(self.folder / "a.duckdb")
        REACHED[f"rewound by {how}" if isinstance(how, int) else how] += 1

    @invariant()
    def nothing_differs(self) -> None:
        """Compare after each step for a fifth of the viewers in turn, and at the end for all."""
        assert self.room.verify()
        assert (self.room.now, self.room.seq) == (self.plain.now, len(self.plain.lines))
        self.turn += 1
        self.shows_the_same(VIEWERS[self.turn % EACH_STEP :: EACH_STEP])

    def shows_the_same(self, viewers: list[Actor]) -> None:
        for viewer in viewers:
            if isinstance(viewer, Engineer):
                assert shown_at(self.room.as_seen_by(viewer)) == self.plain.desk_of(viewer)
            else:
                assert shown_to(self.room.as_seen_by(viewer), frames=False) == self.plain.seen_by(viewer)

    @rule(viewer=st.sampled_from(DIRECTORY.members()))
    def look_at_each_request(self, viewer: Member) -> None:
        lens = self.room.as_seen_by(viewer)
        for request_id in [*(request.id for request in self.plain.requests()), "r-none"]:
            expected = self.plain.request_seen_by(viewer, request_id)
            if expected:
                assert lens.request(request_id) == expected
            else:
                with pytest.raises(Refused) as refused:
                    lens.request(request_id)
                lacks = not DIRECTORY.administers(viewer.person, viewer.tenant)
                assert refused.value.code == ("no-permission" if lacks else "not-found")

    def statuses(self) -> dict[str, Status]:
        return {request.id: request.status for request in self.plain.requests()}

    def count(self, before: dict[str, Status]) -> None:
        REACHED.update(str(status) for id_, status in self.statuses().items() if before.get(id_) is not status)

    def teardown(self) -> None:
        if hasattr(self, "room"):
            try:
                self.shows_the_same(VIEWERS)
            finally:
                self.room.close()
                shutil.rmtree(self.folder)


@pytest.mark.slow
def test_a_room_and_a_plain_room_never_differ(announce: Callable[[str], None]):
    """For any acts in any order under any policy, everybody sees what the rules say."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        RoomBesidePlainRoom, settings=settings(max_examples=25, stateful_step_count=15, suppress_health_check=checks)
    )
    announce(", ".join(f"{what} {times}" for what, times in sorted(REACHED.items())))
    assert {Status.PENDING, Status.APPROVED} <= REACHED.keys()
