"""The rules beside an independent, deliberately naive reading of the source's tables."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from model import Code
from tests.checker import naive
from tests.checker.random_worlds import first_difference

WORLDS, COMMANDS = 2_200, 50


@pytest.mark.slow
def test_the_rules_and_the_naive_reading_never_differ(announce: Callable[[str], None]):
    """Random commands by everybody under random policies, while time passes: compared are every answer, the status of
    every request, what may be read, and the lists of a random viewer.
    """
    told: Counter[str] = Counter()
    assert first_difference(WORLDS, COMMANDS, told) is None
    refused = sum(told[code] for code in Code)
    announce(f"{told.total():,} commands, {told.total() - refused:,} of them carried out, 0 differences")
    announce(", ".join(f"{answer} {times:,}" for answer, times in told.most_common()))
    assert told.total() >= 100_000
    assert 0.2 < 1 - refused / told.total() < 0.75
    assert set(Code) - set(told) == {Code.CHANGED_MEANWHILE}, "each refusal is met, but for the room's own"


def test_the_naive_reading_is_short_and_shares_no_code_with_the_rules():
    """Otherwise it would repeat their mistakes."""
    text = Path(naive.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert imports == ["from typing import Any"]
