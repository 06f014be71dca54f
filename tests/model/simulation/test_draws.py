"""Random numbers are drawn first: the same for any policy, number of tickets or threads, and order of blocks."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from model import PRESETS, Approval, Policy
from model.simulation import STARTS, Behaviour, Delay, Trace, run, seconds
from model.simulation.draws import BLOCK, Block, block
from model.simulation.engine import side_by_side
from tests.model.simulation.traces import differences

USUAL = Behaviour()
MEMORYLESS = replace(USUAL, decide=Delay(9), work=Delay(40))
MONDAY = seconds(STARTS)


def columns(drawn: object, name: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Return every column of a block, by name."""
    if isinstance(drawn, np.ndarray):
        yield name, drawn
    elif isinstance(drawn, tuple):
        for number, part in enumerate(drawn):
            yield from columns(part, f"{name}[{number}]")
    elif is_dataclass(drawn):
        for field in fields(drawn):
            yield from columns(getattr(drawn, field.name), f"{name}.{field.name}")


def cut(trace: Trace, tickets: int) -> Trace:
    """Return only the values of the first tickets."""
    parts = {"tickets": np.arange(len(trace.tickets.opened)), "requests": trace.requests.ticket}
    parts["events"] = trace.events.ticket
    return Trace(
        *(
            type(part)(*(getattr(part, field.name)[parts[name] < tickets] for field in fields(part)))
            for name, part in ((name, getattr(trace, name)) for name in parts)
        )
    )


@pytest.mark.parametrize("behaviour", [USUAL, MEMORYLESS])
@pytest.mark.parametrize("tickets", [1, 2, 31, 1000, BLOCK - 1])
def test_a_block_that_is_cut_begins_as_the_whole_one(behaviour: Behaviour, tickets: int):
    """A ticket's draws are the same, to the last digit, however many tickets follow."""
    whole, part = (block(behaviour, many, MONDAY, 7, 1, 2) for many in (BLOCK, tickets))
    elsewhere = int(whole.elsewhere[:tickets].sum())
    for (name, one), (_, other) in zip(columns(whole), columns(part), strict=True):
        assert np.array_equal(one[: elsewhere if name.startswith(".other") else tickets], other), name


@pytest.mark.parametrize("policy", ["source", "two-key", "azure-customer-lockbox"])
def test_the_first_tickets_of_a_longer_run_are_the_shorter_run(policy: str):
    """Events, tickets and access requests agree across block boundaries."""
    many = 2 * BLOCK + 999
    whole = run(PRESETS[policy], USUAL, many, seed=3)
    for tickets in (1, 500, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, many):
        assert differences(run(PRESETS[policy], USUAL, tickets, seed=3), cut(whole, tickets)) == []


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_any_number_of_threads_gives_the_same_trace(threads: int):
    """Row by row, in the same order."""
    one, other = (run(Policy(), USUAL, 3 * BLOCK + 5, seed=4, threads=many) for many in (1, threads))
    for (name, mine), (_, theirs) in zip(columns(one), columns(other), strict=True):
        assert np.array_equal(mine, theirs), name


