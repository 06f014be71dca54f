"""The experiments' instruments detect their faults: a slower answer, unescaped markup, a lost act."""

import random
from datetime import timedelta

import pytest

from dashboard.text.words import plain
from data import Done
from model import Action, Approve, CloseTicket, OpenTicket
from tests.data.room.rooms import asked_room
from tests.evidence.explained import Did, faults
from tests.evidence.hostile_strings import _acting
from tests.evidence.mutations import mutant
from tests.evidence.strings import strings
from tests.evidence.welch import LIMIT, difference
from tests.worlds import PlainRoom, lines_of

WHOLE = b'title = "A story"\nstarts = 2026-03-02T09:00:00\n[tenants]\na = "Alpha"\n' * 5


def drawn(many: int, shift: float = 0.0, seed: int = 1) -> list[float]:
    """Return times as on a busy machine: most similar, a few very long."""
    chance = random.Random(seed)
    return [
        shift + chance.gauss(100, 5) + (chance.expovariate(1 / 2000) if chance.random() < 0.05 else 0)
        for _ in range(many)
    ]


def test_two_samples_of_one_distribution_show_no_difference():
    """Twenty cases are tried."""
    for seed in range(20):
        assert abs(difference(drawn(2000, seed=seed), drawn(2000, seed=seed + 100)).t) < LIMIT


def test_a_small_difference_is_detected_although_some_answers_take_very_long():
    """It is one per cent; the faster answers reveal it, the mean of all does not."""
    found = difference(drawn(5000), drawn(5000, 1.0, seed=2))
    assert found.t > LIMIT
    assert found.slower == pytest.approx(1.0, abs=0.4)


def test_without_noise_any_difference_counts():
    """Counts of statements have no noise."""
    assert difference([3, 3, 3], [3, 3, 3]).t == 0
    assert difference([3, 3, 3], [4, 4, 4]).t == float("inf")
    assert difference([4, 4, 4], [3, 3, 3]).t == float("-inf")


def test_unescaped_markup_is_detected():
    """It is found within the page's own Markdown, and the escaped string is not."""
    seen = 0
    for text, sign in strings(1000):
        if sign:
            assert not _acting(f"**{plain(text)}** · x", text, sign)
            seen += bool(_acting(f"**{text}** · x", text, sign))
    assert seen > 80


def test_there_are_two_hundred_strings_and_all_differ():
    """This is the size of the experiment."""
    assert len({text for text, _ in strings(200)}) == len(strings(200)) == 200


def test_most_mutants_differ_and_a_seed_always_gives_the_same_one():
    """So a mutant's number in the report identifies it."""
    made = [mutant(WHOLE, WHOLE, random.Random(n)) for n in range(200)]
    assert made == [mutant(WHOLE, WHOLE, random.Random(n)) for n in range(200)]
    assert len(set(made) - {WHOLE}) > 150


def test_an_order_explains_sequential_acts():
    """This includes moves of the clock."""
    room, ticket, request = asked_room()
    with room:
        plain_room, ann = PlainRoom(room.policy, lines_of(room)), room.member("ann", "south")
        dids = [
            Did(
                CloseTicket(ticket),
                room.member("bea", "north"),
                room.do(CloseTicket(ticket), room.member("bea", "north")),
            ),
            Did(timedelta(hours=1), None, room.advance(timedelta(hours=1))),
            Did(Approve(request), ann, room.would_be_refused(Approve(request), ann)),
        ]
        assert not list(faults(plain_room, dids, lines_of(room)))


def test_no_order_explains_a_lost_or_an_invented_command():
    """Tried are an acknowledgement without a line, a line without a command, and a refusal without a reason."""
    room, ticket, request = asked_room()
    with room:
        ann, bea = room.member("ann", "south"), room.member("bea", "north")

        def told(*dids: Did) -> list[str]:
            return list(faults(PlainRoom(room.policy, before), list(dids), lines_of(room)))

        before = lines_of(room)
        refused = room.would_be_refused(Approve(request), bea)
        assert "does not say so" in told(Did(OpenTicket("x"), bea, Done(Action.OPEN, room.now, "t-1")))[0]
        assert "at no moment" in told(Did(Approve(request), ann, refused))[0]
        assert "KeyError" not in "".join(told(Did(Approve(request), bea, refused)))
        assert told(Did(Approve(request), ann, KeyError("x")))
        room.do(CloseTicket(ticket), bea)
        assert "not what the rules make" in told()[0]
