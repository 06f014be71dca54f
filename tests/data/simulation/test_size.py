"""Requests that exceed a machine's memory are refused before work starts, with the limit and its place."""

from pathlib import Path

import pytest

from data import Experiment, Until, compare, simulate
from data.__main__ import main
from model.limits import MOST_RUNS, MOST_TICKETS, MOST_TICKETS_WITH_EVENTS

ARMS = {f"arm {n}": {} for n in range(3)}
UNTIL = Until("median hours to resolution", 0.5, most=10_000)


def text(tickets: str = "100", replications: str = "2", until: str = "", arms: int = 3, behaviour: str = "{}") -> str:
    """Return an experiment with so many arms: tickets on line 2, replications on line 3, `until` on line 4."""
    names = "".join(f'[[arms]]\nname = "arm {n}"\nbehaviour = {behaviour}\n' for n in range(arms))
    return f'title = "Much"\ntickets = {tickets}\nreplications = {replications}\n{until}\n{names}'


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"tickets": "1e9"}, "line 2: tickets: must be a whole number up to 10,000,000, not 1000000000.0"),
        ({"tickets": "9_000_000"}, "line 2: tickets: at most 6,666,666 tickets can be simulated at once under 3 arms"),
        ({"replications": "20_000"}, "line 3: replications: must be a whole number up to 10,000, not 20000"),
        (
            {"replications": "10_000", "arms": 20},
            "line 3: replications: at most 5,000 replications can be run under 20 arms, not 10,000",
        ),
        (
            {"until": 'until = { metric = "median hours to resolution", within = 1, most = 1e7 }'},
            "line 4: until.most: must be a whole number up to 10,000, not 10000000.0",
        ),
        (
            {"until": 'until = { metric = "median hours to resolution", within = 1, most = 10_000 }', "arms": 20},
            "line 4: until: at most 5,000 replications can be run under 20 arms, not 10,000",
        ),
        (
            {"tickets": "100_000", "replications": "1_000", "behaviour": "{ tickets_per_day = 2.5 }"},
            "line 2: tickets: all runs together may have 100,000,000 simulated days, not 120,000,000: ask for fewer",
        ),
    ],
)
def test_a_file_that_is_too_large_is_refused_with_the_place(
    asked: dict[str, object], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Reading it fails before anything is simulated, and so does the command."""
    file = tmp_path / "much.toml"
    file.write_text(text(**asked), encoding="utf-8")
    with pytest.raises(ValueError, match=r"much\.toml") as raised:
        Experiment.read(file)
    assert told in str(raised.value)
    assert main(["compare", str(file)]) == 1
    assert told in capsys.readouterr().err


def test_a_file_within_the_limit_is_accepted():
    """Ten million tickets under two arms are accepted."""
    assert Experiment.parse(text(tickets="10_000_000", arms=2)).tickets == MOST_TICKETS
    assert Experiment.parse(text(tickets="500_000", replications="20", arms=2)).replications == 20


def test_a_call_may_raise_the_limit():
    """`most_tickets` is the limit of a call, which also determines that of all arms together."""
    with pytest.raises(ValueError, match="at most 50 tickets can be simulated at once, not 51"):
        simulate(tickets=51, most_tickets=50)
    assert len(simulate(tickets=51, most_tickets=51).trace.tickets.opened) == 51
    with pytest.raises(ValueError, match="at most 33 tickets can be simulated at once under 3 arms, not 50"):
        compare(ARMS, tickets=50, replications=2, most_tickets=50)
    assert compare(ARMS, tickets=50, replications=2, most_tickets=75).tickets == 50


def test_a_call_that_is_too_large_is_refused_immediately():
    """The error has the limit; the same holds for kept events."""
    with pytest.raises(ValueError, match="at most 10,000,000 tickets can be simulated at once, not 10,000,001"):
        simulate(tickets=MOST_TICKETS + 1)
    with pytest.raises(ValueError, match="at most 4,166 replications can be run under 24 arms, not 10,000"):
        compare({f"{n}": {} for n in range(24)}, tickets=10, until=UNTIL)
    assert MOST_RUNS // 24 == 4_166
    with pytest.raises(ValueError, match=r"at most 2,000,000 tickets can be .* where events are kept"):
        compare(ARMS, tickets=MOST_TICKETS_WITH_EVENTS + 1, replications=2, events="nowhere")
    assert not Path("nowhere").exists()