def test_tickets_are_opened_in_order_from_block_to_block():
    """Blocks have no gap and no overlap: a run is the same wherever they end."""
    tickets = run(Policy(), USUAL, 4 * BLOCK).tickets
    assert (np.diff(tickets.opened) >= 0).all()
    days = (tickets.opened - MONDAY) / 86_400
    weeks = np.bincount((days // 7).astype(int))
    assert weeks[:-1] == pytest.approx(np.full(len(weeks) - 1, 2800), abs=5 * 2800**0.5)
    ends = [(days[n * BLOCK - 1], days[n * BLOCK]) for n in (1, 2, 3)]
    assert all(0 <= after - before < 1 for before, after in ends)


@pytest.mark.parametrize("behaviour", [USUAL, MEMORYLESS])
def test_every_policy_gets_the_same_tickets(behaviour: Behaviour):
    """They open at the same times, with the same problems and the same time of the first access request."""
    hasty = Policy(Approval.EACH, timedelta(hours=1), timedelta(hours=1), visibility=frozenset())
    traces = [run(policy, behaviour, 5000, seed=9) for policy in (*PRESETS.values(), hasty)]
    for one, other in pairwise(traces):
        for name in ("opened", "elsewhere", "advanced", "common"):
            assert np.array_equal(getattr(one.tickets, name), getattr(other.tickets, name)), name
        asked = [(r.ticket[r.number == 1], r.requested[r.number == 1]) for r in (one.requests, other.requests)]
        assert np.array_equal(asked[0], asked[1])
        at_home = ~one.tickets.elsewhere
        assert np.array_equal(one.tickets.closed[at_home], other.tickets.closed[at_home])


def test_an_expiry_that_never_comes_changes_nothing():
    """A difference of zero is exactly zero."""
    never = timedelta(days=3650)
    for policy in PRESETS.values():
        if policy.pending_expires_after is None:
            longer = replace(policy, pending_expires_after=never)
            assert differences(run(policy, USUAL, 5000), run(longer, USUAL, 5000)) == []


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"share_rejected": 0.5}, (".opened", ".ask", ".work", ".other.rounds[1].decide[0]", ".other.common")),
        ({"decide": Delay(90, 420)}, (".opened", ".other.rounds[0].rejects[0]", ".other.rounds[0].remove")),
        ({"share_elsewhere": 0.9}, (".opened", ".ask", ".work", ".advanced")),
        ({"ask": Delay(1, 2)}, (".opened", ".work", ".other.ticket", ".other.ask_again")),
    ],
)
def test_a_change_of_one_behaviour_leaves_all_other_draws_as_they_were(change: dict, same: tuple[str, ...]):
    """Arms that differ in behaviour are compared over the same tickets, too."""
    one, other = (dict(columns(block(each, BLOCK, MONDAY, 1, 0, 0))) for each in (USUAL, replace(USUAL, **change)))
    assert all(np.array_equal(one[name], other[name]) for name in same)
    assert any(not np.array_equal(one[name], other[name]) for name in one)


def test_replications_blocks_and_seeds_have_independent_draws():
    """No two share a number, and no two are correlated, at five standard errors."""
    drawn = [
        block(USUAL, BLOCK, MONDAY, seed, replication, number).work
        for seed, replication, number in ((1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (2, 0, 0), (0, 0, 1), (1, 2, 0))
    ]
    for place, one in enumerate(drawn):
        for other in drawn[:place]:
            assert not np.intersect1d(one, other).size
            assert abs(stats.spearmanr(one, other).statistic) < 5 / BLOCK**0.5


def test_what_people_do_is_drawn_independently_of_each_other():
    """No two columns of a block are correlated, at five standard errors."""
    whole = block(replace(USUAL, share_elsewhere=1), BLOCK, MONDAY, 3, 0, 0)
    settled = {".elsewhere", ".other.ticket"}
    rows = np.array([stats.rankdata(column) for name, column in columns(whole) if name not in settled])
    found = np.corrcoef(rows) - np.eye(len(rows))
    assert len(rows) == 19
    assert abs(found).max() < 5 / BLOCK**0.5


def test_parallel_worlds_give_the_runs_of_each_world_alone():
    """It makes no difference whether they share draws."""
    worlds = [(PRESETS["source"], USUAL), (PRESETS["two-key"], USUAL), (PRESETS["source"], MEMORYLESS)]
    parts = list(side_by_side(worlds, BLOCK + 10, seed=2, replication=3))
    assert len(parts) == 2
    for number, (policy, behaviour) in enumerate(worlds):
        alone = run(policy, behaviour, BLOCK + 10, seed=2, replication=3)
        first = parts[0][number]
        assert differences(first, cut(alone, BLOCK)) == []
        assert np.array_equal(np.concatenate([part[number].tickets.closed for part in parts]), alone.tickets.closed)


def test_a_run_may_begin_at_any_moment():
    """Tickets are opened from that moment on."""
    starts = datetime(2027, 7, 7, 7, 7, 7)
    opened = run(Policy(), USUAL, 100, starts=starts).tickets.opened
    assert seconds(starts) <= opened[0] < seconds(starts) + 86_400


def test_a_blocks_number_gives_its_place_in_the_run():
    """The number is that of its first ticket."""
    drawn: Block = block(USUAL, 5, MONDAY, 1, 0, 3)
    assert drawn.first == 3 * BLOCK and len(drawn.opened) == 5
